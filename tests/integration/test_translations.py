"""Translations as they are kept: their source named by who writes, approved, stale, taken back; on both databases."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic_core import to_json
from sqlalchemy import select

from listings.changes import ConflictError
from listings.channels import Market, channels
from listings.model import Listing
from shopkit import db
from shopkit.models import MemoryUnit, Seller, StoredTerm
from shopkit.services import exports, gate, listings, translation_plans, translation_progress, translations
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.translation_plans import Plan
from shopkit.services.translation_progress import Progress
from shopkit.services.translations import Row, Written
from tests.shop import NOW, settings
from translations.freshness import digest
from translations.states import Allowance, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce
    from shopkit.services.listings import Kept

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
DRAFTED = Origin("engine", engine="apertium", version="3.8.3", direction="spa-eng_US", at="2026-11-27T12:00:00+00:00")
TAZA: dict[str, Any] = {"key": "taza", "title": "Taza azul", "description": "Pintada a mano."}


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return a shop with two sellers and no law, which texts do not ask."""
    database = db.open_database(database_url)
    ticks = iter(range(1_000_000))
    found = Services(
        settings(tmp_path), database, cast("LawInForce", None), now=lambda: NOW + timedelta(seconds=next(ticks))
    )
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    yield found
    database.dispose()


@pytest.fixture
def kept(services: Services) -> Kept:
    """Return the cup in Ana's shop."""
    return listings.create_listing(services, ANA, listing())


def listing(**more: Any) -> Listing:
    """Return the cup, with some fields replaced."""
    return Listing.model_validate_json(to_json(TAZA | more))


def row(services: Services, kept: Kept, path: str = "title") -> Row:
    """Return a text in English as it is now."""
    return translations.open_desk(services, ANA, kept.id, "en-US").row(path)


def write(services: Services, kept: Kept, text: str, path: str = "title", **more: Any) -> Row:
    """Write a text in English over what there is."""
    there = row(services, kept, path)
    return translations.write(services, ANA, kept.id, "en-US", Written(path, text, there.digest, there.version, **more))


def approve(services: Services, kept: Kept, path: str = "title") -> Row:
    """Approve what there is."""
    there = row(services, kept, path)
    at = Written(path, "", there.digest, there.version)
    return translations.review(services, ANA, kept.id, "en-US", "approved", at)


def retitle(services: Services, kept: Kept, title: str) -> None:
    """Change the source title."""
    now = listings.get_listing(services, ANA, kept.id)
    listings.save_listing(services, ANA, kept.id, listing(title=title), now.version)


def test_a_text_comes_back_with_what_it_was_made_of(services: Services, kept: Kept) -> None:
    """A draft, current, with the source and its digest; what was not written is missing."""
    found = write(services, kept, " Blue mug\r\n", origin=DRAFTED)

    assert found.kept is not None
    assert (found.text, found.kept.origin, found.kept.source) == ("Blue mug", DRAFTED, "Taza azul")
    assert (found.review, found.freshness, found.version) == ("draft", "current", 1)
    assert row(services, kept) == found
    assert (row(services, kept, "description").freshness, row(services, kept, "description").version) == ("missing", 0)


def test_a_text_goes_stale_by_its_source_alone(services: Services, kept: Kept) -> None:
    """Approved stays approved; it is current again when the source is what it was."""
    write(services, kept, "Blue mug", approve=True)
    found = [row(services, kept)]
    for title in ("Taza roja", "Taza azul"):
        retitle(services, kept, title)
        found.append(row(services, kept))

    assert [(one.review, one.freshness) for one in found] == [
        ("approved", "current"),
        ("approved", "changed"),
        ("approved", "current"),
    ]


def test_a_text_for_another_source_is_refused_and_shown(services: Services, kept: Kept) -> None:
    """Who read the old title and writes after it was changed is given the new one; nothing is kept."""
    old = row(services, kept)
    retitle(services, kept, "Taza roja")

    with pytest.raises(translations.SourceChangedError) as caught:
        translations.write(services, ANA, kept.id, "en-US", Written("title", "Blue mug", old.digest))
    with pytest.raises(translations.SourceChangedError):
        translations.review(services, ANA, kept.id, "en-US", "approved", Written("title", "", old.digest))
    assert caught.value.row == row(services, kept)
    assert row(services, kept).kept is None


