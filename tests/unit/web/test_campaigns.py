"""Carrying a campaign out: words and their checks, links that are counted, the newsletter, the JSON door."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from listings.channels.google import Google
from shopkit.app import services_of
from shopkit.models import CampaignClick, Seller
from shopkit.services import campaign_links, campaign_words, campaigns, catalogs, companies, demo, keys
from shopkit.services.campaign_catalogs import file_of, fitting
from shopkit.services.campaign_plans import plan
from shopkit.services.campaigns import CampaignNotFoundError
from shopkit.services.qr import qr_svg
from tests.campaigns import planned
from tests.shop import NOW, open_demo
from tests.unit.web.test_dashboard import enter, send, token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.campaigns import Kept
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


@pytest.fixture(scope="module")
def who(shop: Shop) -> Actor:
    """Return who acts for the shop of Toluca."""
    return companies.command_actor(services_of(shop), demo.SLUG)


@pytest.fixture(scope="module")
def kept(shop: Shop, who: Actor) -> Kept:
    """Return its campaign."""
    return planned(services_of(shop), who)


def test_words_leave_when_a_native_reader_has_read_them(shop: Shop, who: Actor, kept: Kept) -> None:
    """Not before; a change takes the mark away; a claim without proof and another people's name hold them back."""
    client, of = enter(shop, "luis"), services_of(shop)
    home = f"/campaigns/{kept.id}"

    def version() -> str:
        return str(campaigns.get_campaign(of, who, kept.id).version)

    def write(text: str) -> int:
        fields = {"do": "keep", "locale": "es-US", "version": version(), "es-US-all": text, "es-US-CA": "Allá en casa"}
        return send(client, f"{home}/words", **fields)

    first = write("Para mamá, con cariño"), client.get(f"{home}/newsletter").status_code
    read = send(client, f"{home}/words", do="read", locale="es-US", version=version(), reader="Sra. Inés Robles")
    letter = client.get(f"{home}/newsletter")
    again = write("Orgánico, para mamás peruanas"), client.get(f"{home}/newsletter").status_code
    page = client.get(f"{home}/spread?lang=en").text

    assert (first, read, again) == ((303, 409), 303, (303, 409))
    assert letter.text.startswith("Para mamá, con cariño\n\nCalifornia\nAllá en casa\n\n")
    assert "· CA · USD " in letter.text
    assert "“peruanas” names others (Peruvian)" in page
    assert "“organico” needs proof (organic)" in page


def test_words_that_somebody_changed_meanwhile_are_shown_again(shop: Shop, kept: Kept) -> None:
    """Nothing typed is lost."""
    client = enter(shop, "luis")
    fields = {"do": "keep", "locale": "es-US", "version": "999", "es-US-all": "Lo que escribí"}
    answer = client.post(f"/campaigns/{kept.id}/words", data={"csrf_token": token(client, "/dashboard")} | fields)

    assert (answer.status_code, "Lo que escribí" in answer.text) == (422, True)


def test_a_link_leads_to_its_tagged_page_and_counts_its_days(shop: Shop, who: Actor, kept: Kept) -> None:
    """Two wordings, followed twice and once; what is fetched ahead or only looked at is not counted."""
    of, stranger = services_of(shop), shop.test_client()
    a, b = campaign_links.make_links(of, who, kept.id, "https://taller.example/mama?x=1", ["whatsapp"], ["a", "b"])
    answers = [stranger.get(f"/c/{a.code}"), stranger.get(f"/c/{a.code}"), stranger.get(f"/c/{b.code}")]
    stranger.get(f"/c/{a.code}", headers={"Sec-Purpose": "prefetch"})
    stranger.head(f"/c/{a.code}")
    with of.database.reading() as session:
        counted = {(row.code, row.day, row.count) for row in session.scalars(select(CampaignClick))}

    assert counted == {(a.code, NOW.date(), 2), (b.code, NOW.date(), 1)}
    told = {one.code: one.clicks for one in campaign_links.links(of, who, kept.id)}
    assert (told[a.code], told[b.code]) == (2, 1)
    assert answers[0].headers["Location"] == (
        "https://taller.example/mama?x=1&utm_source=whatsapp&utm_medium=social&utm_campaign=madres-2027"
        f"&utm_content=a&utm_id={a.code}"
    )
    assert (answers[0].status_code, "Set-Cookie" in answers[0].headers) == (302, False)
    assert stranger.get("/c/nothing").status_code == 404


def test_a_link_is_printed_as_a_code(shop: Shop, who: Actor, kept: Kept) -> None:
    """An SVG of the short address, and nothing for a code that is none."""
    of, client = services_of(shop), enter(shop, "rosa")
    (link,) = campaign_links.make_links(of, who, kept.id, "https://taller.example/", ["flyer"])
    answer = client.get(f"/campaigns/{kept.id}/links/{link.code}.svg")

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.data == qr_svg(f"http://localhost/c/{link.code}")
    assert client.get(f"/campaigns/{kept.id}/links/zzzzzzzz.svg").status_code == 404


