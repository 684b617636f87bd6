"""The pages of listings as a browser without scripts gets them: table, editor, lost updates, history, doors."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from listings.model import Listing
from shopkit.services import accounts, demo, listings
from shopkit.services.companies import command_actor
from shopkit.services.sessions import DEMO_DOMAIN, Where
from tests.shop import open_demo

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

HERE = Where("127.0.0.1", "test")


class Fields(HTMLParser):
    """What a browser would send of the forms of a page, but for files and buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a field."""
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if (
            tag == "input"
            and name
            and (kind not in {"file", "checkbox"} or (kind == "checkbox" and "checked" in given))
        ):
            self.found[name] = given.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.found):
            self.found[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.found[name] = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Take in a text that is typed over several lines."""
        if self._area:
            self.found[self._area] += data


class Browser:
    """Somebody who is signed in and reads English."""

    def __init__(self, app: Shop, name: str) -> None:
        services = app.extensions["shopkit"]
        found = accounts.sign_in(services, name + DEMO_DOMAIN, demo.PASSWORD, HERE)
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("sign_in", found.token)

    def get(self, address: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(address, headers={"Accept-Language": "en"})

    def send(self, address: str, fields: dict[str, Any], **changed: Any) -> TestResponse:
        """Send a form with fields changed; ``__`` stands for ``-``."""
        more = {name.replace("__", "-"): value for name, value in changed.items()}
        return self.client.post(
            address, data=fields | more, headers={"Accept-Language": "en"}, content_type="multipart/form-data"
        )

    def fields(self, address: str) -> dict[str, str]:
        """Return what the form of a page holds."""
        return Fields(self.get(address).text).found


def text_of(page: str) -> str:
    """Return what a page says, without its tags, in single spaces."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))).replace("\xa0", " ")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a shop with the sample sellers and their listings."""
    return open_demo(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def ana(app: Shop) -> Browser:
    """Return the owner of the workshop in Toluca."""
    return Browser(app, "ana")


def address_of(app: Shop, key: str, shop: str = "demo") -> str:
    """Return the address of a sample listing."""
    services = app.extensions["shopkit"]
    found = listings.find_listings(services, command_actor(services, shop), text=key).listings
    return f"/listings/{found[0].id}"


def made(ana: Browser, title: str) -> str:
    """Return the address of a new listing."""
    answer = ana.send("/listings/new", ana.fields("/listings/new"), title=title)
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.location)


def test_the_table_shows_the_shops_own_listings(ana: Browser) -> None:
    """Title, score, price, markets, and what to mend next; nobody else's."""
    page = text_of(ana.get("/listings").text)

    assert "Taza de peltre personalizada, 350 ml taza-peltre · 3 variants 100 On sale 732394 MXN 249.00" in page
    assert "Choose the line with six digits." in page
    assert "Queso" not in page


def test_a_search_says_when_nothing_was_found(ana: Browser) -> None:
    """With what to try next."""
    assert "Nothing was found Try one word of the title" in text_of(ana.get("/listings?q=submarino").text)


def test_a_title_begins_a_listing(ana: Browser) -> None:
    """Its own name is made from the title, and the editor says what is missing."""
    here = made(ana, "Aretes de latón «Luna»")
    page = ana.get(here)

    assert Fields(page.text).found["key"] == "aretes-de-laton-luna"
    assert "of 100 points" in text_of(page.text)
    assert "Mend this first: Add a photo of the product on a plain ground." in text_of(page.text)


def test_a_listing_without_a_title_is_told_at_its_field(ana: Browser) -> None:
    """422, with what was typed still there."""
    answer = ana.send("/listings/new", ana.fields("/listings/new"), title="", key="sin-titulo")

    assert answer.status_code == 422
    assert 'href="#title"' in answer.text
    assert Fields(answer.text).found["key"] == "sin-titulo"


def test_what_is_opened_and_saved_changes_nothing(app: Shop, ana: Browser) -> None:
    """The form says all of a listing: saving it as it is makes no version."""
    here = address_of(app, "taza-peltre")
    answer = ana.send(here, ana.fields(here), do="save")

    assert (answer.status_code, answer.location) == (303, f"{here}?saved=1")
    assert Fields(ana.get(here).text).found["version"] == "1"


def test_a_language_that_was_said_elsewhere_stays(app: Shop, ana: Browser) -> None:
    """A text of Mexico and one for Brazil keep their languages through the form, which offers others."""
    services = app.extensions["shopkit"]
    given = {
        "key": "vela",
        "title": "Vela de cera",
        "language": "es-MX",
        "markets": ({"market": "BR", "language": "pt", "title": "Vela de cera"},),
    }
    id_ = listings.create_listing(services, command_actor(services, demo.SLUG), Listing.model_validate(given)).id
    answer = ana.send(f"/listings/{id_}", ana.fields(f"/listings/{id_}"), do="save", title="Vela")
    found = listings.get_listing(services, command_actor(services, demo.SLUG), id_).listing

    assert answer.status_code == 303
    assert (found.title, found.language, [one.language for one in found.markets]) == ("Vela", "es-MX", ["pt"])


def test_a_listing_is_written_in_cells(app: Shop, ana: Browser) -> None:
    """Numbers with a comma, rows of variants and markets, a photo: all of it is kept."""
    here = made(ana, "Cinturón piteado a mano")
    photo = BytesIO()
    Image.new("RGB", (900, 700), "brown").save(photo, "JPEG")
    photo.seek(0)
    answer = ana.send(
        here,
        ana.fields(here),
        do="save",
        price="1.250,50",
        price_currency="MXN",
        hs_code="4203.30",
        hs_by="broker",
        weight="0,4",
        weight_unit="kg",
        tags="piel, charro",
        variants__0__sku="CIN-1",
        variants__0__options="Talla: 34; Color: miel",
        variants__0__stock="2",
        markets__0__market="US",
        markets__0__title="Hand-stitched belt",
        markets__0__price="95",
        markets__0__price_currency="USD",
        markets__0__included="yes",
        photo=(photo, "cinturon.html"),
    )
    services = app.extensions["shopkit"]
    kept = listings.get_listing(services, command_actor(services, "demo"), here.rpartition("/")[2]).listing

    assert answer.status_code == 303, text_of(answer.text)
    assert listings.document_of(kept) == {
        "key": "cinturon-piteado-a-mano",
        "title": "Cinturón piteado a mano",
        "language": "en",
        "tags": ["piel", "charro"],
        "photos": [{"id": kept.photos[0].id, "width": 900, "height": 700}],
        "hs_code": "420330",
        "hs_evidence": {"by": "broker"},
        "weight": {"value": "0.4", "unit": "kg"},
        "price": {"price": {"amount": "1250.50", "currency": "MXN"}},
        "variants": [{"sku": "CIN-1", "options": {"Talla": "34", "Color": "miel"}, "stock": 2}],
        "markets": [{"market": "US", "title": "Hand-stitched belt", "price": {"amount": "95", "currency": "USD"}}],
    }


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"price": "12x"}, "price", "“12x” is not a number"),
        ({"price": "1.250"}, "price", "can be read in two ways"),
        ({"price": "5", "price_currency": "PESO"}, "price", "Not a currency code"),
        ({"hs_code": "123"}, "hs_code", "Not a tariff code"),
        ({"making_days": "dos"}, "making_days", "Write a whole number."),
        (
            {"variants__0__sku": "TAZ-AZU"},
            "variants-0-sku",
            "Another listing of the shop has this SKU already: TAZ-AZU.",
        ),
        ({"variants__0__sku": "X", "variants__0__options": "rojo"}, "variants-0-options", "name: value"),
        (
            {"certificates__0__kind": "FDA", "certificates__0__expires_on": "2026-02-30"},
            "certificates-0-expires_on",
            "2026-02-30 is not a day",
        ),
        ({"key": "taza-peltre"}, "key", "Another listing of the shop is already called taza-peltre."),
    ],
)
def test_what_is_wrong_stands_at_its_cell(ana: Browser, changed: dict[str, str], field: str, says: str) -> None:
    """422; above it a way to the cell, and everything that was typed is still there."""
    here = made(ana, f"Prueba {field} {says[:8]}")
    answer = ana.send(here, ana.fields(here), do="save", brand="Escrito", **changed)
    wrong = re.search(rf'id="{field}-error">([^<]+)<', answer.text)

    assert answer.status_code == 422
    assert wrong is not None
    assert says in html.unescape(wrong[1])
    assert f'href="#{field}"' in answer.text
    assert Fields(answer.text).found["brand"] == "Escrito"


