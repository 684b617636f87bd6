"""Twins of channels in memory, for trial accounts, the demonstration and tests; one module each."""