def test_a_lost_update_is_refused_with_what_is_there_now(services: Services, kept: Kept) -> None:
    """The second of two who read the same version."""
    old = row(services, kept)
    first = write(services, kept, "Blue mug")

    with pytest.raises(translations.TextChangedError) as caught:
        translations.write(services, ANA, kept.id, "en-US", Written("title", "Azure mug", old.digest, old.version))
    assert caught.value.row == first


def test_approving_says_that_the_text_holds_for_the_source_there_is(services: Services, kept: Kept) -> None:
    """A stale text that is looked at and approved is current; who did it and when is kept."""
    write(services, kept, "Mug", approve=True)
    retitle(services, kept, "Taza roja")
    found = approve(services, kept)

    assert found.kept is not None
    assert (found.freshness, found.kept.source, found.kept.reviewed_by) == ("current", "Taza roja", "u_ana")
    assert found.kept.reviewed_at == found.kept.updated_at


def test_a_persons_edit_makes_a_draft_again_and_keeps_where_it_is_from(services: Services, kept: Kept) -> None:
    """The machine's draft stays known under the person's text."""
    write(services, kept, "Blue cup", origin=DRAFTED, approve=True)
    found = write(services, kept, "Blue mug")

    assert found.kept is not None
    assert (found.review, found.kept.origin) == ("draft", Origin("person", after=DRAFTED))
    assert found.kept.reviewed_by is None


def test_the_same_text_again_changes_nothing(services: Services, kept: Kept) -> None:
    """Neither version nor history, nor the approval."""
    first = write(services, kept, "Blue mug", approve=True)

    assert write(services, kept, "Blue mug ") == first
    assert len(translations.history(services, ANA, kept.id, "en-US", "title")) == 1


def test_a_locked_text_is_not_changed(services: Services, kept: Kept) -> None:
    """Written, approved, taken back: refused until somebody opens it; also where there is no text yet."""
    first = write(services, kept, "Blue mug")
    translations.lock(services, ANA, kept.id, "en-US", "title", locked=True)
    translations.lock(services, ANA, kept.id, "en-US", "description", locked=True)
    change = translations.history(services, ANA, kept.id, "en-US", "title")[-1]

    with pytest.raises(translations.LockedError):
        write(services, kept, "Azure mug")
    with pytest.raises(translations.LockedError):
        approve(services, kept)
    with pytest.raises(translations.LockedError):
        translations.undo(services, ANA, kept.id, "en-US", "title", change.id)
    with pytest.raises(translations.LockedError):
        write(services, kept, "Painted by hand.", "description")
    opened = translations.lock(services, ANA, kept.id, "en-US", "title", locked=False)
    assert opened.kept is not None
    assert (opened.text, opened.version) == (first.text, 3)


def test_every_saving_is_remembered_and_taken_back(services: Services, kept: Kept) -> None:
    """An edit over an approved text is undone: it is approved again by whom it was; that is a saving too."""
    first = write(services, kept, "Blue mug", approve=True)
    write(services, kept, "Azure mug")
    change = translations.history(services, ANA, kept.id, "en-US", "title")[0]

    found = translations.undo(services, ANA, kept.id, "en-US", "title", change.id)
    assert found.kept is not None
    assert first.kept is not None
    assert replace(found.kept, version=1, updated_at=first.kept.updated_at) == first.kept
    last = translations.history(services, ANA, kept.id, "en-US", "title")[0]
    assert (last.version, last.who, last.via) == (3, "u_ana", f"undo:{change.id}")


def test_the_first_saving_taken_back_takes_the_text_away(services: Services, kept: Kept) -> None:
    """It is missing then, and nobody's approval is left."""
    write(services, kept, "Blue mug", approve=True)
    (first,) = translations.history(services, ANA, kept.id, "en-US", "title")

    found = translations.undo(services, ANA, kept.id, "en-US", "title", first.id)
    assert (found.freshness, found.review, found.text) == ("missing", None, "")


def test_a_saving_that_was_overwritten_is_not_taken_back(services: Services, kept: Kept) -> None:
    """The conflict names what changed again since."""
    write(services, kept, "Blue mug")
    write(services, kept, "Azure mug")
    (_, first) = translations.history(services, ANA, kept.id, "en-US", "title")

    with pytest.raises(ConflictError) as caught:
        translations.undo(services, ANA, kept.id, "en-US", "title", first.id)
    assert caught.value.paths == (("text",),)


