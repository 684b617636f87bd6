"""The quote as JSON: stored in all languages, read in one."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from landed_cost import Amount, Place, Quote, Seller, serialise
from landed_cost.model import Advisory, Weighed
from landed_cost.money import Money
from landed_cost.serialise import localise, speak, to_dict
from tests.unit.landed_cost.qz import ask, item, usd

if TYPE_CHECKING:
    from collections.abc import Callable


def rich_quote() -> Quote:
    """Return a quote in which everything stands."""
    answer = ask(
        item("1", origin="AA", hs_code="300490"),
        item("2", origin="CC", hs_code="060210", unit_price=Amount(Decimal(2000), "MXN")),
        currency="MXN",
        destination=Place("QZ", "NO"),
        seller=Seller(registrations=frozenset({"AA"})),
        freight=usd("3"),
        transport="sea",
    )
    advisories = (
        Advisory("regime.none", amount=Money(150, "USD")),
        Advisory("qz.own", texts={"en": "E", "es": "S", "pt": "P"}),
    )
    return answer._replace(advisories=advisories)


def rich() -> dict[str, Any]:
    """Return a stored quote in which everything stands."""
    return to_dict(rich_quote())


def test_a_stored_quote_is_plain_json() -> None:
    """It goes to text and back unchanged; amounts are decimal strings of the quote's currency."""
    stored = rich()

    assert json.loads(json.dumps(stored)) == stored
    assert stored["currency"] == "MXN"


@pytest.mark.parametrize(
    ("language", "duty", "storage", "advice"),
    [
        ("en", "Duty", "Storage", "No lawful way was found to bring this consignment in by this channel."),
        ("es", "Arancel", "Almacenaje", "No se encontró una vía legal para importar este envío por este canal."),
        ("pt", "Imposto", "Armazenagem", "Não foi encontrada uma via legal para importar esta remessa por este canal."),
    ],
)
def test_a_quote_is_read_in_one_language(language: str, duty: str, storage: str, advice: str) -> None:
    """Names, reasons, papers and what is not included come in the language asked for; the stored one stays."""
    stored = rich()
    before = copy.deepcopy(stored)

    read = localise(stored, language)

    assert stored == before
    assert read["charges"][0]["name"] == duty
    assert read["not_included"][0] == storage
    assert read["advisories"][0] == {
        "code": "regime.none",
        "message": advice,
        "amount": {"amount": "1.50", "currency": "USD"},
    }
    assert read["advisories"][1]["message"] == {"en": "E", "es": "S", "pt": "P"}[language]
    for part in ("options", "preferences", "restrictions"):
        assert read[part]
        assert all(isinstance(one.get("name", ""), str) for one in read[part])
    for reason in read["assessment"]["reasons"]:
        assert reason["message"]
        assert "{" not in reason["message"]


def test_an_amount_stands_beside_that_of_the_law() -> None:
    """The charge in pesos, the law's in dollars, the base in dollars too."""
    charge = to_dict(ask(currency="CLP"))["charges"][0]

    assert (charge["amount"], charge["local"], charge["base"]) == (
        "20000",
        {"amount": "20.00", "currency": "USD"},
        "100.00",
    )
    assert (charge["range"], charge["item"]) == (None, "1")


def test_a_refusal_keeps_the_goods_alone() -> None:
    """Every other total is null, and nothing else is shown."""
    stored = to_dict(ask(item(origin="DD")))

    assert {name for name, text in stored["totals"].items() if text is not None} == {"goods"}
    assert (stored["range"], stored["charges"], stored["delivery"], stored["regime"]) == ({}, [], None, None)


def test_a_range_may_have_no_end() -> None:
    """An upper end that nobody knows is null, not a number."""
    answer = ask(item(origin="CC"))
    open_charge = answer.charges[0]._replace(range=(0, None))
    stored = to_dict(answer._replace(charges=(open_charge,), ranges={"landed": (1, None)}))

    assert stored["charges"][0]["range"] == {"low": "0.00", "high": None}
    assert stored["range"] == {"landed": {"low": "0.01", "high": None}}


