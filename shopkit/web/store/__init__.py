"""What buyers see of a store: its products per market and language, cart, checkout and enquiry, without an account.

A page that only shows something sets no cookie and is the same for everybody, so that it may be kept by caches on the
way. What a browser put aside is behind the cart's own cookie, which is set when something is put aside.
"""

from __future__ import annotations

from shopkit.web.store import cart, checkout, enquiry, pages, papers, sitemaps
from shopkit.web.store.scene import bp

__all__ = ["bp"]
# Imported for their routes.
ROUTES = (pages, cart, checkout, enquiry, papers, sitemaps)
