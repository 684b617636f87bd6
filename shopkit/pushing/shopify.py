"""Shopify as a channel that takes rows by calls: a shop's own address, and a token that its application may renew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from listings.pushing.shopify import VERSION, Shopify
from shopkit.pushing.channels import Field, PushChannel, Renewal, Signed, app_fields, form
from shopkit.pushing.twins.shopify import ShopifyTwin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from listings.pushing.port import Call

_HOST: Final = ".myshopify.com"
_SHOP: Final = re.compile(r"([a-z0-9][a-z0-9-]{0,60})|(?:https://)?([a-z0-9][a-z0-9-]{0,60})\.myshopify\.com(?:/.*)?")


def _shop(text: str) -> str | None:
    """Return the name of a shop, given alone or as its address.

    >>> (
    ...     _shop("https://Taller-Oaxaca.myshopify.com/admin"),
    ...     _shop("taller-oaxaca.myshopify.com"),
    ...     _shop("taller.example"),
    ... )
    ('taller-oaxaca', 'taller-oaxaca', None)
    """
    found = _SHOP.fullmatch(text.strip().lower())
    return (found[1] or found[2]) if found else None


def _gid(kind: str) -> Callable[[str], str | None]:
    """Return a check of an id of Shopify's, given as it is or as the number that stands in addresses of the admin."""
    pattern = re.compile(rf"(?:gid://shopify/{kind}/)?([0-9]{{1,20}})")

    def check(text: str) -> str | None:
        found = pattern.fullmatch(text.strip())
        return f"gid://shopify/{kind}/{found[1]}" if found else None

    return check


def _address(details: Mapping[str, str]) -> str:
    return f"https://{details['shop']}{_HOST}"


def _sign(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:  # noqa: ARG001 - the port's
    return Signed({"X-Shopify-Access-Token": token})


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token by what the shop's own application is known by: it holds for a day, and there is no other one."""
    user, password = (details.get(name, "") for name in ("client_id", "client_secret"))
    if not (user and password):
        return None
    said = {"grant_type": "client_credentials", "client_id": user, "client_secret": password}
    return form("/admin/oauth/access_token", said)


CHANNEL: Final = PushChannel(
    "shopify",
    address=lambda details: f"{_address(details)}/admin/api/{VERSION}",
    pusher=lambda details: Shopify(details["location"], details.get("publication", "")),
    twin=lambda: ShopifyTwin(locations=None),
    fields=(
        Field(
            "shop",
            {
                "en": "Shop (the name before .myshopify.com)",
                "es": "Tienda (el nombre antes de .myshopify.com)",
                "pt": "Loja (o que vem antes de .myshopify.com)",
            },
            "taller-oaxaca",
            _shop,
            is_account=True,
        ),
        Field(
            "location",
            {
                "en": "Location where the stock lies (its number)",
                "es": "Sucursal donde está el inventario (su número)",
                "pt": "Local onde está o estoque (seu número)",
            },
            "gid://shopify/Location/1",
            _gid("Location"),
        ),
        Field(
            "publication",
            {
                "en": "Publication of the sales channel to show products in (its number); empty: none",
                "es": "Publicación del canal de ventas donde se muestran (su número); vacío: ninguna",
                "pt": "Publicação do canal de vendas onde aparecem (seu número); vazio: nenhuma",
            },
            "gid://shopify/Publication/1",
            _gid("Publication"),
            is_required=False,
        ),
        *app_fields(),
    ),
    sign=_sign,
    renewal=Renewal(_address, _renewing),
)
