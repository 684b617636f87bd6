"""Tests of files of translations."""
