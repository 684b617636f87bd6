"""What is not a quote: destinations, tariff codes, the description, the reference page, health, headers, limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command

from shopkit import security
from shopkit.api.examples import SHIRTS
from shopkit.api.guides import DestinationGuide
from shopkit.api.schemas import DestinationList, HsSearch, OriginGuide, OriginList
from shopkit.db import migrations
from tests import shop
from tests.shop import open_shop, shirts

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

DESTINATIONS = "/api/v1/destinations"
ORIGINS = "/api/v1/origins"
SEARCH = "/api/v1/hs/search"


class TestDestinations:
    """GET /api/v1/destinations and its guides."""

    def test_a_guide_is_for_goods_from_somewhere(self, client: FlaskClient) -> None:
        """With ``from`` the guide has examples, days and the agency of that country; what is no country is refused."""
        told = client.get(f"{DESTINATIONS}/CL", query_string={"from": "PE"}).get_json()
        wrong = client.get(f"{DESTINATIONS}/CL", query_string={"from": "XX", "to": "CL"})

        DestinationGuide.model_validate(told)
        assert [one["import_charges"] for one in told["examples"]][:4] == ["3.88", "19.38", "96.90", "533.26"]
        assert told["help"][0]["name"] == "PROMPERÚ"
        assert [one["pointer"] for one in wrong.get_json()["errors"]] == ["query:to"]

    def test_the_covered_ones_are_listed_by_name(self, client: FlaskClient) -> None:
        """The list holds the covered destinations in the order of their names in the language."""
        body = client.get(DESTINATIONS, headers={"Accept-Language": "es"}).get_json()

        DestinationList.model_validate(body)
        names = [one["name"] for one in body["destinations"]]
        assert {"Brasil", "Chile", "Estados Unidos", "México"} <= set(names)
        assert names == sorted(names)

    @pytest.mark.parametrize("country", sorted(shop.COVERED))
    def test_a_guide_comes_from_the_rules_in_force(self, client: FlaskClient, country: str) -> None:
        """The guide of a destination holds the rules in force today there, each with its sources."""
        body = client.get(f"{DESTINATIONS}/{country}").get_json()

        guide = DestinationGuide.model_validate(body)
        assert (guide.country, guide.as_of) == (country, "2026-11-23")
        assert guide.regimes
        assert all((rule.from_ or "") <= "2026-11-23" <= (rule.to or "9999") for rule in guide.rules)

    @pytest.mark.parametrize("paths", [("destinations/us", "destinations/US"), ("origins/pe", "origins/PE")])
    def test_a_code_is_read_in_either_case(self, client: FlaskClient, paths: tuple[str, str]) -> None:
        """A country in small letters has the same address, and the same guide."""
        small, capital = (client.get(f"/api/v1/{path}") for path in paths)

        assert (small.status_code, small.data) == (200, capital.data)

    @pytest.mark.parametrize("country", ["DE", "de", "XX", "usa"])
    def test_others_are_not_found(self, client: FlaskClient, country: str) -> None:
        """A country without rules, or no country, is 404."""
        assert client.get(f"{DESTINATIONS}/{country}").status_code == 404

    @pytest.mark.parametrize("path", [DESTINATIONS, f"{DESTINATIONS}/US"])
    def test_what_did_not_change_is_not_sent_again(self, client: FlaskClient, path: str) -> None:
        """With the tag of an earlier answer the reply is 304 and empty; another language is another answer."""
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        other = client.get(path, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "pt"})

        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert other.status_code == 200

    def test_a_guide_changes_with_the_day(self, client: FlaskClient, lone_shop: Path) -> None:
        """The guide of another day has another tag, because other rules may be in force."""
        other = open_shop(lone_shop, datetime(2026, 7, 23, 15, tzinfo=UTC)).test_client()

        tags = [one.get(f"{DESTINATIONS}/US").headers["ETag"] for one in (client, other)]

        assert tags[0] != tags[1]


class TestOrigins:
    """GET /api/v1/origins and its guides."""

    def test_the_known_ones_are_listed_by_name(self, client: FlaskClient) -> None:
        """The list holds the countries whose export side is known in the order of their names in the language."""
        body = client.get(ORIGINS, headers={"Accept-Language": "pt"}).get_json()

        OriginList.model_validate(body)
        names = [one["name"] for one in body["origins"]]
        assert {"Brasil", "México", "Peru"} <= set(names)
        assert names == sorted(names)

    def test_each_listed_one_has_a_guide(self, client: FlaskClient) -> None:
        """Every country of the list answers, and says only what is in force today there."""
        for one in client.get(ORIGINS).get_json()["origins"]:
            guide = OriginGuide.model_validate(client.get(f"{ORIGINS}/{one['country']}").get_json())

            assert (guide.country, guide.name) == (one["country"], one["name"])
            assert all((rule.from_ or "") <= guide.as_of <= (rule.to or "9999") for rule in guide.rules)

    def test_a_guide_tells_the_simplified_way_and_its_limits(self, client: FlaskClient) -> None:
        """Exporta Fácil of Peru goes by post, up to 7,500 USD and 50 kg; the rules of its limits are in the guide."""
        body = client.get(f"{ORIGINS}/PE").get_json()

        easy = next(one for one in body["simplified"] if one["id"] == "pe.exporta_facil")
        values = {rule["id"]: rule["value"] for rule in body["rules"]}
        assert easy["channels"] == ["postal"]
        assert [values[limit["rule"]] for limit in easy["limits"]] == ["7500 USD", "50 kg"]

    @pytest.mark.parametrize("country", ["KP", "kp", "XX"])
    def test_others_are_not_found(self, client: FlaskClient, country: str) -> None:
        """A country whose export side is not known, or no country, is 404."""
        assert client.get(f"{ORIGINS}/{country}").status_code == 404

    @pytest.mark.parametrize("path", [ORIGINS, f"{ORIGINS}/PE"])
    def test_what_did_not_change_is_not_sent_again(self, client: FlaskClient, path: str) -> None:
        """With the tag of an earlier answer the reply is 304 and empty."""
        first = client.get(path)

        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")


class TestHsSearch:
    """GET /api/v1/hs/search."""

    @pytest.mark.parametrize(
        ("words", "language", "code"),
        [
            ("playera de algodón", "es", "6109.10"),
            ("camiseta de algodão", "pt", "6109.10"),
            ("roasted coffee", "en", "0901.21"),
        ],
    )
    def test_everyday_words_lead_to_codes(self, client: FlaskClient, words: str, language: str, code: str) -> None:
        """Words of the three languages lead to a code, the likeliest first."""
        body = client.get(SEARCH, query_string={"q": words, "lang": language}).get_json()

        found = HsSearch.model_validate(body)
        assert (found.q, found.results[0].hs_code) == (words, code)

    def test_words_that_mean_nothing_find_nothing(self, client: FlaskClient) -> None:
        """Unknown words give an empty list, not a guess."""
        assert client.get(SEARCH, query_string={"q": "qwzxv"}).get_json() == {
            "q": "qwzxv",
            "question": None,
            "results": [],
        }

    def test_the_query_says_the_language_before_the_header(self, client: FlaskClient) -> None:
        """The parameter wins over Accept-Language, and the answer says which it was."""
        reply = client.get(SEARCH, query_string={"q": "playera", "lang": "pt"}, headers={"Accept-Language": "es"})

        assert reply.headers["Content-Language"] == "pt"

    @pytest.mark.parametrize(
        ("query", "pointer", "code"),
        [
            ({}, "query:q", "query.required"),
            ({"q": " "}, "query:q", "query.required"),
            ({"q": "x" * 201}, "query:q", "text.too_long"),
            ({"q": "a\x00"}, "query:q", "text.characters"),
            ({"q": "café", "lang": "fr"}, "query:lang", "choice"),
            ({"q": "café", "country": "DE"}, "query:country", "choice"),
            ({"q": "café", "country": "US"}, "query:country", "schedule.not_loaded"),
            ({"q": "café", "limit": "3"}, "query:limit", "unknown_field"),
        ],
    )
    def test_a_wrong_question_is_named(
        self, client: FlaskClient, query: dict[str, str], pointer: str, code: str
    ) -> None:
        """What is missing, too long, or unknown in the query is a 422 that names it."""
        reply = client.get(SEARCH, query_string=query)

        errors = [(error["pointer"], error["code"]) for error in reply.get_json()["errors"]]
        assert (reply.status_code, errors) == (422, [(pointer, code)])


class TestDescription:
    """GET /api/openapi.json and /api/docs."""

    def test_every_route_of_the_api_is_described(self, client: FlaskClient) -> None:
        """The description names every address under /api/v1 and how to ask it, and no other."""
        spec = client.get("/api/openapi.json").get_json()

        assert spec["openapi"] == "3.1.0"
        described = {(path, method) for path, item in spec["paths"].items() for method in item}
        routed = {
            (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
            for rule in client.application.url_map.iter_rules()
            if rule.rule.startswith("/api/v1/") or rule.rule == "/healthz"
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        assert described == routed

    def test_every_reference_leads_somewhere(self, client: FlaskClient) -> None:
        """No shape is named that is not there."""
        text = client.get("/api/openapi.json").get_data(as_text=True)
        spec = json.loads(text)

        named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
        assert named <= set(spec["components"]["schemas"])

    def test_every_shape_has_a_name_of_its_own(self, client: FlaskClient) -> None:
        """Two shapes that are called alike would both be named by the modules they are written in."""
        shapes = client.get("/api/openapi.json").get_json()["components"]["schemas"]

        assert [name for name in shapes if "__" in name] == []

    def test_every_error_is_a_problem(self, client: FlaskClient) -> None:
        """Each error in the description is application/problem+json of one shape; a lost update says more beside it."""
        spec = client.get("/api/openapi.json").get_json()

        more = {("412", "StaleProblem"), ("409", "TextConflict")}
        kinds = {
            (media, "Problem" if (status, name) in more else name)
            for item in spec["paths"].values()
            for operation in item.values()
            for status, answer in operation["responses"].items()
            if status >= "400"
            for media, body in answer["content"].items()
            for name in [body["schema"]["$ref"].rpartition("/")[2]]
        }
        assert kinds == {("application/problem+json", "Problem")}
        shapes = spec["components"]["schemas"]
        assert all(shapes["Problem"]["properties"].items() <= shapes[name]["properties"].items() for _, name in more)

    def test_the_examples_are_answered(self, client: FlaskClient) -> None:
        """Every example of the description that needs neither a key nor a store can be sent as it stands."""
        spec = client.get("/api/openapi.json").get_json()

        asked = {
            path: example["value"]
            for path, item in spec["paths"].items()
            if "requestBody" in item.get("post", {}) and "security" not in item["post"] and "{" not in path
            for example in item["post"]["requestBody"]["content"]["application/json"]["examples"].values()
        }
        statuses = {path: client.post(path, json=example).status_code for path, example in asked.items()}
        assert statuses == {
            "/api/v1/quotes": 201,
            "/api/v1/quotes/batch": 200,
            "/api/v1/compare": 200,
            "/api/v1/ways": 200,
            "/api/v1/origin": 200,
            "/api/v1/pricing": 200,
            "/api/v1/readiness": 200,
        }

    def test_the_example_is_the_one_in_the_documents(self) -> None:
        """The first example is the file that the README sends."""
        assert shop.SHIRTS == SHIRTS

    def test_the_reference_names_every_operation_and_shape(self, client: FlaskClient) -> None:
        """The page for people has a section for each operation, shape and problem, and no script within it."""
        spec = client.get("/api/openapi.json").get_json()
        page = client.get("/api/docs").get_data(as_text=True)

        sections = {operation["operationId"] for item in spec["paths"].values() for operation in item.values()}
        sections |= {f"schema-{name}" for name in spec["components"]["schemas"]}
        assert [name for name in sections if f'id="{name}"' not in page] == []
        assert page.count("<script") == page.count("<script src=") == 1
        assert " style=" not in page

    @pytest.mark.parametrize("name", ["docs.css", "docs.js"])
    def test_its_assets_are_ours(self, client: FlaskClient, name: str) -> None:
        """Style and script are served by the shop itself."""
        with client.get(f"/api/static/{name}") as reply:
            assert reply.status_code == 200


def test_health_says_ok(client: FlaskClient) -> None:
    """A shop whose database answers is healthy."""
    reply = client.get("/healthz")

    assert (reply.status_code, reply.get_json()) == (200, {"status": "ok"})


def test_health_without_a_database_is_unavailable(lone_shop: Path) -> None:
    """A shop whose database is gone says so."""
    app = open_shop(lone_shop)
    database = app.extensions["shopkit"].database
    database.dispose()
    (lone_shop / "shopkit.sqlite").unlink()
    (lone_shop / "shopkit.sqlite").mkdir()

    reply = app.test_client().get("/healthz")

    assert (reply.status_code, reply.mimetype) == (503, "application/problem+json")


def test_a_quote_that_cannot_be_kept_is_unavailable(lone_shop: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where the database cannot be used nothing is said to be kept: 503, when to ask again, and a line in the log."""
    app = open_shop(lone_shop)
    command.downgrade(migrations(app.extensions["shopkit"].database.engine), "base")

    reply = app.test_client().post("/api/v1/quotes", json=shirts(save=True))

    assert (reply.status_code, reply.mimetype) == (503, "application/problem+json")
    assert reply.headers["Retry-After"] == "5"
    assert "the database cannot be used: no such table" in caplog.text


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json", "/api/v1/nothing", "/nothing", "/healthz"])
def test_every_answer_carries_the_headers_of_safety(client: FlaskClient, path: str) -> None:
    """Pages, answers and errors alike say what a browser may do with them; scripts come from here alone."""
    headers = client.get(path).headers

    assert {name: headers[name] for name, _ in security.HEADERS} == dict(security.HEADERS)
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]


