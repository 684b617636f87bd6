"""Tests of ways to send."""
