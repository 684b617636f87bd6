"""The specification, in tests."""
