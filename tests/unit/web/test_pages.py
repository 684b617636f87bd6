"""The pages as a browser without scripts gets them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.unit.web import samples
from tests.unit.web.conftest import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FORM = {
    "count": "1",
    "items-0-description": "playera de algodón",
    "items-0-hs_code": "6109.10",
    "items-0-origin": "MX",
    "items-0-price": "25.00",
    "items-0-quantity": "2",
    "items-0-weight": "200",
    "items-0-weight_unit": "g",
    "currency": "USD",
    "from": "MX",
    "to": "US",
    "region": "US-CA",
    "channel": "courier",
    "terms": "DAP",
    "date": "2026-11-23",
    "freight": "12",
    "do": "quote",
}
HTMX = {"HX-Request": "true"}


def token(client: FlaskClient) -> str:
    """Return the token of a form, as the page holds it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def send(client: FlaskClient, headers: dict[str, str] | None = None, **changed: str) -> TestResponse:
    """Send the form with fields changed; ``__`` stands for ``-``."""
    fields = FORM | {name.replace("__", "-"): text for name, text in changed.items()}
    return client.post("/try", data=fields | {"csrf_token": token(client)}, headers=headers or {})


def text_of(page: str) -> str:
    """Return what a page says, without its tags, in single spaces."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))).replace("\xa0", " ")


def test_the_form_leads_to_a_permalink(client: FlaskClient) -> None:
    """A form that is right is answered with the address of a kept quote, which shows what the API says."""
    answer = send(client)
    page = client.get(answer.location)
    quote = client.get(f"/api/v1/quotes/{answer.location.rpartition('/')[2]}").get_json()

    assert (answer.status_code, page.status_code) == (303, 200)
    assert re.fullmatch(r"/q/q_[0-9A-Z]{26}", answer.location)
    assert f"USD {quote['totals']['landed']}" in text_of(page.text)
    assert client.get(answer.location).text.count(quote["id"]) == page.text.count(quote["id"])


def test_htmx_gets_the_part_and_the_address(client: FlaskClient) -> None:
    """With htmx the answer comes at once as a fragment, with the address to show and the title."""
    answer = send(client, HTMX)

    assert answer.status_code == 200
    assert re.fullmatch(r"/q/q_[0-9A-Z]{26}", answer.headers["HX-Push-Url"])
    assert "<html" not in answer.text
    assert f'href="{answer.headers["HX-Push-Url"]}?lang=pt"' in answer.text
    assert "<title>playera de algodón, 2 × USD" in answer.text.replace("\n", "")


def test_going_back_gets_the_whole_page(client: FlaskClient) -> None:
    """When htmx restores a page of the history it gets the page, not the fragment."""
    page = client.get(f"/q/{samples.COMPLETE['id']}", headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert "<html" in page.text


def test_nothing_typed_is_lost(client: FlaskClient) -> None:
    """A form with errors comes back with every word, each error at its field, and the focus on their list."""
    page = send(client, items__0__price="doce", items__0__description="<b>ñandú</b>", freight="1.250", to="")

    assert page.status_code == 422
    assert 'value="&lt;b&gt;ñandú&lt;/b&gt;"' in page.text
    assert 'value="doce"' in page.text
    assert 'value="1.250"' in page.text
    assert re.findall(r'id="([\w-]+)-error"', page.text) == ["items-0-price", "to", "freight"]
    assert re.search(r'id="problems"[^>]*autofocus', page.text)
    assert "3 things to put right" in text_of(page.text)


def test_a_number_that_cannot_be_read_is_not_left_out(client: FlaskClient) -> None:
    """An optional number that cannot be read is an error, even where the quote could be made without it."""
    page = send(client, freight="doce")

    assert page.status_code == 422
    assert 'id="freight-error"' in page.text


def test_a_field_with_an_error_says_so(client: FlaskClient) -> None:
    """A field in error is marked invalid and described by its error."""
    page = send(client, items__0__price="doce")

    field = re.search(r'<input[^>]*id="items-0-price"[^>]*>', page.text)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert "items-0-price-error" in field[0]


def test_an_unknown_tariff_code_is_said_at_its_field(client: FlaskClient) -> None:
    """What only the engine can know is wrong stands at its field too."""
    page = send(client, items__0__hs_code="9999.99")

    assert page.status_code == 422
    assert 'id="items-0-hs_code-error"' in page.text


def test_another_language_keeps_what_was_typed(client: FlaskClient) -> None:
    """On a form that came back, changing the language sends along what was typed, and is remembered."""
    page = send(client, items__0__price="doce")
    assert re.search(r'<input type="hidden" name="items-0-price" value="doce" />', page.text)

    fields = FORM | {"items-0-price": "doce", "do": "show", "csrf_token": token(client)}
    spanish = client.post("/try?lang=es", data=fields)

    assert '<html lang="es">' in spanish.text
    assert 'value="doce"' in spanish.text
    assert '<html lang="es">' in client.get("/").text


def test_codes_are_offered_never_taken(client: FlaskClient) -> None:
    """Codes for a description are choices of which none is chosen; a code that was typed stays the chosen one."""
    offered = send(client, items__0__hs_code="", do="codes-0").text
    typed = send(client, items__0__hs_code="6109.90.10", do="codes-0").text

    def chosen(page: str) -> list[str]:
        return re.findall(r'name="items-0-pick" value="([^"]*)" checked', page)

    assert 'name="items-0-pick" value="6109.10"' in offered
    assert (chosen(offered), chosen(typed)) == ([""], ["6109.90.10"])


def test_codes_of_one_name_are_offered_with_what_sets_them_apart(client: FlaskClient) -> None:
    """The question is asked once, and each choice that shares its name with another says which it is."""
    page = send(client, items__0__description="cheese", items__0__hs_code="", do="codes-0").text

    assert page.count("Is it fresh and unripened, ripened, processed, or grated?") == 1
    assert "cheese: fresh, not ripened" in page
    assert "cheese: grated or powdered" in page


def test_words_without_a_code_get_advice(client: FlaskClient) -> None:
    """Where no code is found the page says what to try."""
    assert "No code was found" in send(client, items__0__description="xyzzy", items__0__hs_code="", do="codes-0").text


def test_products_are_added_and_taken_away(client: FlaskClient) -> None:
    """A product can be added, and taking one away moves up those behind it."""
    added = send(client, do="add").text
    three = {"items__0__description": "a", "items__1__description": "b", "items__2__description": "c"}
    taken = send(client, None, count="3", do="remove-1", **three).text

    assert 'id="items-1-description"' in added
    assert re.findall(r'id="items-\d-description" name="[^"]+" value="(\w*)"', taken) == ["a", "c"]


@pytest.mark.parametrize("action", ["remove-0", "remove-9", "remove-x", "codes-9", "add", "show", "codes-"])
def test_no_button_breaks_the_form(client: FlaskClient, action: str) -> None:
    """Whatever a button's value is made into, the form comes back."""
    assert send(client, count="5", do=action).status_code == 200


