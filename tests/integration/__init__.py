"""Services with real databases, commands and processes."""