def test_an_offer_says_what_it_saves_and_from_what_value_its_proof_pays() -> None:
    """Without a cost there is no such value; what cannot be reckoned is null."""
    answer = ask(item(origin="AA"))
    pact = answer.preferences[0]
    other = pact._replace(
        saving=None, waiver=None, reason=None, exempt={"en": "No fee", "es": "Sin tasa", "pt": "Sem taxa"}
    )
    worth = pact._replace(weighed=Weighed(1000, 3000, 3334))
    stored = to_dict(answer._replace(preferences=(pact, other, worth)))
    read = localise(stored, "es")["preferences"]

    assert [(one["saving"], one["break_even"], one["waiver"] is None) for one in stored["preferences"]] == [
        ("30.00", None, False),
        (None, None, True),
        ("30.00", "33.34", False),
    ]
    assert [(one["advice"]["code"], one["exempt"], one["reason"] is None) for one in read] == [
        ("free_of_paperwork", None, False),
        ("ask_quota", "Sin tasa", True),
        ("free_of_paperwork", None, False),
    ]
    assert [one["saved"] for one in read] == [{"duties": "30.00", "taxes": "0.00", "fees": "0.00"}] * 3


def test_amounts_in_sentences_are_written_as_the_reader_writes_them() -> None:
    """Before a currency stands the decimal sign of the reader; tariff codes and what programs read keep their point."""
    stored = rich()
    stored["preferences"] = [
        one | {"advice": {"code": "weigh", "reason": {"code": "advice.weigh", "params": {"saving": "13.25 USD"}}}}
        for one in to_dict(ask(item(origin="AA")))["preferences"][:1]
    ]
    stored["advisories"] = [
        {
            "code": "time.cost",
            "params": {"days": "2–9", "low": "0.60 USD", "high": "10.35 USD"},
            "texts": None,
            "amount": None,
        }
    ]
    stored["assessment"]["reasons"] = [
        {"code": "hs.six_used", "level": "info", "params": {"code": "6109.10"}, "item": "1", "rule": None}
    ]

    read = localise(stored, "pt", lambda text: text.replace(".", ","))

    assert "menos de 13,25 USD" in read["preferences"][0]["advice"]["message"]
    assert "como 0,60 USD a 10,35 USD de preço" in read["advisories"][0]["message"]
    assert "6109.10" in read["assessment"]["reasons"][0]["message"]
    assert read["preferences"][0]["saving"] == "30.00"


def test_an_offer_kept_before_there_was_advice_is_read_as_it_is() -> None:
    """Old answers carry none, and none is made up for them."""
    stored = to_dict(ask(item(origin="AA")))
    old = [
        {key: value for key, value in one.items() if key not in {"advice", "still_due", "exempt"}}
        for one in stored["preferences"]
    ]

    read = localise(stored | {"preferences": old}, "en")["preferences"]

    assert [(one["name"], "advice" in one) for one in read] == [("Pact", False), ("League", False)]


