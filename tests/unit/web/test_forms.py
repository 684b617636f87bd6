"""The form: what it asks of every door, what it says at which field, and that a kept request fills it again."""

from __future__ import annotations

import copy

import pytest
from werkzeug.datastructures import MultiDict

from shopkit.services.problems import RequestProblem
from shopkit.web.filling import EXAMPLE, can_edit, fill
from shopkit.web.forms import Form, build, place_problems, read_form
from tests.unit.web import samples
from translations.ui import speech

ENGLISH = speech("en", ["en-US"])
BRAZILIAN = speech("pt", ["pt-BR"])


def sent(**fields: str | list[str]) -> Form:
    """Return the form of a shirt from Mexico to California with fields of it changed; ``__`` stands for ``-``."""
    plain: dict[str, str | list[str]] = {
        "count": "1",
        "items-0-description": "playera",
        "items-0-price": "25,00",
        "currency": "USD",
        "items-0-quantity": "2",
        "items-0-weight_unit": "g",
        "from": "MX",
        "to": "US",
        "channel": "courier",
        "terms": "DAP",
        "date": "2026-11-23",
    }
    plain |= {name.replace("__", "-"): text for name, text in fields.items()}
    pairs = [(name, one) for name, text in plain.items() for one in (text if isinstance(text, list) else [text])]
    return read_form(MultiDict(pairs))


def test_the_request_is_what_every_door_reads() -> None:
    """A filled form becomes the request of the contract; what is empty is left out, not zero."""
    form = sent(region="US-CA", freight="0", items__0__weight="200", items__0__origin="MX", insurance="")

    assert build(form, ENGLISH).request == {
        "dispatch": {"country": "MX"},
        "destination": {"country": "US", "region": "CA"},
        "date": "2026-11-23",
        "channel": "courier",
        "terms": "DAP",
        "importer": {"kind": "consumer"},
        "seller": {"schemes": [], "registrations": []},
        "price_includes": [],
        "items": [
            {
                "description": "playera",
                "origin": "MX",
                "quantity": "2",
                "unit_price": {"amount": "25.00", "currency": "USD"},
                "weight": {"value": "200", "unit": "g"},
            }
        ],
        "freight": {"amount": "0", "currency": "USD"},
        "save": True,
    }


def test_cargo_has_its_own_terms() -> None:
    """The fields that only cargo has count for cargo, and for nothing else."""
    fields = {"transport": "sea", "incoterm": "CIF", "place": "Veracruz"}
    cargo = build(sent(channel="freight", **fields), ENGLISH).request
    parcel = build(sent(**fields), ENGLISH).request

    assert [cargo.get(name) for name in ("transport", "terms", "place")] == ["sea", "CIF", "Veracruz"]
    assert [parcel.get(name) for name in ("transport", "terms", "place")] == [None, "DAP", None]


def test_a_code_that_was_typed_wins_over_one_that_was_offered() -> None:
    """An offered code counts only where none was typed."""
    typed = build(sent(items__0__hs_code="6109.10", items__0__pick="6109.90"), ENGLISH)
    picked = build(sent(items__0__pick="6109.90"), ENGLISH)

    assert [one.request["items"][0]["hs_code"] for one in (typed, picked)] == ["6109.10", "6109.90"]


def test_answers_to_questions_are_sent() -> None:
    """Measures and answers about an item go with it; those that no law asks for are left out."""
    form = sent(
        **{
            "items-0-measures-volume_l": "0,75",
            "items-0-measures-copper_kg": "0.1",
            "items-0-measures-nonsense": "1",
            "items-0-attributes-religious_use": "no",
            "items-0-attributes-nonsense": "yes",
        }
    )
    item = build(form, ENGLISH).request["items"][0]

    assert item["measures"] == {"volume_l": "0.75", "copper_kg": "0.1"}
    assert item["attributes"] == {"religious_use": "no"}