def test_a_file_that_is_no_photo_is_told_and_the_rest_is_kept_in_the_form(ana: Browser) -> None:
    """A page with a script under a photo's name."""
    here = made(ana, "Prueba de foto falsa")
    answer = ana.send(here, ana.fields(here), do="save", brand="Escrito", photo=(BytesIO(b"<svg/>"), "foto.jpg"))

    assert answer.status_code == 422
    assert "foto.jpg: This is no photo that can be shown (SVG)." in text_of(answer.text)
    assert Fields(answer.text).found["brand"] == "Escrito"


def test_two_editors_see_both_texts(ana: Browser) -> None:
    """What the other changed elsewhere is taken in, the clash stands side by side, and saving again is enough."""
    here = made(ana, "Dos personas a la vez")
    mine, theirs = ana.fields(here), ana.fields(here)
    ana.send(here, theirs, do="save", title="Título de ella", brand="Marca de ella")
    answer = ana.send(here, mine, do="save", title="Título de él", care="Lavar a mano")
    found = Fields(answer.text).found

    assert answer.status_code == 409
    assert "Title Título de ella Título de él" in text_of(answer.text)
    assert (found["title"], found["brand"], found["care"]) == ("Título de él", "Marca de ella", "Lavar a mano")
    assert ana.send(here, found, do="save").status_code == 303
    assert ana.fields(here)["title"] == "Título de él"


