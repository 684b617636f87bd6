"""Twins of what lies outside: servers on loopback that speak as their makers describe, and fail as they can."""
