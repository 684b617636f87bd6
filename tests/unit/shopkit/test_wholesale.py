"""Selling by the case: packs, terms, what a case comes to at a door, the list as paper, partners."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import delete

from listings.campaigns.cases import Case, Part
from shopkit.app import services_of
from shopkit.cli import main
from shopkit.models import CasePack, Partner, WholesaleTerms
from shopkit.services import campaign_links, companies, demo, listings, partners, quotes, wholesale
from shopkit.services.actors import ForbiddenError
from shopkit.services.wholesale import Terms, WholesaleError
from shopkit.services.wholesale_papers import wholesale_list
from shopkit.services.wholesale_prices import offer
from tests.campaigns import planned
from tests.shop import open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.wholesale import Pack
    from shopkit.services.wholesale_papers import Paper

TERMS = Terms(("US-CA", "PE"), freight=Decimal("28.00"), smallest=Decimal("250.00"), notes={"es": "Mitad al pedir."})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of a demonstration."""
    found = services_of(open_demo(tmp_path_factory.mktemp("shop")))
    yield found
    found.database.dispose()


@pytest.fixture
def services(town: Services) -> Services:
    """Return the same without a case, terms or a partner."""
    with town.database.writing.begin() as session:
        for table in (CasePack, WholesaleTerms, Partner):
            session.execute(delete(table))
    return town


@pytest.fixture
def who(services: Services) -> Actor:
    """Return who acts for the shop of Toluca."""
    return companies.command_actor(services, demo.SLUG)


def ids(services: Services, who: Actor) -> dict[str, str]:
    """Return the ids of the products by their keys."""
    return {one.listing.key: one.id for one in listings.find_listings(services, who, size=100).listings}


def shirts(services: Services, who: Actor, **more: Any) -> Case:
    """Return a case of 24 shirts that weighs 5.2 kg, two of which make the smallest order."""
    part = Part(ids(services, who)["playera-bordada"], "PLA-VER-M", 24, Decimal("5.50"))
    case = Case("PLA-24", (part,), "USD", 2, Decimal("5.2"), (Decimal(40), Decimal(30), Decimal(25)))
    return replace(case, **more)


def kept(services: Services, who: Actor) -> Pack:
    """Keep the case of shirts and the terms."""
    wholesale.keep_terms(services, who, TERMS)
    return wholesale.keep_pack(services, who, shirts(services, who))


