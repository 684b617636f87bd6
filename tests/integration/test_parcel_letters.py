"""Letters on parcels: written with the change, one of a kind ever, as the buyer wishes, and ended by one press."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from shopkit.mail.sandbox import SandboxMail
from shopkit.models import ParcelLetter
from shopkit.plugins import MAIL, plugin
from shopkit.services import order_letters, parcel_letters, parcel_links, shipment_changes, shipments
from shopkit.services.context import open_services
from shopkit.services.posting import Postman
from tests.contracts.test_mail import Box, port_that_is_free
from tests.databases import migrate
from tests.parcels import said, sent
from tests.shop import NOW, open_shop, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.mail.port import Letter
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.events import RawEvent

BASE = "https://shop.example"
HOUR = timedelta(hours=1)
EVERYTHING = tuple(parcel_letters.GROUPS)


class Clock:
    """A clock that a test moves."""

    at = NOW


@pytest.fixture
def clock() -> Clock:
    """Return a clock at the day of the tests."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Return a shop whose mail is kept in a list."""
    made = open_services(settings(tmp_path), now=lambda: clock.at)
    migrate(made.database)
    made.postman = Postman(SandboxMail(), pauses_s=())
    yield made
    made.database.dispose()


@pytest.fixture
def on_both(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return the same on each database."""
    made = open_services(settings(tmp_path, database_url=database_url), now=lambda: NOW)
    made.postman = Postman(SandboxMail(), pauses_s=())
    yield made
    made.database.dispose()


def parcel(services: Services, *groups: str, locale: str = "es-US") -> Shipment:
    """Return a parcel just sent, whose buyer was told so, with the letters that its buyer chose."""
    _, found = sent(services, locale=locale)
    if groups:
        parcel_letters.choose(services, found, groups)
    letters(services).clear()
    return found


def letters(services: Services) -> list[Letter]:
    """Send what is due, and return every letter that went out so far."""
    order_letters.work(services, BASE)
    mail = services.postman.mail
    assert isinstance(mail, SandboxMail)
    return mail.sent


def told(services: Services, found: Shipment, *events: RawEvent) -> list[str]:
    """Let a post tell something, and return the subjects of the letters that follow."""
    shipments.receive(services, found.id, events)
    out = letters(services)
    subjects = [one.subject for one in out]
    out.clear()
    return subjects


def sandbox(code: str, at: timedelta = HOUR) -> RawEvent:
    """Return what the sandbox says of money at customs, so long ago."""
    return said(code, NOW - at, provider="sandbox")


def test_each_thing_that_a_buyer_wants_to_know_is_told_once(services: Services) -> None:
    """From the counter through customs to the door; what is repeated, or comes again, tells nobody."""
    found = parcel(services, *EVERYTHING)
    steps = ("EMA", "EMC", "EMD", "EME", "SBX-DUE", "SBX-PAID", "EDC", "EDG", "EMH", "EDG", "EMI")
    subjects = []
    for place, code in enumerate(steps):
        event = said(code, NOW - HOUR + timedelta(minutes=place), provider="sandbox")
        subjects.append(told(services, found, event))
        subjects[-1] += told(services, found, event)

    assert subjects == [
        ["Tu paquete de Tienda ya está en el correo"],
        [],
        [],
        ["La aduana retiene tu paquete de Tienda"],
        ["La aduana pide dinero por tu paquete de Tienda"],
        [],
        ["La aduana liberó tu paquete de Tienda"],
        ["Tu paquete de Tienda está en reparto"],
        ["No se pudo entregar tu paquete de Tienda"],
        [],
        ["Tu paquete de Tienda fue entregado"],
    ]


def test_a_letter_says_what_is_known_and_how_to_end_it(services: Services) -> None:
    """In the language of the order: the sentence, what to do, number, page, and the link of RFC 8058."""
    found = parcel(services, locale="pt-BR")
    shipments.receive(services, found.id, [sandbox("SBX-DUE")])
    (letter,) = letters(services)
    order_id = found.order_ids[0]
    end = f"{BASE}/letters/{parcel_letters.name_of(services, found.id, order_id)}"

    assert (letter.to, letter.tag, letter.name) == (
        "ana@buyer.example",
        "pt-BR",
        f"parcel-{found.id}-{order_id}-customs_payment_due",
    )
    assert letter.unsubscribe == end
    assert letter.text == (
        "Olá, Ana Pérez,\n\n"
        "A alfândega aguarda um pagamento.\n\n"
        "O que fazer, e o que o seu pedido diz dos impostos, está na página do seu pacote.\n\n"
        "Nós nunca pedimos esse dinheiro: pague só aos correios ou à alfândega, na página deles.\n\n"
        f"O número de rastreio é {found.number}.\n\n"
        f"{BASE}/t/{parcel_links.name_of(services, found)}\n\n"
        f"Chega de cartas sobre este pacote, ou sobre todos: {end}"
    )


def test_the_letter_on_the_order_leads_to_the_page_of_its_parcel(services: Services) -> None:
    """Whoever is told that it was sent can follow it."""
    _, found = sent(services)
    last = letters(services)[-1]

    assert f"Dónde está tu paquete: {BASE}/t/{parcel_links.name_of(services, found)}" in last.text


@pytest.mark.parametrize(
    ("groups", "subjects"),
    [
        ((), ["Tu paquete de Tienda está en reparto"]),
        (("posted", "at_hand"), ["Tu paquete de Tienda ya está en el correo", "Tu paquete de Tienda está en reparto"]),
        (("delivered",), []),
    ],
)
def test_the_buyer_chooses_on_what_to_be_written_to(
    services: Services, groups: tuple[str, ...], subjects: list[str]
) -> None:
    """Without a choice all but the posting, of which the order's letter tells already."""
    found = parcel(services, *groups)

    found_out = [told(services, found, said(code, NOW - HOUR)) for code in ("EMA", "EDG")]

    assert [subject for one in found_out for subject in one] == subjects


def test_a_parcel_that_customs_never_stopped_is_not_released(services: Services) -> None:
    """Presented and released within the hour is no news."""
    found = parcel(services)

    assert told(services, found, said("EDB", NOW - 2 * HOUR)) + told(services, found, said("EDC", NOW - HOUR)) == []


def test_what_is_older_than_three_days_is_news_at_the_first_look_alone(services: Services, clock: Clock) -> None:
    """A parcel that is followed late says how it stands; a scan that a post adds later, days after, is history."""
    first, second, third = (parcel(services) for _ in range(3))
    clock.at = NOW + timedelta(days=9)
    for one in (second, third):
        told(services, one, said("EMC", NOW))

    assert told(services, first, said("EDH", NOW)) == ["Tu paquete de Tienda está listo para recoger"]
    assert told(services, second, said("EDH", clock.at - timedelta(hours=73))) == []
    assert told(services, third, said("EDH", clock.at - timedelta(hours=72))) == [
        "Tu paquete de Tienda está listo para recoger"
    ]


def test_what_does_not_hold_any_more_when_it_is_sent_is_not_sent(services: Services) -> None:
    """Who paid customs is not told to, and nobody waits for a parcel that came."""
    found = parcel(services)
    for event in (sandbox("SBX-DUE", 3 * HOUR), sandbox("SBX-PAID", 2 * HOUR), said("EDG", NOW - HOUR)):
        shipments.receive(services, found.id, [event])

    assert told(services, found, said("EMI", NOW)) == ["Tu paquete de Tienda fue entregado"]


def test_a_letter_that_is_rolled_back_was_never_written(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in the transaction that notices the change."""
    found = parcel(services)
    monkeypatch.setattr(shipment_changes, "_note_arrival", None)
    with pytest.raises(TypeError):
        shipments.receive(services, found.id, [said("EMI", NOW)])
    with services.database.reading() as session:
        rows = session.scalars(select(ParcelLetter).where(ParcelLetter.shipment_id == found.id)).all()

    assert list(rows) == []


def test_letters_of_all_parcels_end_for_an_address(on_both: Services) -> None:
    """Of parcels to come too, until its buyer chooses letters again."""
    services = on_both
    found, other = parcel(services), parcel(services)
    parcel_letters.stop(services, found.id, found.order_ids[0], everywhere=True)
    parcel_letters.stop(services, found.id, found.order_ids[0], everywhere=True)
    quiet = told(services, other, said("EDG", NOW - HOUR))
    parcel_letters.choose(services, other, ["delivered"])

    assert (quiet, told(services, other, said("EMI", NOW))) == ([], ["Tu paquete de Tienda fue entregado"])


def test_a_real_server_takes_a_letter_that_one_press_ends(tmp_path: Path) -> None:
    """The mailbox's provider posts what RFC 8058 says to the link of the header, without a cookie, and it is quiet."""
    app, box = open_shop(tmp_path), Box()
    services: Services = app.extensions["shopkit"]
    server = Controller(box, hostname="127.0.0.1", port=port_that_is_free())
    server.start()
    mail = plugin(MAIL, "smtp")(f"smtp://127.0.0.1:{server.port}?tls=off", "Tienda <tienda@shop.example>")
    services.postman = Postman(mail, pauses_s=())
    try:
        _, found = sent(services)
        shipments.receive(services, found.id, [said("EDG", NOW - HOUR)])
        order_letters.work(services, BASE)
        letter = box.kept[-1]
        link = letter["List-Unsubscribe"].strip("<>").removeprefix(BASE)
        asked = letter["List-Unsubscribe-Post"]
        client = app.test_client()
        looked = client.get(link)
        still = parcel_letters.groups_of(services, found.id)
        pressed = client.post(link, data=asked, content_type="application/x-www-form-urlencoded")
        shipments.receive(services, found.id, [said("EMI", NOW)])
        order_letters.work(services, BASE)
    finally:
        server.stop()

    assert (letter["To"], letter["Subject"]) == ("ana@buyer.example", "Tu paquete de Tienda está en reparto")
    assert asked == "List-Unsubscribe=One-Click"
    assert (looked.status_code, still) == (200, parcel_letters.DEFAULT)
    assert (pressed.status_code, parcel_letters.groups_of(services, found.id)) == (200, ())
    assert box.kept[-1] is letter
    assert [client.post(one).status_code for one in (f"{link}0", "/letters/x", "/letters/-")] == [404] * 3
    services.database.dispose()
