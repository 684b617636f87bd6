"""A seller's own words: kept over ours, found by checks, removed; nobody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from shopkit import db
from shopkit.models import Seller
from shopkit.services import own_terms
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.checking import terms_of
from shopkit.services.context import Services
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.own_terms import Said, TermError
from tests.shop import NOW, settings
from translations.checks import Context, check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return a shop with two sellers and no law."""
    database = db.open_database(database_url)
    found = Services(settings(tmp_path), database, cast("LawInForce", None), now=lambda: NOW)
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    yield found
    database.dispose()


def findings(services: Services, actor: Actor, source: str, target: str) -> list[tuple[str, str]]:
    """Return what the checks of words find with a seller's own."""
    with services.database.reading() as session:
        terms = terms_of(session, actor)
    found = check(source, target, Context("es-MX", "en-US", terms=terms))
    return [(one.id, one.severity) for one in found if one.id in {"check_glossary", "forbidden_term"}]


def test_what_a_shop_calls_a_thing_is_asked_of_its_texts(services: Services) -> None:
    """A word that we do not know, in a market; another shop is not asked."""
    own_terms.keep_term(services, ANA, Said("called", "xoloitzle", "hairless-dog figurine", "es", "en-US"))

    wrong = ("Xoloitzle grande", "Large figure")
    assert findings(services, ANA, *wrong) == [("check_glossary", "warn")]
    assert findings(services, ANA, wrong[0], "Large hairless-dog figurine") == []
    assert findings(services, EVA, *wrong) == []


def test_what_a_shop_does_not_say_stops_a_text(services: Services) -> None:
    """With the word to use instead."""
    own_terms.keep_term(services, ANA, Said("never", "cheap", "affordable", "es", "en-US"))

    assert findings(services, ANA, "Taza económica", "Cheap mug") == [("forbidden_term", "block")]


def test_what_stays_as_it_is_is_missed_where_it_was_translated(services: Services) -> None:
    """In every language."""
    own_terms.keep_term(services, ANA, Said("keep", "Xinantécatl"))

    assert findings(services, ANA, "Taza Xinantécatl", "Volcano mug") == [("check_glossary", "block")]
    assert findings(services, ANA, "Taza Xinantécatl", "Xinantécatl mug") == []


def test_a_word_is_kept_once_and_removed(services: Services) -> None:
    """The same again changes nothing; another seller cannot remove it."""
    said = Said("keep", " Xinantécatl ")
    (first,) = own_terms.keep_term(services, ANA, said)

    assert own_terms.keep_term(services, ANA, said) == (first,)
    assert own_terms.own_terms(services, ANA) == (first,)
    with pytest.raises(ListingNotFoundError):
        own_terms.remove_term(services, EVA, first.key)
    own_terms.remove_term(services, ANA, first.key)
    assert own_terms.own_terms(services, ANA) == ()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said("keep", "…"), "word"),
        (Said("keep", "x" * 121), "word"),
        (Said("called", "taza", "", "es", "en-US"), "other"),
        (Said("called", "taza", "mug", "es", "xx"), "locale"),
    ],
)
def test_what_cannot_be_kept_says_why(services: Services, said: Said, field: str) -> None:
    """And a viewer keeps nothing."""
    with pytest.raises(TermError) as caught:
        own_terms.keep_term(services, ANA, said)
    assert caught.value.field == field
    with pytest.raises(ForbiddenError):
        own_terms.keep_term(services, replace(ANA, role="viewer"), Said("keep", "Oax"))