def read(paper: Paper) -> str:
    """Return the text of a paper, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages).split())


def test_a_case_costs_what_is_in_it(services: Services, who: Actor) -> None:
    """Pieces by their price, exactly; a bundle is the sum of its products."""
    found = ids(services, who)
    bundle = Case(
        "MIX",
        (
            Part(found["playera-bordada"], "PLA-VER-G", 6, Decimal("5.80")),
            Part(found["taza-peltre"], "TAZ-AZU", 5, Decimal("4.10")),
        ),
        "USD",
    )
    wholesale.keep_pack(services, who, bundle)
    wholesale.keep_pack(services, who, shirts(services, who))

    told = [
        (one.case.code, one.case.price, one.case.pieces, one.case.is_bundle) for one in wholesale.packs(services, who)
    ]
    assert told == [("MIX", Decimal("55.30"), 11, True), ("PLA-24", Decimal("132.00"), 24, False)]


def test_a_case_at_a_door_is_its_share_of_the_smallest_order(services: Services, who: Actor) -> None:
    """Two cases are asked as one shipment, as anybody would ask for them, and each bears half of what that comes to."""
    kept(services, who)
    company = companies.get_company(services, who)
    asked = {
        "date": services.today("US").isoformat(),
        "dispatch": {"country": "MX"},
        "destination": {"country": "US", "region": "CA"},
        "channel": "courier",
        "currency": "USD",
        "items": [
            {
                "description": "Playera de algodón con nombre bordado",
                "quantity": "48",
                "unit_price": {"amount": "5.50", "currency": "USD"},
                "hs_code": "610910",
                "origin": "MX",
                "origin_evidence": "certificate",
                "weight": {"value": "0.19", "unit": "kg"},
                "attributes": {"fiber": "cotton"},
            }
        ],
        "parcel": {"gross_weight": {"value": "10.4", "unit": "kg"}},
        "freight": {"amount": "56.00", "currency": "USD"},
        "save": False,
    }
    whole = quotes.answer(services, asked, save=False).stored
    door = offer(services, who, company, TERMS, "es").cases[0].doors[0]

    halves = [Decimal(whole["range"]["landed"][name]) / 2 for name in ("low", "high")]
    assert (door.place, door.outcome, door.currency) == ("US-CA", whole["assessment"]["outcome"], "USD")
    assert [Decimal(door.low or 0), Decimal(door.high or 0)] == [one.quantize(Decimal("0.01")) for one in halves]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"code": ""}, ("code", "code")),
        ({"currency": "XYZ"}, ("currency", "currency")),
        ({"parts": ()}, ("parts", "parts")),
        ({"minimum": 0}, ("minimum", "minimum")),
        ({"kilograms": Decimal(4)}, ("weight", "weight")),
        ({"kilograms": Decimal(2001)}, ("weight", "weight")),
        ({"sides": (Decimal(40), Decimal(0), Decimal(25))}, ("sides", "sides")),
    ],
)
def test_what_a_case_cannot_be_is_told(
    services: Services, who: Actor, more: dict[str, Any], problem: tuple[str, str]
) -> None:
    """Each with its field, and nothing is kept; a packed case weighs no less than what is in it."""
    with pytest.raises(WholesaleError) as caught:
        wholesale.keep_pack(services, who, shirts(services, who, **more))

    assert (caught.value.problems, wholesale.packs(services, who)) == ([problem], ())


@pytest.mark.parametrize(
    ("key", "sku", "pieces", "price", "code"),
    [
        ("tarjeta-digital", None, 1, "1", "listing"),
        ("playera-bordada", None, 1, "1", "sku"),
        ("playera-bordada", "PLA", 1, "1", "sku"),
        ("playera-bordada", "PLA-VER-M", 0, "1", "pieces"),
        ("playera-bordada", "PLA-VER-M", 1, "0", "price"),
        ("playera-bordada", "PLA-VER-M", 1, "1.005", "price"),
    ],
)
def test_what_cannot_be_in_a_case_is_told(
    services: Services, who: Actor, key: str, sku: str | None, pieces: int, price: str, code: str
) -> None:
    """Nothing that is not shipped, no variant that is none, no price that cannot be paid."""
    part = Part(ids(services, who)[key], sku, pieces, Decimal(price))
    with pytest.raises(WholesaleError) as caught:
        wholesale.keep_pack(services, who, shirts(services, who, parts=(part,), kilograms=None))

    assert caught.value.problems == [("parts", code)]


def test_another_sellers_product_case_and_partner_are_not_there(services: Services, who: Actor) -> None:
    """Neither to look at, nor to put in a case, nor to change."""
    pack = kept(services, who)
    partner = partners.keep_partner(services, who, partners.Said("shop", "Bodega"))
    other = companies.command_actor(services, "queso-boaco")

    with pytest.raises(WholesaleError, match="parts: listing"):
        wholesale.keep_pack(services, other, pack.case)
    with pytest.raises(wholesale.PackNotFoundError):
        wholesale.remove_pack(services, other, pack.id)
    with pytest.raises(partners.PartnerNotFoundError):
        partners.open_list(services, other, partner.id)
    with pytest.raises(WholesaleError, match="cases: cases"):
        partners.keep_partner(services, other, partners.Said("shop", "Bodega", cases=(pack.id,)))
    assert (wholesale.packs(services, other), partners.partners(services, other)) == ((), ())


def test_a_viewer_keeps_nothing(services: Services, who: Actor) -> None:
    """Whoever may only look is refused."""
    viewer, case = replace(who, role="viewer"), shirts(services, who)
    for deed in (
        lambda: wholesale.keep_pack(services, viewer, case),
        lambda: wholesale.keep_terms(services, viewer, TERMS),
        lambda: partners.keep_partner(services, viewer, partners.Said("shop", "Bodega")),
    ):
        with pytest.raises(ForbiddenError):
            deed()


def test_the_list_says_what_is_an_estimate_and_why(services: Services, who: Actor) -> None:
    """Prices of cases, ranges at doors that say so, the order form, and the terms in the language of the list."""
    kept(services, who)
    text = read(wholesale_list(services, who, "es"))

    door = offer(services, who, companies.get_company(services, who), TERMS, "es").cases[0].doors[0]
    assert door.outcome == "estimated"
    wanted = (
        "PLA-24",
        "USD 132.00",
        f"USD {door.low}",
        "estimación",
        "Hoja de pedido",
        "Mitad al pedir.",
        "USD 250.00",
    )
    assert [one for one in wanted if one not in text] == []
    assert "Por qué son estimaciones" in text


def test_what_holds_in_several_places_is_printed_once(services: Services, who: Actor) -> None:
    """Two states of which the same is told share a line, and dates are written out."""
    kept(services, who)
    wholesale.keep_terms(services, who, replace(TERMS, places=("US-CA", "US-TX", "CL"), version=1))
    text = read(wholesale_list(services, who, "es"))

    assert text.count("Estados Unidos, California · Estados Unidos, Texas: ") == 2
    assert "Chile: Los tipos de cambio son del 29 de septiembre de 2026" in text


def test_a_case_whose_texts_may_not_leave_is_left_out(services: Services, who: Actor) -> None:
    """A list in a language in which nothing is approved is empty, and says which cases and why."""
    kept(services, who)
    paper = wholesale_list(services, who, "pt")

    assert paper.left_out == (("PLA-24", "not_approved"),)
    assert "Ainda não há nada para oferecer." in read(paper)


def test_a_partner_sees_what_it_may(services: Services, who: Actor) -> None:
    """One that may see products only gets no price; its code and its link are printed."""
    pack = kept(services, who)
    said = partners.Said("association", "Club Toluca", sees="products", cases=(pack.id,))
    partner = partners.keep_partner(services, who, said)
    text = read(wholesale_list(services, who, "es", partner, "https://t.example/c/abcdefgh"))

    assert [one in text for one in (partner.code, "https://t.example/c/abcdefgh", "Club Toluca")] == [True] * 3
    assert "USD" not in text


def test_an_address_of_a_list_can_be_taken_back(services: Services, who: Actor) -> None:
    """It opens the partner's list for somebody who only looks; a new one ends it, and so does taking it back."""
    partner = partners.keep_partner(services, who, partners.Said("shop", "Bodega"))
    first = partners.open_list(services, who, partner.id)
    token = partners.token_of(services, first)
    assert token is not None
    found, whose = partners.opened(services, token)
    partners.open_list(services, who, partner.id)

    assert (found.seller_id, found.role, whose.id) == (who.seller_id, "viewer", partner.id)
    for one in (token, token[:-1], f"{partner.id}.9.x", "", partner.id):
        with pytest.raises(partners.PartnerOverError):
            partners.opened(services, one)
    closed = partners.close_list(services, who, partner.id)
    assert partners.token_of(services, closed) is None