def test_what_cannot_be_read_is_said_at_its_field() -> None:
    """A number that is none, or could be two, is an error at its field and no part of the request."""
    form = sent(items__0__price="1.250", freight="doce", region="BR-SP")
    request = build(form, ENGLISH).request

    assert form.errors == {
        "items-0-price": "“1.250” can be read in two ways. Write 1250, or 1.2500.",
        "freight": "“doce” is not a number. Write digits only, like 25 or 25.50.",
        "region": "This state is in another country than the destination. Choose one of the destination, or none.",
    }
    assert "unit_price" not in request["items"][0]
    assert "freight" not in request


@pytest.mark.parametrize(
    ("pointer", "field"),
    [
        ("/items/0/unit_price", "items-0-price"),
        ("/items/0/unit_price/amount", "items-0-price"),
        ("/items/0/unit_price/currency", "currency"),
        ("/items/0/measures/volume_l", "items-0-measures-volume_l"),
        ("/items/0/attributes", "items-0-description"),
        ("/destination/country", "to"),
        ("/dispatch/postal_code", "from_postal"),
        ("/seller/schemes/0", "schemes"),
        ("/parcel/gross_weight", "gross_weight"),
        ("/parcel", "gross_weight"),
        ("/parcel/dimensions/width", "width"),
        ("/parcel/dimensions", "length"),
        ("/freight_service/card", "freight_service"),
        ("/handling/cut_off", "cut_off"),
        ("/handling/making", "making_min"),
        ("/handling/making/max", "making_max"),
        ("/handling/closed/0", "closed_first"),
        ("/handling/closed/1/last", "closed_again_last"),
        ("/handling/days/max", "days_max"),
        ("/handling/weekdays/0", "weekdays"),
        ("/items/0/shelf_life_days", "items-0-shelf_life"),
        ("/compliance_cost/amount", "compliance_cost"),
    ],
)
def test_problems_stand_at_their_fields(pointer: str, field: str) -> None:
    """What the services say of a pointer stands at the field that the pointer came from."""
    form = sent()
    place_problems(form, build(form, ENGLISH), [RequestProblem(pointer, "required")], ENGLISH)

    assert (form.errors, form.general) == ({field: "This is needed."}, [])


def test_what_belongs_to_no_field_is_said_all_the_same() -> None:
    """A problem of no field stands at the head of the form, and the first word about a field stays."""
    form = sent()
    problems = [
        RequestProblem("", "type.object"),
        RequestProblem("/date", "date.invalid"),
        RequestProblem("/date", "required"),
    ]
    place_problems(form, build(form, ENGLISH), problems, ENGLISH)

    assert form.general == ["An object with named fields is expected."]
    assert form.errors == {"date": "Not a date: write YYYY-MM-DD."}


def test_what_is_wrong_is_listed_in_the_order_of_the_form() -> None:
    """Errors are listed as a reader meets the fields, with the field's own label and the number of its product."""
    form = sent(count="2")
    form.errors = {"to": "c", "items-1-price": "b", "items-0-measures-volume_l": "d", "items-0-description": "a"}

    assert [(label, text) for _, label, text in form.listed(ENGLISH)] == [
        ("1. What is it?", "a"),
        ("1. volume (l)", "d"),
        ("2. Price of one", "b"),
        ("Destination", "c"),
    ]


def test_a_problem_of_the_only_closed_time_stands_at_its_own_fields() -> None:
    """Where only the second pair of days is filled, it is the first of the request, and its problems find it there."""
    form = sent(closed_again_first="2026-12-24", closed_again_last="2026-12-20")
    built = build(form, ENGLISH)
    place_problems(form, built, [RequestProblem("/handling/closed/0/last", "date.before")], ENGLISH)

    assert built.request["handling"] == {"closed": [{"first": "2026-12-24", "last": "2026-12-20"}]}
    assert list(form.errors) == ["closed_again_last"]