def test_an_old_page_loses_nothing(client: FlaskClient) -> None:
    """A form without a valid token is not carried out, and comes back filled with a new token."""
    page = client.post("/try", data=FORM | {"csrf_token": "stale"})

    assert page.status_code == 400
    assert "Nothing is lost" in page.text
    assert 'value="playera de algodón"' in page.text
    assert client.get("/").status_code == 200


def test_the_example_is_one_click(client: FlaskClient) -> None:
    """The example fills the form with the shirt of the README."""
    page = client.get("/try?example=playera").text

    assert 'value="playera de algodón"' in page
    assert '<option value="US-CA" selected>' in page


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "cotton T-shirt, 200 g, USD 25.00 × 2, from Mexico to California"),
        ("es", "playera de algodón, 200 g, USD 25.00 × 2, de México a California"),
        ("pt", "camiseta de algodão, 200 g, USD 25,00 × 2, do México à Califórnia"),
    ],
)
def test_the_example_is_told_in_the_readers_language(client: FlaskClient, lang: str, told: str) -> None:
    """Who has never seen the form reads what the example is about."""
    assert told in text_of(client.get(f"/?lang={lang}").text)


def test_the_first_sender_is_the_readers_country(client: FlaskClient) -> None:
    """The country to ship from is the one the reader's browser names, if it is in the region; else nobody guesses."""
    headers = [{"Accept-Language": tag} for tag in ("es-CO,es;q=0.9", "pt-PT", "es", "es-419")]
    found = [re.findall(r'<option value="(\w\w)" selected', client.get("/", headers=one).text) for one in headers]

    assert found == [["CO"], [], [], []]


@pytest.mark.parametrize(("tag", "lang"), [("es-AR", "es"), ("pt-BR", "pt-BR"), ("en", "en"), ("fr", "en"), ("", "en")])
def test_pages_say_their_language(client: FlaskClient, tag: str, lang: str) -> None:
    """The page is in the reader's language and says so in its head and its headers."""
    page = client.get("/about/evidence", headers={"Accept-Language": tag})

    assert f'<html lang="{lang}">' in page.text
    assert page.headers["Content-Language"] == lang
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


