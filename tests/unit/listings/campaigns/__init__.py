"""Campaigns: figures, days, deadlines, matches, claims, links, the Census API's answer."""
