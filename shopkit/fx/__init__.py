"""Exchange rates from the outside: one port, and an adapter per kind of source."""
