"""Tests of the rulebook: how law is read, and how it is found by date."""