def test_each_partner_has_a_link_of_its_own(services: Services, who: Actor) -> None:
    """A campaign's link for a partner names it in its tags, and its list bears that link's code."""
    campaign = planned(services, who, locales=("es-US", "en-US"))
    partner = partners.keep_partner(services, who, partners.Said("medium", "Radio Toluca"))
    made = campaign_links.make_links(
        services, who, campaign.id, "https://t.example/", [], ("es-US", "en-US"), [partner.id]
    )

    assert [(one.medium, one.variant, one.partner) for one in made] == [
        ("partner", "es-US", "Radio Toluca"),
        ("partner", "en-US", "Radio Toluca"),
    ]
    tags = (
        f"utm_source=radio-toluca&utm_medium=partner&utm_campaign=madres-2027&utm_content=es-us&utm_id={made[0].code}"
    )
    assert made[0].target == f"https://t.example/?{tags}"
    assert partners.newest_link(services, who, partner.id) in {one.code for one in made}


def test_a_link_has_no_language_that_the_campaign_has_not(services: Services, who: Actor) -> None:
    """Nor a partner that is none of the seller's."""
    campaign = planned(services, who)
    other = companies.command_actor(services, "queso-boaco")
    strange = partners.keep_partner(services, other, partners.Said("shop", "Bodega"))

    for variants, mine, code in ((("pt-BR",), [], "variant"), (("a",), [strange.id], "partner")):
        with pytest.raises(campaign_links.LinkError, match=code):
            campaign_links.make_links(services, who, campaign.id, "https://t.example/", ["flyer"], variants, mine)