def test_languages_lead_to_the_same_page(client: FlaskClient) -> None:
    """The other languages are links to the same page, and the choice is kept."""
    page = client.get(f"/q/{samples.COMPLETE['id']}").text
    client.get("/about/evidence?lang=pt")

    assert f'href="/q/{samples.COMPLETE["id"]}?lang=pt"' in page
    assert '<html lang="pt-BR">' in client.get("/").text


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("stored", samples.ALL, ids=lambda stored: str(stored["id"])[-2:])
def test_every_kind_of_answer_can_be_shown(client: FlaskClient, stored: samples.Json, language: str) -> None:
    """Every part of an answer can be shown in every language, and what a seller typed is never markup."""
    page = client.get(f"/q/{stored['id']}?lang={language}")

    assert page.status_code == 200
    assert "Vino &lt;tinto&gt;" in page.text
    assert "<tinto>" not in page.text
    assert not re.search(r"\bNone\b|%\(|\{\w+\}", text_of(page.text))


def test_a_complete_answer_says_everything(client: FlaskClient) -> None:
    """A complete answer holds the price, who pays what, every charge with its law, options, papers and versions."""
    text = text_of(client.get(f"/q/{samples.COMPLETE['id']}?lang=en").text)

    for said in (
        "Market: United States · California. Rules of November 23, 2026.",
        "● Complete evidence A",
        "USD 1,609.00 29 % on top of the goods",
        "December 1, 2026 to December 4, 2026 Most likely December 3, 2026, if it is handed over by November 26, 2026.",
        "to the seller, when buying USD 1,400.00 at the door, for customs USD 206.25",
        "to the carrier, on delivery USD 2.75",
        "Of this the seller passes USD 30.00 on",
        "Freight and insurance 7.5 % 120.00",
        "At the door USD 1,609.00",
        "Charge general Playera de algodón 1,250.00 × 16.5% 206.25 The law : Charge general official text read",
        "Source Tariff of the examples, 2026 In force since June 8, 2026 We know it until October 7, 2026 Rate 16.5%",
        "Paid by the buyer, to customs, at the border",
        "In the law’s money MXN 518.10 Stands for duties, taxes, fees",
        "Shared over the products Playera de algodón: USD 20.00 Vino <tinto>: USD 10.00",
        "Heading 9903.05.55 In force from June 8, 2026 to December 31, 2026",
        "All charges at import 239.00",
        "Informal entry this answer 239.00 Formal entry A bond not known",
        "USMCA Playera de algodón It would save USD 206.25. A statement of origin Up to USD 2,500.00 no certificate",
        "Claimed: it saves USD 12.00.",
        "System of preferences (Vino <tinto>): Nothing would be saved.",
        "Needed Vino <tinto>: Prior notice since January 1, 2026 File it Until December 31, 2026.",
        "A refund of export taxes USD 3.00",
        "State sales tax",
        "Getting it ready 1–2 working days On the way 3 every day counts",
        "The parcel can be followed to the border, not further.",
        "Holidays on the way: Thanksgiving Day (November 26, 2026).",
        "MXN → USD 0.0579, November 20, 2026, A central bank",
        "Rulebook 2026.11.1 Tariff US HTS 2026 rev. 10 Exchange rates of November 20, 2026",
    ):
        assert said in text
    assert "It may be" not in text


def test_sentences_write_amounts_as_the_page_does(client: FlaskClient) -> None:
    """Who reads commas reads them in what is advised, too, and not one number in two ways."""
    kept = send(client).location

    page = text_of(client.get(f"{kept}?lang=pt").text)

    assert "Economizaria USD 13,25." in page
    assert "economiza 13,25 USD" in page
    assert re.findall(r"[0-9]+\.[0-9]{2} USD", page) == []


def test_the_money_of_the_law_is_named_once(client: FlaskClient) -> None:
    """A calculation in other money than the answer's names that money, and not a second time where it ends in it."""
    page = text_of(client.get(send(client, to="CA", region="").location).text)

    assert re.search(r"× 5–15% = [0-9.]+ CAD ", page)
    assert "CAD CAD" not in page


