"""Engines that draft: one port, and for each engine what is asked and how its answer is read, without any network."""
