"""WooCommerce as a channel that takes rows by calls: the address of the shop and a pair of keys that it gave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from listings.pushing.woocommerce import WooCommerce
from shopkit.outside import site
from shopkit.pushing.channels import Field, PushChannel, Signed, basic, matching
from shopkit.pushing.twins.woocommerce import WooCommerceTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call


def _sign(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:  # noqa: ARG001 - the port's
    return Signed({"Authorization": basic(details["consumer_key"], details["consumer_secret"])})


CHANNEL: Final = PushChannel(
    "woocommerce",
    address=lambda details: f"{details['site']}/wp-json/wc/v3",
    pusher=lambda _: WooCommerce(),
    twin=WooCommerceTwin,
    fields=(
        Field(
            "site",
            {"en": "Address of the shop", "es": "Dirección de la tienda", "pt": "Endereço da loja"},
            "https://tienda.taller-oaxaca.mx",
            site,
            is_account=True,
        ),
        Field(
            "consumer_key",
            {
                "en": "Consumer key (WooCommerce, Settings, Advanced, REST API: read and write)",
                "es": "Clave del consumidor (WooCommerce, Ajustes, Avanzado, API REST: lectura y escritura)",
                "pt": "Chave do consumidor (WooCommerce, Configurações, Avançado, API REST: leitura e escrita)",
            },
            "ck_0123456789abcdef0123456789abcdef01234567",
            matching(r"ck_[0-9A-Za-z]{20,64}"),
            is_secret=True,
        ),
        Field(
            "consumer_secret",
            {"en": "Consumer secret", "es": "Secreto del consumidor", "pt": "Segredo do consumidor"},
            "cs_0123456789abcdef0123456789abcdef01234567",
            matching(r"cs_[0-9A-Za-z]{20,64}"),
            is_secret=True,
        ),
    ),
    has_token=False,
    is_guarded=True,
    sign=_sign,
)