def test_papers_and_limits_say_how_sure_what_paper_and_until_when(client: FlaskClient) -> None:
    """What hangs on an answer not given is *perhaps*; a paper stands with who gives it; what lifts a ban is said."""
    page = client.get(f"/q/{samples.COMPLETE['id']}?lang=en").text
    papers = page.partition('id="papers-title"')[2].partition("</section>")[0]

    uncertain = (
        "Perhaps: Not allowed Leather of protected animals Ask first Paper: export permit · The authority "
        "This holds until the permit is there It hangs on something not said here: it may not concern these goods."
    )
    assert uncertain in text_of(papers)
    assert '<a href="https://cites.example" rel="noreferrer">The authority</a>' in papers
    assert (text_of(papers).count("Perhaps"), text_of(papers).count("It hangs on something")) == (1, 1)


def test_permalinks_are_those_of_the_outside(client: FlaskClient, tmp_path: Path) -> None:
    """The address to hand on is the one the outside knows the shop by, if it was told; else the one asked."""
    address = f"/q/{samples.COMPLETE['id']}"
    known = open_shop(tmp_path, "https://shop.example/").test_client()

    assert f">http://localhost{address}</a>" in client.get(address).text
    assert f">https://shop.example{address}</a>" in known.get(address).text


def test_an_estimate_asks_what_would_settle_it(client: FlaskClient) -> None:
    """Reasons stand above the price, each with its question as a field of the form or a way to the field."""
    page = client.get(f"/q/{samples.estimated()['id']}?lang=es").text
    text = text_of(page)

    assert text.index("Puede ir de USD") > text.index("¿Es para uso religioso?") > text.index("◐ Estimada")
    assert '<input type="radio" form="ask" name="items-0-attributes-religious_use" value="no" />' in page
    assert '<input type="text" form="ask" name="items-1-measures-volume_l"' in page
    assert '<input type="text" form="ask" name="items-1-weight"' in page
    assert '<input type="radio" form="ask" name="items-0-pick" value="6109.10" />' in page
    assert '<a href="#freight">' in page


def test_an_open_end_is_said(client: FlaskClient) -> None:
    """Where nobody knows how much more it may be, the page says so instead of a number."""
    text = text_of(client.get(f"/q/{samples.unbounded()['id']}?lang=en").text)

    assert "It may be from USD 1,570.00; how much more is not known." in text


def test_a_refusal_gives_no_figure(client: FlaskClient) -> None:
    """A refused answer has the reason and what to do, and no price, no bar, no total."""
    text = text_of(client.get(f"/q/{samples.refused()['id']}?lang=en").text)

    assert "○ Refused" in text
    assert (
        text.index("No lawful way was found") < text.index("Try another channel") < text.index("Freight is not given")
    )
    assert "on top of" not in text
    assert "What it is made of" not in text


def test_a_preference_is_claimed_by_a_filled_form(client: FlaskClient) -> None:
    """Claiming an agreement opens the form of the same basket with the claim in it, for a person to send."""
    stored = samples.COMPLETE["id"]
    page = client.get(f"/q/{stored}").text
    assert f'href="/?from={stored}&amp;claim=usmca&amp;item=0"' in page

    form = client.get(f"/try?from={stored}&claim=usmca&item=0").text

    assert re.findall(r'<option value="(usmca|declared)" selected', form) == ["declared", "usmca"]
    assert '<details class="more" open>' in form


@pytest.mark.parametrize(
    "address", ["/try?from=q_nothing", "/q/q_nothing", "/q/q_01JZZZZZZZZZZZZZZZZZZZZZZZ", "/nothing"]
)
def test_what_is_not_there_has_a_friendly_page(client: FlaskClient, address: str) -> None:
    """An address that leads nowhere gets a page in the reader's language with a way on."""
    page = client.get(address, headers={"Accept-Language": "pt-BR"})

    assert page.status_code == 404
    assert "Não há nada aqui" in page.text
    assert 'href="/"' in page.text


