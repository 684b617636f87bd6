"""The engine, one behaviour each."""