def test_another_sellers_texts_are_not_there(services: Services, kept: Kept) -> None:
    """Read, written, approved, locked, dismissed, their history or its undoing."""
    write(services, kept, "Blue mug")
    at = Written("title", "Mine", digest("Taza azul"), 1)

    def doors() -> Iterator[Any]:
        yield lambda: translations.open_desk(services, EVA, kept.id, "en-US")
        yield lambda: translations.write(services, EVA, kept.id, "en-US", at)
        yield lambda: translations.review(services, EVA, kept.id, "en-US", "approved", at)
        yield lambda: translations.lock(services, EVA, kept.id, "en-US", "title", locked=True)
        yield lambda: translations.dismiss(services, EVA, kept.id, "en-US", at, finding="x", reason="y")
        yield lambda: translations.history(services, EVA, kept.id, "en-US", "title")
        yield lambda: translations.undo(services, EVA, kept.id, "en-US", "title", 1)

    for door in doors():
        with pytest.raises(ListingNotFoundError):
            door()
    assert row(services, kept).text == "Blue mug"


def test_a_viewer_changes_nothing(services: Services, kept: Kept) -> None:
    """Looking is allowed."""
    viewer = replace(ANA, role="viewer")
    at = Written("title", "Blue mug", digest("Taza azul"))

    with pytest.raises(ForbiddenError):
        translations.write(services, viewer, kept.id, "en-US", at)
    with pytest.raises(ForbiddenError):
        translation_plans.save_plan(services, viewer, Plan())
    assert translations.open_desk(services, viewer, kept.id, "en-US").row("title").kept is None


def test_the_memory_holds_what_is_approved_and_withdraws_what_was_replaced(services: Services, kept: Kept) -> None:
    """A draft is not remembered; another approved wording takes the place of the first; a rejection leaves none."""
    found = []
    for text, verdict in (("Blue mug", "draft"), ("Blue mug", "approved"), ("Azure mug", "draft")):
        write(services, kept, text, approve=verdict == "approved")
        found.append(remembered(services))
    approve(services, kept)
    found.append(remembered(services))
    there = row(services, kept)
    translations.review(services, ANA, kept.id, "en-US", "rejected", Written("title", "", there.digest, there.version))

    assert found == [[], ["Blue mug"], ["Blue mug"], ["Azure mug"]]
    assert remembered(services) == []


def remembered(services: Services) -> list[str]:
    """Return the wordings that the memory offers."""
    with services.database.reading() as session:
        return list(session.scalars(select(MemoryUnit.target).where(MemoryUnit.withdrawn_at.is_(None))))


def test_the_gate_opens_for_what_is_approved_and_current(services: Services, kept: Kept) -> None:
    """Stale it closes, approved again it opens; for a channel of which the seller says so it stays open."""
    plan = Plan(allowances={"meta": Allowance(changed=True)})
    translation_plans.save_plan(services, ANA, plan)
    write(services, kept, "Blue mug", approve=True)
    write(services, kept, "Painted by hand.", "description", approve=True)
    retitle(services, kept, "Taza roja")

    def doors() -> dict[str, bool]:
        now = listings.get_listing(services, ANA, kept.id)
        return {name: gate.going_out(services, ANA, now, "en-US", name).is_open for name in ("google", "meta")}

    closed = doors()
    approve(services, kept)
    assert (closed, doors()) == ({"google": False, "meta": True}, {"google": True, "meta": True})


def test_an_export_in_a_language_holds_back_what_may_not_leave(services: Services, kept: Kept) -> None:
    """A listing that is through is written in that language alone, the other is named with its reasons."""
    listings.create_listing(services, ANA, listing(key="plato", title="Plato"))
    write(services, kept, "Blue mug", approve=True)
    write(services, kept, "Painted by hand.", "description", approve=True)
    out = io.StringIO(newline="")

    sent = exports.export_in(services, ANA, "shopify", out, "en-US", "google")
    assert (sent.count, [one.key for one in sent.back]) == (1, ["plato"])
    assert [(leaf.path, why) for leaf, why in sent.back[0].held] == [
        ("title", ("missing",)),
        ("description", ("missing",)),
    ]
    assert "Blue mug" in out.getvalue()
    assert "Taza" not in out.getvalue()


def test_a_market_is_shown_its_own_language_where_that_may_leave(services: Services, kept: Kept) -> None:
    """Jamaica reads English when there is some that may leave, else the listing as it is."""
    jamaica, channel = Market.of("JM"), channels()["google"]
    translation_plans.save_plan(services, ANA, Plan(("en",)))
    before = gate.as_shown(services, ANA, [kept], jamaica, channel)
    for path, text in (("title", "Blue mug"), ("description", "Painted by hand.")):
        there = translations.open_desk(services, ANA, kept.id, "en").row(path)
        written = Written(path, text, there.digest, approve=True)
        translations.write(services, ANA, kept.id, "en", written)

    after = gate.as_shown(services, ANA, [kept], jamaica, channel)
    assert (before[kept.id].title, after[kept.id].title, after[kept.id].language) == ("Taza azul", "Blue mug", "en")


