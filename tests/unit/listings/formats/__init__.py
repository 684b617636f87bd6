"""Tests of the formats of files that listings come in and go out by."""
