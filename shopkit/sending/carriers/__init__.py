"""Carriers' own prices: a port, adapters found by entry points of ``shopkit.carriers``, and a sandbox."""