def test_the_list_is_printed_by_command(services: Services, who: Actor, tmp_path: Path) -> None:
    """The same paper, and what is left out of it on stderr."""
    kept(services, who)
    target = tmp_path / "list.pdf"
    given = {"SHOPKIT_DATA_DIR": str(services.settings.data_dir)}
    told = CliRunner().invoke(main, ["campaigns", "wholesale", "--seller", "demo", "-o", str(target)], env=given)
    other = CliRunner().invoke(
        main, ["campaigns", "wholesale", "--seller", "demo", "--language", "pt", "-o", str(target)], env=given
    )

    assert (told.exit_code, told.stderr, other.stderr) == (
        0,
        "",
        "shopkit: left out: PLA-24: its texts are not approved in this language\n",
    )
    assert target.read_bytes()[:5] == b"%PDF-"


def test_terms_are_read_back_and_never_overwritten_unseen(services: Services, who: Actor) -> None:
    """Whoever keeps what somebody changed meanwhile is told."""
    first = wholesale.keep_terms(services, who, TERMS)

    assert wholesale.get_terms(services, who) == first == replace(TERMS, version=1)
    with pytest.raises(wholesale.StaleWholesaleError):
        wholesale.keep_terms(services, who, TERMS)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"places": ()}, ("places", "places")),
        ({"places": ("US-XX",)}, ("places", "places")),
        ({"way": "sea"}, ("way", "way")),
        ({"freight": Decimal(-1)}, ("freight", "amount")),
        ({"smallest": Decimal("0.005")}, ("smallest", "amount")),
        ({"holds_days": 0}, ("holds_days", "days")),
        ({"notes": {"es": "x" * 601}}, ("notes", "long")),
    ],
)
def test_what_terms_cannot_be_is_told(
    services: Services, who: Actor, more: dict[str, Any], problem: tuple[str, str]
) -> None:
    """Each with its field."""
    with pytest.raises(WholesaleError) as caught:
        wholesale.keep_terms(services, who, replace(TERMS, **more))

    assert caught.value.problems == [problem]


def test_what_was_removed_comes_back(services: Services, who: Actor) -> None:
    """A case, unless its code is another's by now; a partner, without an address."""
    pack = kept(services, who)
    partner = partners.open_list(services, who, partners.keep_partner(services, who, partners.Said("shop", "B")).id)
    wholesale.remove_pack(services, who, pack.id)
    partners.remove_partner(services, who, partner.id)
    assert (wholesale.packs(services, who), partners.partners(services, who)) == ((), ())
    wholesale.restore_pack(services, who, pack.id)
    partners.restore_partner(services, who, partner.id)

    assert [one.id for one in wholesale.packs(services, who)] == [pack.id]
    assert [(one.id, one.is_open) for one in partners.partners(services, who)] == [(partner.id, False)]
