"""The countries by the name that services know them by; the list itself stands below, where numbers need it too."""

from landed_cost.countries import COUNTRIES, is_country

__all__ = ["COUNTRIES", "is_country"]