@pytest.mark.parametrize("spoken", [ENGLISH, BRAZILIAN])
def test_a_kept_request_fills_the_form_again(spoken: object) -> None:
    """A request that the form can say comes out of the filled form as it went in."""
    assert spoken in (ENGLISH, BRAZILIAN)
    to = BRAZILIAN if spoken is BRAZILIAN else ENGLISH
    full = copy.deepcopy(samples.REQUEST) | {
        "channel": "freight",
        "transport": "sea",
        "terms": "FOB",
        "place": "Veracruz",
        "currency": "MXN",
        "ready_on": "2026-11-20",
        "exported_on": "2026-11-21",
        "importer": {
            "kind": "business",
            "tax_id": "12-345",
            "prior_use": {"day_value": {"amount": "10.5", "currency": "USD"}, "year_parcels": 3},
        },
        "seller": {"schemes": ["br.remessa_conforme"], "registrations": ["CL", "MX"]},
        "price_includes": ["duties", "taxes"],
        "parcel": {
            "gross_weight": {"value": "12.25", "unit": "kg"},
            "dimensions": {"length": "30", "width": "20.5", "height": "10", "unit": "cm"},
        },
        "handling": {
            "ordered_at": "2026-11-18T15:30",
            "cut_off": "14:00",
            "making": {"min": 3, "max": 5},
            "days": {"min": 1, "max": 2},
            "weekdays": ["mon", "tue", "sat"],
            "works_holidays": True,
            "closed": [
                {"first": "2026-12-24", "last": "2027-01-02"},
                {"first": "2027-08-02", "last": "2027-08-13"},
            ],
        },
        "freight_service": {"card": "illustrative", "service": "express"},
        "insurance": {"amount": "0.00", "currency": "USD"},
        "compliance_cost": {"amount": "35.00", "currency": "USD"},
    }
    full["items"][0] |= {
        "origin_evidence": "declared",
        "preference": "usmca",
        "measures": {"volume_l": "0.75"},
        "attributes": {"religious_use": "no"},
        "declared_value": {"amount": "3.10", "currency": "USD"},
        "shelf_life_days": 90,
        "min_remaining_days": 0,
    }

    assert can_edit(full)
    assert build(fill(full, to), to).request == full


def test_only_what_the_form_can_say_is_changed_in_it() -> None:
    """A request in two currencies, with many items or with a schedule of its own is shown, not edited."""
    mixed = samples.REQUEST | {"freight": {"amount": "1", "currency": "MXN"}}
    many = samples.REQUEST | {"items": samples.REQUEST["items"] * 3}
    national = samples.REQUEST | {"items": [samples.REQUEST["items"][0] | {"hs_schedule": "BR"}]}

    assert [can_edit(one) for one in (samples.REQUEST, EXAMPLE, mixed, many, national)] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"handling": {"closed": [{"first": "2026-12-24", "last": "2026-12-24"}] * 3}},
        {"compliance_cost": {"amount": "1", "currency": "MXN"}},
    ],
)
def test_what_the_form_would_lose_is_not_changed_in_it(more: samples.Json) -> None:
    """A third closed time and a cost in other money have no fields."""
    assert not can_edit(samples.REQUEST | more)


def test_inches_are_changed_as_centimetres() -> None:
    """A box in inches fills the fields in centimetres, exactly."""
    sides = {"length": "10", "width": "10.5", "height": "1", "unit": "in"}
    form = fill(samples.REQUEST | {"parcel": {"dimensions": sides}}, ENGLISH)

    assert [form.value(name) for name in ("length", "width", "height")] == ["25.4", "26.67", "2.54"]


@pytest.mark.parametrize(
    ("count", "room"), [("", 1), ("2", 2), ("99", 5), ("-1", 1), ("x", 1), ("9" * 99, 1), ("٣", 1)]
)
def test_a_form_has_room_for_few_items(count: str, room: int) -> None:
    """Whatever is sent as the count, the form has room for one to five products."""
    assert Form({"count": [count]}).count == room