def test_a_rule_is_rendered_once_and_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two rules the JSON of every rule is the same, and no more than two are kept."""
    answer = ask(item(origin="AA"))
    wanted = to_dict(answer)
    kept: dict[int, object] = {}
    monkeypatch.setattr(serialise, "_BY_RULE", kept)
    monkeypatch.setattr(serialise, "_KEPT_RULES", 2)

    assert [to_dict(answer)["rules"], to_dict(answer)["charges"]] == [wanted["rules"], wanted["charges"]]
    assert len(wanted["rules"]) > len(kept) > 0


@pytest.mark.parametrize("language", [None, "es", "en"])
def test_pieces_that_are_made_ready_once_are_written_as_they_were(language: str | None) -> None:
    """The text is the same byte for byte, and of a second answer nothing has to be made ready again."""
    asked: list[object] = []

    def ready(piece: object) -> msgspec.Raw:
        asked.append(piece)
        return msgspec.Raw(msgspec.json.encode(piece))

    def write(made: Callable[[object], object] | None) -> bytes:
        quote = rich_quote()
        return msgspec.json.encode(to_dict(quote, made) if language is None else speak(quote, language, made))

    texts = [write(ready)]
    first = len(asked)
    texts.append(write(ready))

    assert texts == [write(None)] * 2
    assert len(asked) == first > len(rich_quote().charges)


def test_rules_that_answers_share_are_rendered_once_and_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With room for the rules of one answer, each answer has its own, and the same tuple gives the same list."""
    answers = [ask(item(origin=origin)) for origin in ("AA", "BB")]
    wanted = [[rule["id"] for rule in to_dict(one)["rules"]] for one in answers]
    kept: dict[int, object] = {id(answers[0].rules): serialise._Basis(answers[1].rules)}
    monkeypatch.setattr(serialise, "_BY_BASIS", kept)
    monkeypatch.setattr(serialise, "_KEPT_BASES", 1)
    read = [to_dict(one)["rules"] for one in (*answers, answers[1])]

    assert [[rule["id"] for rule in rules] for rules in read] == [*wanted, wanted[1]]
    assert (read[1] is read[2], len(kept)) == (True, 1)


def test_another_rule_at_the_address_of_one_that_is_gone_is_rendered_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept under an id is taken only for the very rule it was made of."""
    answer = ask()
    rule = answer.charges[0].rule
    monkeypatch.setattr(serialise, "_BY_RULE", {id(rule): serialise._Cited(replace(rule, id="qz.other"))})

    assert to_dict(answer)["charges"][0]["rule"]["id"] == rule.id == "qz.band.610910"


def test_an_estimate_of_days_is_rendered_once_and_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked again its JSON is the very same, and with room for two no more than two are kept."""
    answers = [ask(date=date(2026, 5, day)) for day in (12, 13, 14)]
    kept: dict[int, object] = {}
    monkeypatch.setattr(serialise, "_BY_DELIVERY", kept)
    monkeypatch.setattr(serialise, "_KEPT_DELIVERIES", 2)
    read = [to_dict(one)["delivery"] for one in (*answers, answers[-1])]

    assert read == [one.delivery.to_dict() for one in (*answers, answers[-1]) if one.delivery is not None]
    assert (read[-1] is read[-2], len(kept)) == (True, 1)


def test_another_estimate_at_the_address_of_one_that_is_gone_is_rendered_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is kept under an id is taken only for the very estimate it was made of."""
    first, other = (ask(date=date(2026, 5, day)).delivery for day in (12, 19))
    assert first is not None
    assert other is not None
    answer = ask(date=date(2026, 5, 12))._replace(delivery=first)
    monkeypatch.setattr(serialise, "_BY_DELIVERY", {id(first): serialise._Told(other)})

    assert to_dict(answer)["delivery"]["latest"] == first.latest.isoformat()


def test_an_answer_that_nobody_stores_says_the_same_as_one_that_is_read() -> None:
    """In each language, twice over, byte for byte: charges, offers, reasons, and each item's own restrictions."""
    whole = ask(item("1", hs_code="060210"), item("2", hs_code="0602"), date=date(2026, 5, 12))
    unsure = whole.restrictions[-1]._replace(certain=False)
    quotes = (
        whole._replace(restrictions=(*whole.restrictions, unsure)),
        rich_quote(),
        ask(item(origin="DD")),
    )
    stored = [json.loads(json.dumps(to_dict(one))) for one in quotes]
    turns = [(language, turn) for turn in (1, 2) for language in ("es", "pt", "en")]
    read = {(language, turn): [speak(one, language) for one in quotes] for language, turn in turns}

    assert {key: json.dumps(found) for key, found in read.items()} == {
        (language, turn): json.dumps([localise(one, language) for one in stored]) for language, turn in turns
    }
    assert [(one["id"], one["item"], one["certain"]) for one in read["es", 2][0]["restrictions"]] == [
        ("qz.season", None, True),
        ("qz.plants", "1", True),
        ("qz.plants", "2", True),
        ("qz.plants", "2", False),
    ]
