"""Tests of the listing, without a database."""