def test_what_a_check_stops_is_not_approved_until_it_is_let_be(services: Services, kept: Kept) -> None:
    """A number that changed stops it; with a reason it is let be, until the text or its source change again."""
    retitle(services, kept, "Taza de 350 ml")
    row_ = write(services, kept, "Mug, 250 ml")
    with pytest.raises(translations.BlockedError) as caught:
        approve(services, kept)
    (found,) = caught.value.findings
    at = Written("title", "", row_.digest, row_.version)
    translations.dismiss(services, ANA, kept.id, "en-US", at, finding=found.name, reason="es la chica")
    approved = approve(services, kept)

    assert approved.review == "approved"
    assert approved.kept is not None
    assert [(one["reason"], one["who"]) for one in approved.kept.dismissed] == [("es la chica", "u_ana")]
    retitle(services, kept, "Taza grande de 350 ml")
    with pytest.raises(translations.BlockedError):
        approve(services, kept)


def test_a_stop_that_came_later_closes_the_gate(services: Services, kept: Kept) -> None:
    """A word that the shop forbids after a text was approved holds it back."""
    for path, text in (("title", "Tee, blue"), ("description", "Painted by hand.")):
        write(services, kept, text, path, approve=True)
    before = gate.going_out(services, ANA, kept, "en-US", "google")
    term = {
        "concept": "t-shirt",
        "text": "tee",
        "locale": "en",
        "status": "forbidden",
        "reason": "house",
        "replacement": "T-shirt",
    }
    with services.database.writing.begin() as session:
        session.add(StoredTerm(seller_id="s_1", key="tee", document=term, version=1, updated_at=NOW))

    after = gate.going_out(services, ANA, kept, "en-US", "google")
    assert (before.is_open, after.is_open) == (True, False)
    assert [(leaf.path, why) for leaf, why in after.held] == [("title", ("finding",))]


def test_a_word_that_a_channel_does_not_take_holds_it_back_there(services: Services, kept: Kept) -> None:
    """Approved it leaves by the others; so does a word that is no promotion."""
    write(services, kept, "Blue mug, free shipping", approve=True)
    write(services, kept, "Painted by hand.", "description", approve=True)

    doors = {name: gate.going_out(services, ANA, kept, "en-US", name) for name in ("google", "etsy")}
    assert {name: one.is_open for name, one in doors.items()} == {"google": False, "etsy": True}
    assert [why for _, why in doors["google"].held] == [("finding",)]


def test_a_plan_that_somebody_changed_meanwhile_is_not_overwritten(services: Services) -> None:
    """The second of two who read the same is refused."""
    first = translation_plans.save_plan(services, ANA, Plan(("pt-BR",), {"pt-BR": "você"}))

    with pytest.raises(translation_plans.PlanChangedError):
        translation_plans.save_plan(services, ANA, Plan(("en-US",)))
    assert translation_plans.get_plan(services, ANA) == first == Plan(("pt-BR",), {"pt-BR": "você"}, {}, 1)
    assert translation_plans.get_plan(services, EVA) == Plan()


def test_a_listing_is_not_translated_into_its_own_language(services: Services, kept: Kept) -> None:
    """There is nothing to translate."""
    with pytest.raises(translations.SameLanguageError):
        translations.open_desk(services, ANA, kept.id, "es")


def test_progress_is_counted_anew_for_what_was_saved(services: Services, kept: Kept) -> None:
    """A text that is written, approved or left behind by its source is told at once; another seller has their own."""
    found = [translation_progress.progress(services, ANA)[0]]
    write(services, kept, "Blue mug")
    found.append(translation_progress.progress(services, ANA)[0])
    approve(services, kept)
    found.append(translation_progress.progress(services, ANA)[0])
    listings.save_listing(services, ANA, kept.id, listing(title="Taza roja"), kept.version)
    found.append(translation_progress.progress(services, ANA)[0])

    assert found == [
        Progress("en-US", missing=2),
        Progress("en-US", draft=1, missing=1),
        Progress("en-US", done=1, missing=1),
        Progress("en-US", changed=1, missing=1),
    ]
    assert translation_progress.progress(services, EVA) == ()
