"""Kept quotes made by hand: every part a page can show, whatever the rules of the day say."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]
SOURCE: Json = {"title": "Tariff of the examples, 2026", "url": "https://tariff.example/2026"}


def texts(en: str) -> Json:
    """Return a text in the three languages."""
    return {"en": en, "es": f"{en} (es)", "pt": f"{en} (pt)"}


def rule(id_: str, **more: Any) -> Json:
    """Return the rule behind a line."""
    return {
        "id": id_,
        "heading": None,
        "sources": [SOURCE],
        "from": "2026-06-08",
        "to": None,
        "known_until": "2026-10-07",
        "status": "verified",
        **more,
    }


def advice(code: str, **params: str) -> Json:
    """Return what is advised about an offer."""
    reason = {"code": f"advice.{code}", "level": "info", "params": params, "item": None, "rule": None}
    return {"code": code, "reason": reason}


def charge(id_: str, kind: str, amount: str, **more: Any) -> Json:
    """Return one charge in dollars."""
    return {
        "id": id_,
        "kind": kind,
        "covers": [kind],
        "item": None,
        "name": texts(f"Charge {id_}"),
        "amount": amount,
        "currency": "USD",
        "local": {"amount": amount, "currency": "USD"},
        "base": "1250.00",
        "rate": "16.5%",
        "formula": "1250.00 × 16.5%",
        "payer": "buyer",
        "collected": "at_border",
        "range": None,
        "allocation": [],
        "rule": rule(f"qz.{id_}"),
        **more,
    }


REQUEST: Json = {
    "date": "2026-11-23",
    "dispatch": {"country": "MX", "postal_code": "50000"},
    "destination": {"country": "US", "region": "CA", "postal_code": "90012"},
    "channel": "courier",
    "terms": "DAP",
    "importer": {"kind": "consumer"},
    "seller": {"schemes": [], "registrations": []},
    "price_includes": [],
    "items": [
        {
            "description": "Playera de algodón",
            "hs_code": "6109.10",
            "origin": "MX",
            "quantity": "50",
            "unit_price": {"amount": "20.00", "currency": "USD"},
            "weight": {"value": "200", "unit": "g"},
        },
        {
            "description": "Vino <tinto>",
            "origin": "CL",
            "quantity": "10",
            "unit_price": {"amount": "25.00", "currency": "USD"},
        },
    ],
    "freight": {"amount": "112.00", "currency": "USD"},
    "save": True,
}

COMPLETE: Json = {
    "id": "q_01JZZZZZZZZZZZZZZZZZZZZZC1",
    "created_at": "2026-11-23T12:00:00Z",
    "valid_until": "2026-12-07",
    "date": "2026-11-23",
    "versions": {"rulebook": "2026.11.1", "schedule": "US HTS 2026 rev. 10", "rates": "2026-11-20"},
    "assessment": {"outcome": "complete", "evidence": "A", "reasons": []},
    "currency": "USD",
    "regime": "us.informal",
    "totals": {
        "goods": "1250.00",
        "freight": "112.00",
        "insurance": "8.00",
        "customs_value": "1250.00",
        "duties": "206.25",
        "taxes": "30.00",
        "fees": "2.75",
        "import_charges": "239.00",
        "landed": "1609.00",
    },
    "range": {
        "import_charges": {"low": "239.00", "high": "239.00"},
        "landed": {"low": "1609.00", "high": "1609.00"},
    },
    "charges": [
        charge("general", "duty", "206.25", item="1", allocation=[]),
        charge(
            "vat",
            "tax",
            "30.00",
            covers=["duty", "tax", "fee"],
            local={"amount": "518.10", "currency": "MXN"},
            collected="at_sale",
            allocation=[{"item": "1", "amount": "20.00"}, {"item": "2", "amount": "10.00"}],
        ),
        charge(
            "handling",
            "fee",
            "2.75",
            collected="at_delivery",
            rate=None,
            formula="2.75 USD",
            rule=rule("qz.handling", heading="9903.05.55", to="2026-12-31", status="reported"),
        ),
    ],
    "options": [
        {
            "regime": "us.informal",
            "name": texts("Informal entry"),
            "lawful": True,
            "chosen": True,
            "import_charges": "239.00",
            "needs": [],
        },
        {
            "regime": "us.formal",
            "name": texts("Formal entry"),
            "lawful": True,
            "chosen": False,
            "import_charges": None,
            "needs": [texts("A bond")],
        },
    ],
    "preferences": [
        {
            "item": "1",
            "agreement": "usmca",
            "name": texts("USMCA"),
            "available": True,
            "claimed": False,
            "best": True,
            "saving": "206.25",
            "saved": {"duties": "206.25", "taxes": "0.00", "fees": "0.00"},
            "still_due": [{"id": "us.s301fl", "name": texts("Forced-labour duty"), "amount": "10.00"}],
            "exempt": texts("No processing fee"),
            "paper": "none",
            "advice": advice("free_of_paperwork", saving="206.25 USD"),
            "proof": texts("A statement of origin"),
            "waiver": {"amount": "2500.00", "currency": "USD"},
            "waived": True,
            "break_even": None,
            "reason": {
                "code": "preference.evidence_missing",
                "level": "info",
                "params": {},
                "item": "1",
                "rule": None,
            },
        },
        {
            "item": "2",
            "agreement": "us_chile",
            "name": texts("US and Chile"),
            "available": True,
            "claimed": True,
            "best": True,
            "saving": "12.00",
            "saved": {"duties": "12.00", "taxes": "0.00", "fees": "0.00"},
            "still_due": [],
            "exempt": None,
            "paper": "certificate",
            "advice": advice("weigh", saving="12.00 USD"),
            "proof": texts("A certificate"),
            "waiver": None,
            "waived": False,
            "break_even": None,
            "reason": None,
        },
        {
            "item": "2",
            "agreement": "gsp",
            "name": texts("System of preferences"),
            "available": False,
            "claimed": False,
            "best": False,
            "saving": "5.00",
            "saved": {"duties": "5.00", "taxes": "0.00", "fees": "0.00"},
            "still_due": [],
            "exempt": None,
            "paper": "certificate",
            "advice": advice("weigh", saving="5.00 USD"),
            "proof": texts("Form A"),
            "waiver": None,
            "waived": False,
            "break_even": None,
            "reason": {"code": "preference.no_saving", "level": "info", "params": {}, "item": "2", "rule": None},
        },
    ],
    "restrictions": [
        {
            "id": "us.fda",
            "severity": "requires",
            "item": "2",
            "until": "2026-12-31",
            "message": texts("Prior notice since 2026-01-01"),
            "action": texts("File it"),
            "sources": [SOURCE],
            "rule": rule("us.fda"),
        },
        {
            "id": "us.label",
            "severity": "advises",
            "item": None,
            "until": None,
            "message": texts("Label in English"),
            "action": None,
            "sources": [{"title": "A book", "url": ""}],
            "rule": rule("us.label"),
        },
        {
            "id": "us.cites",
            "severity": "prohibits",
            "item": None,
            "until": None,
            "message": texts("Leather of protected animals"),
            "action": texts("Ask first"),
            "certain": False,
            "paper": texts("export permit"),
            "body": {"name": "The authority", "country": "MX", "url": "https://cites.example"},
            "lifts": texts("until the permit is there"),
            "sources": [SOURCE],
            "rule": rule("us.cites"),
        },
    ],
    "exchange_rates": [
        {
            "from": "MXN",
            "to": "USD",
            "rate": "0.0579",
            "date": "2026-11-20",
            "source": "A central bank",
            "kind": "market",
        }
    ],
    "delivery": {
        "ship_by": "2026-11-26",
        "earliest": "2026-12-01",
        "likely": "2026-12-03",
        "latest": "2026-12-04",
        "tracked": "to_border",
        "assumed": True,
        "legs": [
            {
                "name": "handling",
                "min_days": 1,
                "max_days": 2,
                "working_days": True,
                "source": "An assumption; https://legs.example/a",
                "status": "memory",
            },
            {
                "name": "line-haul",
                "min_days": 3,
                "max_days": 3,
                "working_days": False,
                "source": "A press report",
                "status": "reported",
            },
        ],
        "holidays": [{"date": "2026-11-26", "country": "US", "name": "Thanksgiving Day"}],
        "without_calendar": [],
    },
    "advisories": [
        {
            "code": "refund",
            "params": {},
            "texts": texts("A refund of export taxes"),
            "amount": {"amount": "3.00", "currency": "USD"},
        }
    ],
    "not_included": [{"id": "sales_tax", "text": texts("State sales tax")}],
}


def reason(code: str, level: str, item: str | None = None, /, **params: str) -> Json:
    """Return one reason."""
    return {"code": code, "level": level, "params": params, "item": item, "rule": None}


def estimated() -> Json:
    """Return an answer with a range and with reasons that ask something."""
    quote = copy.deepcopy(COMPLETE)
    quote["id"] = "q_01JZZZZZZZZZZZZZZZZZZZZZE1"
    quote["assessment"] = {
        "outcome": "estimated",
        "evidence": "C",
        "reasons": [
            reason(
                "exemption.asked",
                "estimated",
                "1",
                heading="9903.05.01",
                attribute="religious_use",
                question_en="Is it for religious use?",
                question_es="¿Es para uso religioso?",
                question_pt="É para uso religioso?",
            ),
            reason("measure.missing", "estimated", "2", rate="6.3¢/liter", measures="volume_l, weight"),
            reason("hs.classified", "estimated", "1", code="6109.10"),
            reason("freight.absent", "estimated", percent="30"),
            reason("fx.market_rate", "info"),
        ],
    }
    quote["range"] = {
        "import_charges": {"low": "200.00", "high": "300.00"},
        "landed": {"low": "1570.00", "high": "1670.00"},
    }
    quote["charges"][0]["range"] = {"low": "167.25", "high": "267.25"}
    return quote


def unbounded() -> Json:
    """Return an answer whose upper end nobody knows."""
    quote = estimated()
    quote["id"] = "q_01JZZZZZZZZZZZZZZZZZZZZZE2"
    quote["range"] = {
        "import_charges": {"low": "200.00", "high": None},
        "landed": {"low": "1570.00", "high": None},
    }
    quote["charges"][0]["range"] = {"low": "167.25", "high": None}
    return quote


def refused() -> Json:
    """Return an answer without a figure."""
    quote = copy.deepcopy(COMPLETE)
    quote["id"] = "q_01JZZZZZZZZZZZZZZZZZZZZZR1"
    quote["assessment"] = {
        "outcome": "refused",
        "evidence": "A",
        "reasons": [
            reason("regime.none", "refused"),
            reason("freight.absent", "estimated", percent="30"),
        ],
    }
    quote["totals"] = dict.fromkeys(quote["totals"]) | {"goods": "1250.00"}
    quote |= {"range": {}, "charges": [], "options": [], "preferences": [], "delivery": None}
    return quote


def in_two_currencies() -> Json:
    """Return an answer to a request that the form cannot say; :data:`MIXED` is the request."""
    return copy.deepcopy(COMPLETE) | {"id": "q_01JZZZZZZZZZZZZZZZZZZZZZM1"}


MIXED: Json = REQUEST | {"freight": {"amount": "1900.00", "currency": "MXN"}}
ALL = (COMPLETE, estimated(), unbounded(), refused(), in_two_currencies())
