"""Engines of translation and how they are reached: one port, and an adapter for each."""