def test_a_code_is_found_by_everyday_words_and_taken_by_a_person(ana: Browser) -> None:
    """The finder offers, the button takes, nothing is saved until it is said; what was typed stays."""
    here = made(ana, "Prueba del buscador")
    found = ana.send(here, ana.fields(here), do="find", hs_words="playera de algodón", brand="Escrito")
    taken = Fields(ana.send(here, Fields(found.text).found, do="take-6109.10").text).found

    assert 'value="take-6109.10"' in found.text
    assert (taken["hs_code"], taken["hs_by"], taken["hs_note"], taken["brand"]) == (
        "6109.10",
        "finder",
        "playera de algodón",
        "Escrito",
    )
    assert ana.fields(here)["hs_code"] == ""


def test_the_finder_asks_once_and_says_which_code_is_which(ana: Browser) -> None:
    """The question stands once above the codes, and each code that shares its name says what sets it apart."""
    here = made(ana, "Prueba de quesillo")
    page = text_of(ana.send(here, ana.fields(here), do="find", hs_words="quesillo").text)

    assert page.count("Is it fresh and unripened, ripened, processed, or grated?") == 1
    assert "0406.10 cheese: fresh, not ripened; curd and whey cheese" in page
    assert "0406.90 cheese: ripened or cured, all other cheese" in page


def test_one_more_row_keeps_what_was_typed(ana: Browser) -> None:
    """The button makes room and goes there."""
    here = made(ana, "Prueba de filas")
    answer = ana.send(here, ana.fields(here), do="add-variants", variants__0__sku="F-1")
    found = Fields(answer.text).found

    assert (found["variants-count"], found["variants-0-sku"], found["variants-1-sku"]) == ("2", "F-1", "")
    assert re.search(r'id="variants-1-sku"[^>]* autofocus', answer.text)