def test_links_lead_to_pages_of_the_web_alone(shop: Shop, kept: Kept) -> None:
    """A script is none, and neither is a place to stand that is none; both are told."""
    client = enter(shop, "luis")
    home = f"/campaigns/{kept.id}/links"

    asked = [("javascript:alert(1)", "flyer"), ("https://taller.example/", "sky"), ("https://taller.example/", "flyer")]
    answers = [
        client.post(
            home, data={"csrf_token": token(client, "/dashboard"), "address": page, "media": medium}
        ).status_code
        for page, medium in asked
    ]

    assert answers == [422, 422, 303]


def test_what_is_another_sellers_is_not_there(shop: Shop, kept: Kept) -> None:
    """Neither its words nor its links."""
    of = services_of(shop)
    other = companies.command_actor(of, "queso-boaco")

    with pytest.raises(CampaignNotFoundError):
        campaign_words.save_words(of, other, kept.id, "es-US", {"all": "Mío"}, 1)
    with pytest.raises(CampaignNotFoundError):
        campaign_links.make_links(of, other, kept.id, "https://a.example/", ["flyer"])
    with pytest.raises(CampaignNotFoundError):
        campaign_links.links(of, other, kept.id)


def test_a_wrong_form_shows_what_was_chosen_with_what_to_mend(shop: Shop) -> None:
    """No state, a day that they do not keep, days to spare that are none."""
    client = enter(shop, "luis")
    fields = {"group": "mx", "event": "carnival", "margin_days": "x", "way": "courier", "channel": "shop"}
    answer = client.post("/campaigns?lang=en", data={"csrf_token": token(client, "/dashboard")} | fields)
    told = re.findall(r'<p class="wrong" id="([a-z_]+)-error">', answer.text)

    assert (answer.status_code, told) == (422, ["event", "states", "locales", "margin_days"])
    assert '<option value="carnival" selected>' in answer.text


def test_a_channels_file_holds_the_campaigns_products_alone(shop: Shop, who: Actor, kept: Kept) -> None:
    """Google's feed by the seller's own catalog: the rows of what fits, in dollars; one of Chile has none."""
    of, client = services_of(shop), enter(shop, "rosa")
    settings = catalogs.Settings("https://taller.example/{key}", estimates="highest")
    feed = catalogs.find(of, who, "google", "US", "es")
    assert feed is not None
    chile = catalogs.create(of, who, catalogs.Said("google", "CL", "es-419", settings, "tsv"))
    found = plan(of, who, kept)
    file = file_of(of, who, found, feed)
    answer = client.get(f"/campaigns/{kept.id}/catalogs/{feed.id}")
    skus = {variant.sku for one in found.chosen for variant in one.kept.listing.variants}
    skus |= {one.kept.listing.key for one in found.chosen}
    told = Google().read(io.BytesIO(answer.data), feed.feed(seller_of(of, who), of.today("US")))
    rows = {str(row["id"]): str(row["price"]) for row in told}

    assert {one.market for one in fitting(of, who, found)} == {"US"}
    assert feed in fitting(of, who, found)
    assert (answer.status_code, answer.data, len(rows)) == (200, file.data, file.rows)
    assert set(rows) | {one.row for one in file.findings} <= skus
    assert rows
    assert all(price.endswith(" USD") for price in rows.values())
    assert client.get(f"/campaigns/{kept.id}/catalogs/{chile.id}").status_code == 404


def seller_of(of: Services, who: Actor) -> Seller:
    """Return the row of the seller."""
    with of.database.reading() as session:
        return session.get_one(Seller, who.seller_id)


def test_a_program_reads_what_a_campaign_comes_to(shop: Shop, who: Actor, kept: Kept) -> None:
    """Whom, by when in each state, and each listing with the reasons of its score, as its description says."""
    from shopkit.api.campaign_schemas import CampaignResponse, CampaignsResponse  # noqa: PLC0415 - heavy

    of = services_of(shop)
    secret = keys.create_key(of, who, "x", ["dashboard:read"], 60).secret
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    client = shop.test_client()
    every = CampaignsResponse.model_validate(client.get("/api/v1/campaigns", headers=headers).get_json())
    one = CampaignResponse.model_validate(client.get(f"/api/v1/campaigns/{kept.id}", headers=headers).get_json())
    together = one.audience.together

    assert [head.id for head in every.campaigns] == [kept.id]
    assert together is not None
    assert (together.low, together.high, together.year) == (23_900_000, 24_400_000, 2018)
    assert [(until.state, until.standing, until.order_by) for until in one.deadlines] == [
        ("US-CA", "open", "2027-04-22"),
        ("US-TX", "open", "2027-04-22"),
        ("US-IL", "open", "2027-04-22"),
    ]
    assert all(len(there.parts) == 8 for listing in one.listings for there in listing.states)
