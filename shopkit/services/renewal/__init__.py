"""Renewing the rules without a new application: unpacking, checking, keeping and putting in force."""
