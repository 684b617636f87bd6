"""Parcels and where they are: numbers, what posts say of them, and one timeline of it. No web, database or network."""
