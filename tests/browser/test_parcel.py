"""A buyer follows one parcel on a telephone, from the counter through customs to the door, in two languages."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from PIL import Image

from shopkit.app import services_of
from shopkit.services import parcel_links, quotes, shipments
from tests.browser.test_accessible import is_wide, violations
from tests.parcels import said, sent
from tests.shop import NOW, listening, open_shop, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FilePayload, Page

    from shopkit.services.context import Services

# What the post says, at which office, on whose clock.
WAY: Final = (
    ("EMA", "Toluca", "America/Mexico_City"),
    ("EMC", "Ciudad de México", "America/Mexico_City"),
    ("EMD", "Los Angeles ISC", "America/Los_Angeles"),
    ("EME", "Los Angeles ISC", "America/Los_Angeles"),
    ("SBX-DUE", "Los Angeles ISC", "America/Los_Angeles"),
    ("SBX-PAID", "Los Angeles ISC", "America/Los_Angeles"),
    ("EDC", "Los Angeles ISC", "America/Los_Angeles"),
    ("EDG", "Los Angeles", "America/Los_Angeles"),
    ("EMI", "Los Angeles", "America/Los_Angeles"),
)
HEADLINES: Final = {
    "es": [
        ("El correo tiene el paquete.", ""),
        ("En camino entre los países.", ""),
        ("Llegó al país de destino.", ""),
        ("Retenido por la aduana de entrada.", "Aduana: Retenido por la aduana."),
        ("Retenido por la aduana de entrada.", "Aduana: La aduana espera un pago."),
        ("En la aduana de entrada.", "Aduana: La aduana recibió el pago."),
        ("En camino.", "Aduana: Liberado por la aduana."),
        ("En reparto.", "Aduana: Liberado por la aduana."),
        ("Entregado.", "Aduana: Liberado por la aduana."),
    ],
    "pt": [
        ("Os correios estão com o pacote.", ""),
        ("A caminho entre os países.", ""),
        ("Chegou ao país de destino.", ""),
        ("Retido pela alfândega de entrada.", "Alfândega: Retido pela alfândega."),
        ("Retido pela alfândega de entrada.", "Alfândega: A alfândega aguarda um pagamento."),
        ("Na alfândega de entrada.", "Alfândega: A alfândega recebeu o pagamento."),
        ("A caminho.", "Alfândega: Liberado pela alfândega."),
        ("Saiu para entrega.", "Alfândega: Liberado pela alfândega."),
        ("Entregue.", "Alfândega: Liberado pela alfândega."),
    ],
}
ASKED: Final = {
    "es": ["Qué hacer ahora", "Anotaste: USD 21.00."],
    "pt": ["O que fazer agora", "Você anotou: USD 21,00."],
}


@dataclass(frozen=True, slots=True)
class Post:
    """A shop that listens, and the post that tells it of parcels."""

    services: Services
    address: str

    def send(self, locale: str) -> tuple[str, str]:
        """Send an order whose duties are paid on delivery; return the parcel's id and the address of its page."""
        found = quotes.answer(self.services, shirts(terms="DAP"), save=False)
        _, made = sent(self.services, found=found, locale=locale)
        return made.id, f"{self.address}/t/{parcel_links.name_of(self.services, made)}"

    def tell(self, shipment_id: str, step: int) -> None:
        """Let the post tell a step of the way, some minutes after the one before."""
        code, place, zone = WAY[step]
        at = NOW - timedelta(hours=3) + timedelta(minutes=20 * step)
        event = said(code, at, provider="sandbox", place=place, zone=zone, reason="65" if code == "EME" else None)
        shipments.receive(self.services, shipment_id, [event])


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Return a shop whose parcels are in the post."""
    app = open_shop(tmp_path_factory.mktemp("post"))
    with listening(app) as address:
        yield Post(services_of(app), address)
    services_of(app).database.dispose()


def receipt() -> FilePayload:
    """Return a photo of a receipt as a browser sends it."""
    body = io.BytesIO()
    Image.new("RGB", (400, 600), "white").save(body, "JPEG")
    return {"name": "recibo.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()}


@pytest.mark.parametrize("language", ["es", "pt"])
def test_a_parcel_is_followed_from_the_counter_through_customs_to_the_door(
    page: Page, post: Post, language: str
) -> None:
    """Each scan moves the page; asked for money, the buyer shows whose it is and notes it beside the quote."""
    shipment_id, address = post.send(f"{language}-US")
    told, asked, looks = [], [], {}

    def look(name: str) -> None:
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        looks[name] = (violations(page), is_wide(page))

    for step, (code, *_) in enumerate(WAY):
        post.tell(shipment_id, step)
        page.goto(address)
        customs = page.locator(".customs")
        told.append((page.locator("h1").inner_text(), customs.inner_text() if customs.count() else ""))
        if code == "SBX-DUE":
            asked.append(page.locator(".to-do h2").inner_text())
            look("a stranger's")
            page.locator("[name=proof]").fill("90012")
            page.locator(".yours button").click()
            page.locator(".charged summary").click()
            page.locator("[name=amount]").fill("21.00")
            page.locator("[name=receipt]").set_input_files([receipt()])
            page.locator(".charged button").click()
            asked.append(page.locator(".charged b").inner_text().replace("\xa0", " "))
            look("the buyer's")

    assert told == HEADLINES[language]
    assert asked == ASKED[language]
    assert looks == dict.fromkeys(looks, ([], False))
    assert page.locator(".day li").count() == len(WAY)
