"""Papers for customs."""