def test_under_https_the_browser_stays_there(lone_shop: Path) -> None:
    """A shop that is seen under https says that it always will be, and its cookies keep to it."""
    app = open_shop(lone_shop, public_url="https://shop.example")

    assert app.test_client().get("/healthz").headers["Strict-Transport-Security"] == "max-age=31536000"
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_only_trusted_hosts_are_answered(lone_shop: Path) -> None:
    """With hosts named, a request for another is 400."""
    client = open_shop(lone_shop, trusted_hosts=("shop.example",)).test_client()

    statuses = {
        host: client.get("/healthz", headers={"Host": host}).status_code for host in ("shop.example", "evil.example")
    }

    assert statuses == {"shop.example": 200, "evil.example": 400}


class TestLimits:
    """How often an address may ask."""

    def ask(self, client: FlaskClient, **environ: Any) -> tuple[int, str | None]:
        """Return the status of one request and what is left of the allowance."""
        reply = client.post("/api/v1/quotes", json=shirts(), environ_base={"REMOTE_ADDR": "198.51.100.1"} | environ)
        return reply.status_code, reply.headers.get("RateLimit-Remaining")

    def test_the_allowance_is_told_and_kept(self, lone_shop: Path) -> None:
        """Each answer says how much is left; past the limit it is 429 and when to come again."""
        client = open_shop(lone_shop, limit_default="2/hour").test_client()

        assert [self.ask(client) for _ in range(3)] == [(200, "1"), (200, "0"), (429, "0")]
        refused = client.post("/api/v1/quotes", json=shirts(), environ_base={"REMOTE_ADDR": "198.51.100.1"})
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["RateLimit-Limit"] == "2"
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]

    def test_each_address_has_its_own(self, lone_shop: Path) -> None:
        """One who asks too often does not shut out another."""
        client = open_shop(lone_shop, limit_default="1/hour").test_client()
        self.ask(client)

        assert self.ask(client)[0] == 429
        assert self.ask(client, REMOTE_ADDR="198.51.100.2")[0] == 200

    def test_behind_a_proxy_the_sender_counts(self, lone_shop: Path) -> None:
        """With one proxy trusted its word counts, and without it is not believed."""
        trusting = open_shop(lone_shop, limit_default="1/hour", proxies=1).test_client()
        wary = open_shop(lone_shop, limit_default="1/hour").test_client()

        senders = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in (1, 2)]
        assert [self.ask(trusting, **sender)[0] for sender in senders] == [200, 200]
        assert [self.ask(wary, **sender)[0] for sender in senders] == [200, 429]

    def test_a_batch_counts_for_more(self, lone_shop: Path) -> None:
        """Batches and comparisons have a limit of their own."""
        client = open_shop(lone_shop, limit_default="100/hour", limit_batch="1/hour").test_client()
        batch = {"requests": [shirts()]}

        assert [client.post("/api/v1/quotes/batch", json=batch).status_code for _ in range(2)] == [200, 429]
        assert self.ask(client)[0] == 200

    def test_health_is_not_counted(self, lone_shop: Path) -> None:
        """Whoever watches the shop may look as often as need be."""
        client = open_shop(lone_shop, limit_default="1/hour").test_client()

        replies = [client.get("/healthz") for _ in range(3)]

        assert [(reply.status_code, reply.headers.get("RateLimit-Limit")) for reply in replies] == [(200, None)] * 3

    def test_an_answer_within_the_limit_asks_nobody_to_wait(self, lone_shop: Path) -> None:
        """Retry-After stands on refusals alone."""
        client = open_shop(lone_shop, limit_default="5/hour").test_client()

        assert "Retry-After" not in client.post("/api/v1/quotes", json=shirts()).headers


