"""A shop's people, keys, company and its end; on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from listings.model import Listing
from shopkit.models import ApiKey, AuditEntry, Base, Membership, Seller, SignIn, StoredListing, User
from shopkit.services import accounts, audit, companies, demo, keys, leaving, listings, sessions, team
from shopkit.services.accounts import SignUp
from shopkit.services.actors import ROLES, Actor, ForbiddenError
from shopkit.services.companies import Said
from shopkit.services.tokens import new_id
from tests.integration.test_accounts import (
    ANA,
    HOME,
    PASSWORD,
    ROOT,
    Clock,
    clock,
    count_of,
    opened,
    services,
    token_in,
    who,
)
from tests.shop import letters

if TYPE_CHECKING:
    from shopkit.services.actors import Role
    from shopkit.services.context import Services

__all__ = ["clock", "services"]
EVA = SignUp("eva@taller.mx", "Eva", PASSWORD, "es", "Taller de Eva", "CO", "COP")


def owner(services: Services, asked: SignUp = ANA) -> Actor:
    """Return the owner of a new shop."""
    actor = who(services, opened(services, asked)).actor()
    assert actor is not None
    return actor


def joined(services: Services, actor: Actor, email: str, role: Role) -> Actor:
    """Return somebody new who was invited and came."""
    team.invite(services, actor, email, role, "en", ROOT)
    found = team.accept_as_new(services, token_in(services, email), email[:3], PASSWORD, "es", HOME)
    actor_ = who(services, found).actor()
    assert actor_ is not None
    return actor_


def roles(services: Services, actor: Actor) -> dict[str, str]:
    """Return who works for the shop as what."""
    return {one.email: one.role for one in team.members(services, actor)}


def test_who_is_invited_joins_with_a_new_account(services: Services) -> None:
    """The letter names shop and inviter, the link opens an account and the shop, once."""
    ana = owner(services)
    luis = joined(services, ana, "luis@taller.mx", "editor")

    assert letters(services)[-1].subject == "Taller de Ana invites you to shopkit"
    assert roles(services, ana) == {"ana@taller.mx": "owner", "luis@taller.mx": "editor"}
    assert (luis.role, luis.seller_id) == ("editor", ana.seller_id)
    assert team.invitations(services, ana) == ()
    with pytest.raises(accounts.LinkError):
        team.accept_as_new(services, token_in(services, "luis@taller.mx"), "x", PASSWORD, "es", HOME)


def test_who_has_an_account_joins_with_it(services: Services, clock: Clock) -> None:
    """The session then looks at the new shop; the old one is still theirs."""
    ana = owner(services)
    signed = opened(services, EVA)
    team.invite(services, ana, "eva@taller.mx", "viewer", "es", ROOT)
    token = token_in(services, "eva@taller.mx")

    with pytest.raises(accounts.LinkError):
        team.accept_as_new(services, token, "x", PASSWORD, "es", HOME)
    clock.now += timedelta(hours=1)
    team.accept(services, who(services, signed), token)
    eva = who(services, signed)
    assert [(one.name, one.role) for one in eva.shops] == [("Taller de Eva", "owner"), ("Taller de Ana", "viewer")]
    assert eva.shop == eva.shops[1]


def test_an_invitation_is_for_one_address(services: Services) -> None:
    """Somebody else who holds the link does not come in with it."""
    ana = owner(services)
    signed = opened(services, EVA)
    team.invite(services, ana, "luis@taller.mx", "owner", "es", ROOT)

    with pytest.raises(team.OtherPersonError):
        team.accept(services, who(services, signed), token_in(services, "luis@taller.mx"))
    assert len(who(services, signed).shops) == 1


def test_an_invitation_that_was_taken_back_or_replaced_opens_nothing(services: Services) -> None:
    """A second one to the same address replaces the first."""
    ana = owner(services)
    team.invite(services, ana, "luis@taller.mx", "owner", "es", ROOT)
    first = token_in(services, "luis@taller.mx")
    team.invite(services, ana, "luis@taller.mx", "viewer", "es", ROOT)
    second = token_in(services, "luis@taller.mx")

    with pytest.raises(accounts.LinkError):
        team.find_invitation(services, first)
    team.withdraw(services, ana, team.invitations(services, ana)[0].id)
    with pytest.raises(accounts.LinkError):
        team.find_invitation(services, second)


def test_who_works_there_is_not_invited(services: Services) -> None:
    """The owner is told so."""
    ana = owner(services)

    with pytest.raises(team.MemberError):
        team.invite(services, ana, "ANA@taller.mx", "viewer", "es", ROOT)


def test_the_last_owner_stays(services: Services) -> None:
    """They can neither leave nor become less while nobody else is one."""
    ana = owner(services)
    luis = joined(services, ana, "luis@taller.mx", "editor")

    with pytest.raises(team.LastOwnerError):
        team.remove(services, ana, str(ana.user_id))
    with pytest.raises(team.LastOwnerError):
        team.set_role(services, ana, str(ana.user_id), "viewer")
    team.set_role(services, ana, str(luis.user_id), "owner")
    team.remove(services, ana, str(ana.user_id))
    assert roles(services, luis) == {"luis@taller.mx": "owner"}


def test_two_owners_who_leave_at_once_do_not_both_go(services: Services) -> None:
    """One of them is told to stay, every time."""
    ana = owner(services)
    luis = joined(services, ana, "luis@taller.mx", "owner")

    def leave(actor: Actor) -> bool:
        try:
            team.remove(services, actor, str(actor.user_id))
        except team.LastOwnerError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        gone = list(threads.map(leave, (ana, luis)))

    assert sorted(gone) == [False, True]
    assert count_of(services, Membership) == 1


def test_who_was_removed_is_out_at_once(services: Services) -> None:
    """The session goes on, and leads to no shop."""
    ana = owner(services)
    team.invite(services, ana, "luis@taller.mx", "editor", "es", ROOT)
    signed = team.accept_as_new(services, token_in(services, "luis@taller.mx"), "Luis", PASSWORD, "es", HOME)
    team.remove(services, ana, who(services, signed).user_id)

    assert who(services, signed).actor() is None


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_owners_alone_rule_team_and_keys(services: Services, role: Role) -> None:
    """Editors and viewers see who works there, and change nothing of it."""
    ana = owner(services)
    other = joined(services, ana, "luis@taller.mx", role)
    made = keys.create_key(services, ana, "one", [], 60).key
    deeds: list[Any] = [
        lambda: team.invite(services, other, "x@taller.mx", "viewer", "es", ROOT),
        lambda: team.set_role(services, other, str(other.user_id), "owner"),
        lambda: team.remove(services, other, str(ana.user_id)),
        lambda: team.invitations(services, other),
        lambda: keys.create_key(services, other, "mine", [], 60),
        lambda: keys.list_keys(services, other),
        lambda: keys.revoke_key(services, other, made.id),
        lambda: audit.entries(services, other),
        lambda: leaving.export(services, other),
        lambda: leaving.delete_shop(services, other, "Taller de Ana"),
    ]

    for deed in deeds:
        with pytest.raises(ForbiddenError):
            deed()
    assert roles(services, other) == {"ana@taller.mx": "owner", "luis@taller.mx": role}


@given(st.sampled_from(ROLES), st.sampled_from(ROLES))
def test_a_role_may_what_lower_ones_may(held: Role, needed: Role) -> None:
    """Owner, editor, viewer: each may all that those below it may, and nothing above."""
    assert Actor("s", held).may(needed) is (ROLES.index(held) >= ROLES.index(needed))


def test_a_key_is_kept_as_its_hash(services: Services) -> None:
    """Neither the table nor the list holds what opens; the beginning tells keys apart."""
    ana = owner(services)
    made = keys.create_key(services, ana, "Tienda", ["listings:write"], 600)
    with services.database.reading() as session:
        row = session.scalars(select(ApiKey)).one()

    assert made.secret.startswith("sk_live_")
    assert made.secret not in {getattr(row, column.name) for column in ApiKey.__table__.columns}
    assert keys.find_key(services, row.hash) is None
    found = keys.find_key(services, made.secret)
    assert found is not None
    assert {scope for scope in keys.SCOPES if found.allows(scope)} == {"listings:read", "listings:write"}
    assert found.actor("listings:write", "192.0.2.1") == Actor(
        ana.seller_id, "editor", None, f"key:{made.key.prefix}", "192.0.2.1"
    )


def test_another_shops_key_is_not_there(services: Services) -> None:
    """It cannot be listed or revoked."""
    ana, eva = owner(services), owner(services, EVA)
    made = keys.create_key(services, ana, "one", [], 60).key

    with pytest.raises(keys.KeyNotFoundError):
        keys.revoke_key(services, eva, made.id)
    assert keys.list_keys(services, eva) == ()


def test_a_form_makes_its_key_once(services: Services) -> None:
    """Sent again, by a reload or a second click, it makes no other, and no key of another shop is seen through it."""
    ana, eva = owner(services), owner(services, EVA)
    id_ = new_id("k", services.now())
    made = keys.create_key(services, ana, "Tienda", [], 60, id_=id_).key

    for who_, name in ((ana, "Tienda"), (eva, "mine")):
        with pytest.raises(keys.KeyMadeError):
            keys.create_key(services, who_, name, [], 60, id_=id_)
    assert (keys.list_keys(services, ana), keys.list_keys(services, eva)) == ((made,), ())
    with pytest.raises(ValueError, match="no id of a key"):
        keys.create_key(services, ana, "Tienda", [], 60, id_="k_1")


def test_there_are_fifty_keys_at_most(services: Services) -> None:
    """A revoked one makes room."""
    ana = owner(services)
    made = [keys.create_key(services, ana, str(number), [], 60).key for number in range(50)]

    with pytest.raises(keys.TooManyKeysError):
        keys.create_key(services, ana, "one more", [], 60)
    keys.revoke_key(services, ana, made[0].id)
    assert keys.create_key(services, ana, "one more", [], 60).key.name == "one more"


def said(**more: Any) -> Said:
    """Return what a company says, with some of it replaced."""
    given: dict[str, Any] = {"name": "Taller de Ana", "country": "MX", "currency": "MXN", "tax_id": None, "profile": {}}
    return Said(**given | more)


def test_a_company_is_kept_once_for_each_change(services: Services) -> None:
    """A version for what changed, none for the same again, and the fields are written down."""
    ana = owner(services)
    one = companies.save_company(services, ana, said(profile={"city": "Toluca", "unknown": "x"}), 1)
    same = companies.save_company(services, ana, said(profile={"city": "Toluca"}), 2)

    assert (one.version, same.version, same.profile) == (2, 2, {"city": "Toluca"})
    entry = audit.entries(services, ana)[0]
    assert (entry.action, entry.detail, entry.who) == ("company.changed", {"fields": ["city"]}, "ana@taller.mx")


def test_a_company_that_somebody_changed_meanwhile_is_not_overwritten(services: Services) -> None:
    """Who is late is shown what is there now."""
    ana = owner(services)
    companies.save_company(services, ana, said(name="Uno"), 1)

    with pytest.raises(companies.StaleCompanyError) as caught:
        companies.save_company(services, ana, said(name="Dos"), 1)
    assert caught.value.kept.name == "Uno"


def test_a_verification_holds_until_its_day_or_a_change(services: Services, clock: Clock) -> None:
    """Registry, number, date, who, until when; another name ends it."""
    ana = owner(services)
    until = clock.now.date() + timedelta(days=30)
    operator = companies.command_actor(services, ana.seller_id)
    company = companies.verify(services, operator, "SAT", "XAXX010101000", "Eva Ruiz", until)

    assert company.badge is not None
    assert (company.badge.source, company.badge.checked_on, company.badge.expires_on) == (
        "SAT",
        clock.now.date(),
        until,
    )
    clock.now += timedelta(days=31)
    assert companies.get_company(services, ana).badge is None
    clock.now -= timedelta(days=31)
    assert companies.save_company(services, ana, said(profile={"city": "Toluca"}), 1).badge is not None
    assert companies.save_company(services, ana, said(name="Otro"), 2).badge is None


@pytest.mark.parametrize("until", [date(2026, 11, 23), date(2020, 1, 1)])
def test_a_verification_of_a_day_that_is_over_is_none(services: Services, until: date) -> None:
    """And a seller does not verify itself."""
    ana = owner(services)
    operator = companies.command_actor(services, ana.seller_id)

    with pytest.raises(ValueError, match="is over"):
        companies.verify(services, operator, "SAT", "X", "Eva", until)
    with pytest.raises(ValueError, match="operator"):
        companies.verify(services, ana, "SAT", "X", "Ana", date(2030, 1, 1))


def exported(services: Services, actor: Actor) -> dict[str, bytes]:
    """Return the files of what an owner takes along."""
    with leaving.export(services, actor) as file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_of_a_shop_is_taken_along_and_nothing_of_another(services: Services) -> None:
    """Company, team, products, keys without what opens; every table that names a seller."""
    ana, eva = owner(services), owner(services, EVA)
    listings.create_listing(services, ana, Listing(key="a", title="=1+1"))
    listings.create_listing(services, eva, Listing(key="b", title="Ajeno"))
    secret = keys.create_key(services, ana, "one", [], 60)
    files = exported(services, ana)

    named = {table.name for table in Base.metadata.sorted_tables if "seller_id" in table.columns} - {"sign_in"}
    assert {f"{name}.json" for name in named | {"seller", "team", "quote"}} <= set(files)
    assert [row["name"] for row in json.loads(files["seller.json"])] == ["Taller de Ana"]
    assert [row["email"] for row in json.loads(files["team.json"])] == ["ana@taller.mx"]
    whole = b"".join(files.values())
    assert [text in whole for text in (b"Ajeno", b"eva@", secret.secret.encode(), b"argon2")] == [False] * 4
    rows = list(csv.DictReader(io.StringIO(files["listing.csv"].decode("utf-8-sig"))))
    assert [row["seller_id"] for row in rows] == [ana.seller_id]


def test_a_cell_is_never_a_formula(services: Services) -> None:
    """What a spreadsheet would calculate begins with an apostrophe in the CSV, and is as it was in the JSON."""
    ana = owner(services, SignUp(ANA.email, "Ana", PASSWORD, "es", "=cmd()", "MX", "MXN"))
    files = exported(services, ana)

    assert next(csv.DictReader(io.StringIO(files["seller.csv"].decode("utf-8-sig"))))["name"] == "'=cmd()"
    assert json.loads(files["seller.json"])[0]["name"] == "=cmd()"


def test_a_shop_goes_whole_and_the_others_stay(services: Services) -> None:
    """Rows, people who work nowhere else, and their sessions; of the other shop nothing."""
    ana, eva = owner(services), owner(services, EVA)
    joined(services, ana, "luis@taller.mx", "editor")
    team.invite(services, ana, "eva@taller.mx", "editor", "es", ROOT)
    signed = accounts.sign_in(services, EVA.email, PASSWORD, HOME)
    team.accept(services, who(services, signed), token_in(services, EVA.email))
    listings.create_listing(services, ana, Listing(key="a", title="Uno"))
    listings.create_listing(services, eva, Listing(key="b", title="Dos"))
    keys.create_key(services, ana, "one", [], 60)

    with pytest.raises(leaving.NotTheNameError):
        leaving.delete_shop(services, ana, "Taller")
    assert count_of(services, Seller) == 2
    leaving.delete_shop(services, ana, " taller  de ana ")

    with services.database.reading() as session:
        assert session.scalars(select(Seller.id)).all() == [eva.seller_id]
        assert session.scalars(select(User.email)).all() == ["eva@taller.mx"]
        assert session.scalars(select(StoredListing.seller_id)).all() == [eva.seller_id]
        for table in Base.metadata.sorted_tables:
            if "seller_id" in table.columns:
                left = session.scalar(select(func.count()).where(table.c.seller_id == ana.seller_id))
                assert (table.name, left) == (table.name, 0)
        last = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert last == "shop.deleted"
    assert count_of(services, SignIn) >= 1
    assert [one.name for one in who(services, accounts.sign_in(services, EVA.email, PASSWORD, HOME)).shops] == [
        "Taller de Eva"
    ]


def test_a_command_finds_a_shop_by_its_short_name(services: Services) -> None:
    """Or by its id; another name is none."""
    demo.make_demo(services)
    found = companies.command_actor(services, "demo")

    assert (found.role, found.via) == ("owner", "cli")
    assert companies.command_actor(services, found.seller_id) == found
    with pytest.raises(companies.SellerNotFoundError):
        companies.command_actor(services, "none")


def test_a_session_chooses_among_its_persons_shops(services: Services) -> None:
    """And no other."""
    ana = owner(services)
    signed = opened(services, EVA)

    assert not sessions.choose(services, who(services, signed), ana.seller_id)
