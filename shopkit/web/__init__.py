"""The HTML door: pages that work without scripts, in three languages."""

from __future__ import annotations

from shopkit.web import compare, errors, origin, views
from shopkit.web.blueprint import bp

__all__ = ["bp"]
# Imported for their routes.
ROUTES = (views, origin, compare, errors)