def test_other_errors_have_pages_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A wrong method, too much text, too many requests and a fault of ours are told in plain words."""
    app = open_shop(tmp_path)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        raise RuntimeError

    def busy() -> str:
        from werkzeug.exceptions import TooManyRequests  # noqa: PLC0415  # only here

        raise TooManyRequests(retry_after=7)

    app.add_url_rule("/fail", view_func=fail)
    app.add_url_rule("/busy", view_func=busy)
    client = app.test_client()
    fault, hurry, method = client.get("/fail"), client.get("/busy"), client.get("/q/x/requote")
    heavy = client.post("/try", data={"items-0-description": "x" * 1_100_000})

    assert [one.status_code for one in (fault, hurry, method, heavy)] == [500, 429, 405, 413]
    assert "Something broke on our side" in fault.text
    assert "RuntimeError" not in fault.text
    assert hurry.headers["Retry-After"] == "7"
    assert "A moment, please" in hurry.text
    assert method.headers["Allow"]
    assert "too much at once" in heavy.text
    assert "Exception on /fail" in caplog.text


def test_what_the_form_cannot_say_is_only_shown(client: FlaskClient) -> None:
    """A basket in two currencies, asked through another door, is shown without a form to change it."""
    stored = samples.in_two_currencies()["id"]
    page = client.get(f"/q/{stored}")

    assert page.status_code == 200
    assert 'id="ask"' not in page.text
    assert "claim=" not in page.text
    assert f'action="/q/{stored}/requote"' in page.text
    assert client.get(f"/try?from={stored}").status_code == 404


def test_errors_come_as_a_part_too(client: FlaskClient) -> None:
    """With htmx an error is a part that fits where the answer would be."""
    part = client.get("/nothing", headers=HTMX)

    assert part.status_code == 404
    assert part.text.lstrip().startswith('<section class="trouble" id="work">')


def test_answers_stay_in_the_form(client: FlaskClient) -> None:
    """An answer that was given comes back as yes or no to be changed, another word as it was."""
    answered = {"items-0-attributes-religious_use": "no", "items-0-attributes-fiber": "cotton", "do": "show"}
    page = client.post("/try", data=FORM | answered | {"csrf_token": token(client)}).text

    assert re.search(r'<select id="items-0-attributes-religious_use"[^>]*>\s*<option value="">Not answered', page)
    assert '<option value="no" selected>No</option>' in page
    assert re.search(r'<input type="text" id="items-0-attributes-fiber"[^>]* value="cotton"', page)


def test_the_same_basket_on_another_day(client: FlaskClient) -> None:
    """A kept quote can be asked again as of another day; a day that is none is said at its field."""
    kept = send(client).location
    sent = {"csrf_token": token(client), "date": "2026-07-23"}
    again = client.post(f"{kept}/requote", data=sent)
    wrong = client.post(f"{kept}/requote", data=sent | {"date": "2026-02-30"})
    stale = client.post(f"{kept}/requote", data={"date": "2026-07-23"})

    assert (again.status_code, wrong.status_code, stale.status_code) == (303, 422, 422)
    assert again.location != kept
    assert "Rules of July 23, 2026" in client.get(again.location).text
    assert 'id="requote-error"' in wrong.text
    assert "open for too long" in stale.text


def test_assets_are_kept_for_ever_under_their_hash(client: FlaskClient) -> None:
    """A file addressed by its hash may be kept; the page itself is asked for again."""
    page = client.get("/")
    address = re.search(r'href="(/static/css/shopkit\.css\?v=[0-9a-f]{12})"', page.text)
    assert address

    with client.get(address[1]) as asset, client.get("/static/css/shopkit.css") as plain:
        assert "immutable" in asset.headers["Cache-Control"]
        assert "immutable" not in plain.headers["Cache-Control"]
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_pages_hold_no_inline_style_or_script(client: FlaskClient) -> None:
    """No page needs more than the strict policy allows."""
    for address in ("/", "/about/evidence", f"/q/{samples.estimated()['id']}", "/nothing"):
        page = client.get(address).text

        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", page)


def test_the_api_needs_no_token(client: FlaskClient) -> None:
    """The check of forms is for the pages; programs send neither cookie nor token."""
    answer = client.post("/api/v1/quotes", json=samples.REQUEST)

    assert answer.status_code == 201


def test_the_further_fields_reach_the_answer(client: FlaskClient) -> None:
    """A card's service gives the freight, and what is wrong with the order stands at its field."""
    fields = {"freight": "", "freight_service": "illustrative/express", "gross_weight": "1", "gross_weight_unit": "kg"}
    fields |= {"length": "30", "width": "20", "height": "10"}
    answer = send(client, None, **fields)
    wrong = send(client, cut_off="14:00")

    quote = client.get(f"/api/v1/quotes/{answer.location.rpartition('/')[2]}").get_json()
    assert quote["freight_basis"]["card"] == "illustrative"
    assert 'id="cut_off-error">Say when the order came in.' in wrong.text


def test_a_post_that_is_closed_is_told_once(client: FlaskClient) -> None:
    """From Mexico to the United States by post the stop of Correos de México is one entry of papers and limits."""
    page = client.get(send(client, channel="postal").location).text
    papers = page.partition('id="papers-title"')[2].partition("</section>")[0]

    assert text_of(papers).count("Correos de México") == 1
