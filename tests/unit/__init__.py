"""One behaviour each; nothing needed."""