def test_a_row_is_taken_away(ana: Browser) -> None:
    """The variant goes, the others stay with what the form has no cell for."""
    here = made(ana, "Prueba de quitar")
    ana.send(here, ana.fields(here), do="add-variants", variants__0__sku="Q-1", variants__1__sku="Q-2")
    ana.send(
        here, ana.fields(here) | {"variants-count": "2"}, do="save", variants__0__sku="Q-1", variants__1__sku="Q-2"
    )
    ana.send(here, ana.fields(here), do="save", variants__0__gone="yes")

    assert ana.fields(here)["variants-0-sku"] == "Q-2"


def test_the_history_tells_each_field_and_takes_it_back(ana: Browser) -> None:
    """Who, when, before and after; the first saving is the listing itself and stays."""
    here = made(ana, "Antes de cambiar")
    ana.send(here, ana.fields(here), do="save", title="Después de cambiar")
    page = ana.get(f"{here}/history").text
    (undo,) = re.findall(r'action="([^"]+/undo)"', page)
    answer = ana.send(undo, Fields(page).found)

    assert "Title Antes de cambiar Después de cambiar" in text_of(page)
    assert "Ana Hernández, on the page" in text_of(page)
    assert answer.status_code == 303
    assert ana.fields(here)["title"] == "Antes de cambiar"
    again = ana.send(undo, Fields(page).found)
    assert (again.status_code, "it was changed again since: Title." in text_of(again.text)) == (409, True)


def test_many_are_changed_at_once(ana: Browser) -> None:
    """Those that were ticked; how many, and what was wrong, is told."""
    ids = [made(ana, f"Lote {number}").rpartition("/")[2] for number in range(2)]
    form = {"csrf_token": ana.fields("/listings")["csrf_token"], "listing": ids}
    answer = ana.client.post("/listings", data=form | {"do": "origin", "origin": "MX"})
    wrong = ana.client.post("/listings", data=form | {"do": "hs_code", "hs_code": "12x"})
    none = ana.client.post("/listings", data=form | {"do": "status", "status": "active", "listing": []})

    assert (answer.status_code, answer.location) == (303, "/listings?changed=2")
    assert [ana.fields(f"/listings/{one}")["origin"] for one in ids] == ["MX", "MX"]
    assert (wrong.status_code, none.status_code) == (422, 422)


def test_a_piece_is_added_up_at_doors_abroad(app: Shop, ana: Browser) -> None:
    """The market's price on the day, what it comes to, how sure, and what each market still asks."""
    page = text_of(ana.get(address_of(app, "taza-peltre") + "/doors?to=US&to=BR").text)

    assert "United States USD 15.00 USD" in page
    assert "Estimated" in page
    assert "What each market still asks" in page


def test_everything_wrong_is_told_at_once(app: Shop, ana: Browser) -> None:
    """A figure that is none does not hide the title that is missing and the name that will not do."""
    here = address_of(app, "taza-peltre")
    page = ana.send(here, ana.fields(here), do="save", price="doscientos", title="", key="con espacios").text

    assert re.findall(r'<li><a href="#([a-z_]+)">', page) == ["title", "key", "price"]


def test_each_door_says_what_is_left_and_leads_to_the_whole_reckoning(app: Shop, ana: Browser) -> None:
    """The maker's price at home less what one costs, in pesos and as a share; the page of prices comes filled in."""
    page = ana.get(address_of(app, "taza-peltre") + "/doors?to=CL").text
    (way,) = re.findall(r'<a href="(/pricing[^"]+)">What is left of the price in Chile</a>', page)
    answer = text_of(ana.get(html.unescape(way)).text)

    assert "MXN 152.50 61" in text_of(page)
    assert "MXN 152.50" in answer


def test_a_freight_is_counted_where_the_reasons_ask_for_it(app: Shop, ana: Browser) -> None:
    """With a figure the freight is no longer missing; what is no figure is told at its field."""
    here = address_of(app, "taza-peltre") + "/doors?to=CL"
    without, with_, wrong = (text_of(ana.get(here + more).text) for more in ("", "&freight=150", "&freight=mucho"))

    assert ("Give the freight" in without, "Give the freight" in with_) == (True, False)
    assert "with the freight you give for each" in with_
    assert "“mucho” is not a number" in wrong