def test_what_nobody_foresaw_is_a_problem_without_details(
    lone_shop: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours is 500 as problem+json, with the headers of safety, and is logged in full."""
    app = open_shop(lone_shop)
    app.config["TESTING"] = False
    monkeypatch.setattr("shopkit.services.quotes.quote", lambda *_: 1 // 0)

    reply = app.test_client().post("/api/v1/quotes", json=shirts())

    assert (reply.status_code, reply.mimetype) == (500, "application/problem+json")
    assert "ZeroDivisionError" not in reply.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text
    assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize("file", sorted((shop.ROOT / "docs/examples").glob("*.json")), ids=lambda file: file.stem)
def test_every_example_of_the_documents_is_answered(client: FlaskClient, file: Path) -> None:
    """Each request in the documents can be sent as it stands, and its answer adds up, or is refused for a reason."""
    request = json.loads(file.read_text("utf-8"))
    path = "/api/v1/quotes" if "destination" in request else "/api/v1/compare"
    path = "/api/v1/readiness" if "product" in request else path
    path = "/api/v1/pricing" if "quote" in request else path

    body = client.post(path, json=request).get_json()

    if "product" in request:
        assert [one["country"] for one in body["results"]] == [one["country"] for one in request["destinations"]]
        return
    if "quote" in request:
        body = body["quote"]
    for answer in [body] if "totals" in body else [result["quote"] for result in body["results"]]:
        if answer["assessment"]["outcome"] == "refused":
            assert answer["assessment"]["reasons"]
            continue
        charges = sum(Decimal(charge["amount"]) for charge in answer["charges"])
        assert charges == Decimal(answer["totals"]["import_charges"])
