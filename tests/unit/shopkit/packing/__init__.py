"""Packing of goods into boxes."""
