"""The HTML door: pages that work without scripts, in three languages."""

from __future__ import annotations

from shopkit.web import (
    campaigns,
    catalogs,
    changed,
    compare,
    dashboard,
    desk,
    entry,
    errors,
    importing,
    keys,
    listings,
    markets,
    origin,
    person,
    pricing,
    ratings,
    review,
    settings,
    spreading,
    storefront,
    team,
    terms,
    text_files,
    translating,
    views,
    wholesale,
)
from shopkit.web.blueprint import bp

__all__ = ["bp"]
# Imported for their routes.
ROUTES = (
    dashboard,
    campaigns,
    spreading,
    wholesale,
    changed,
    views,
    origin,
    compare,
    pricing,
    markets,
    entry,
    settings,
    storefront,
    team,
    keys,
    person,
    importing,
    listings,
    catalogs,
    desk,
    terms,
    text_files,
    translating,
    review,
    ratings,
    errors,
)