@pytest.mark.parametrize(
    ("key", "says"),
    [("tarjeta-digital", "Nothing is sent, so no customs is passed"), ("Sin precio", "Say the price of one first")],
)
def test_what_cannot_be_added_up_says_why(app: Shop, ana: Browser, key: str, says: str) -> None:
    """A digital good, and one without a price."""
    here = made(ana, key) if " " in key else address_of(app, key)

    assert says in text_of(ana.get(here + "/doors").text)


def test_a_photo_is_sent_once(ana: Browser) -> None:
    """As a JPEG that may be kept for a year, and 304 when it was."""
    (address,) = set(re.findall(r'src="(/photos/[^"]+thumb.jpg)"', ana.get("/listings?q=taza-peltre").text))
    shown = ana.get(address)
    again = ana.client.get(address, headers={"If-None-Match": shown.headers["ETag"]})

    assert (shown.content_type, shown.headers["Cache-Control"]) == (
        "image/jpeg",
        "private, max-age=31536000, immutable",
    )
    assert again.status_code == 304


def test_another_shops_listing_is_not_there(app: Shop, ana: Browser) -> None:
    """Read, saved, its history, its doors, its photos: 404, as for one that never was."""
    here = address_of(app, "queso-morolique", "queso-boaco")
    token = {"csrf_token": ana.fields("/listings")["csrf_token"]}
    services = app.extensions["shopkit"]
    photo = listings.get_listing(
        services, command_actor(services, "queso-boaco"), here.rpartition("/")[2]
    ).listing.photos[0]
    answers = [
        ana.get(here),
        ana.get(f"{here}/history"),
        ana.get(f"{here}/doors"),
        ana.send(here, token, do="save", title="Mío"),
        ana.send(f"{here}/history/1/undo", token),
        ana.get(f"/photos/{photo.id}/thumb.jpg"),
        ana.get("/listings/l_00000000000000000000000000"),
    ]

    assert [one.status_code for one in answers] == [404] * len(answers)


def test_who_only_looks_changes_nothing(app: Shop) -> None:
    """A viewer reads all of it, is offered no button, and is refused."""
    rosa = Browser(app, "rosa")
    here = address_of(app, "playera-bordada")
    token = {"csrf_token": rosa.fields(here)["csrf_token"]}
    refused = [
        rosa.send(here, token, do="save", title="No"),
        rosa.send("/listings", token, do="status", status="active"),
        rosa.send("/listings/new", token, title="No"),
        rosa.send(f"{here}/history/1/undo", token),
        rosa.get("/listings/new"),
    ]

    assert "Your role lets you look, not change." in text_of(rosa.get(here).text)
    assert [one.status_code for one in refused] == [403] * len(refused)


def test_nobody_is_sent_to_sign_in(app: Shop) -> None:
    """And back from there."""
    answer = app.test_client().get("/listings")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/listings")


def test_a_file_of_two_hundred_megabytes_is_refused_unread(app: Shop, ana: Browser) -> None:
    """By what it announces, with the page that says so."""
    answer = ana.client.post(
        address_of(app, "taza-peltre"),
        input_stream=BytesIO(b"--x\r\n"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "200000000"},
    )

    assert answer.status_code == 413


def test_two_people_of_whom_one_takes_a_market_away_lose_nothing(ana: Browser) -> None:
    """What the other still writes in that market is shown whole, and can be saved."""
    here = made(ana, "Mercado que va y viene")
    ana.send(here, ana.fields(here), do="save", markets__0__market="US", markets__0__title="Cup", markets__0__label="x")
    mine, theirs = ana.fields(here), ana.fields(here)
    ana.send(here, theirs, do="save", markets__0__gone="yes")
    answer = ana.send(here, mine, do="save", markets__0__title="Mug")
    found = Fields(answer.text).found

    assert answer.status_code == 409
    assert [found[f"markets-0-{name}"] for name in ("market", "title", "label")] == ["US", "Mug", "x"]
    assert ana.send(here, found, do="save").status_code == 303
