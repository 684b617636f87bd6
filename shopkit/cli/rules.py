"""The law laid open on the command line: what a rule says, what changed between two days, how well all is known."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from landed_cost.model import told
from shopkit.cli.common import complain, counted, language_option, open_shop, print_json, stop, table
from shopkit.services import rules
from shopkit.services.days import read_day
from shopkit.services.destinations import DestinationNotCoveredError
from shopkit.services.markets import get_market
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from datetime import date, datetime

    from landed_cost import Rulebook
    from shopkit.services.rules import Row

_DAY = click.DateTime(["%Y-%m-%d"])
_WEAK = 10


@click.group("rules")
def group() -> None:
    """The law as dated data."""


@group.command("show")
@click.argument("country", required=False)
@click.argument("rule", required=False)
@click.option("--date", "on", type=_DAY, help="Only what is in force on this day.")
@language_option
def show(country: str | None, rule: str | None, on: datetime | None, lang: str) -> None:
    """Show the destinations, the rules of a COUNTRY, or one RULE with all its dates and sources."""
    rulebook = open_shop().rulebook
    if country is None:
        click.echo(f"rulebook {rulebook.version}, exchange rates {rulebook.rates.as_of}")
        table(
            (one.country, one.name[lang], one.currency, f"evidence {one.evidence_from} to {one.evidence_until}")
            for one in rulebook.destinations.values()
        )
        return
    if rule is None and "." in country:
        # The id of a rule, as an answer gives it, names its destination itself.
        country, rule = country.split(".", 1)[0], country
    try:
        found = rules.rows(rulebook, country, rule)
    except rules.UnknownRuleError as error:
        stop(str(error))
    if on is not None:
        found = [row for row in found if row.in_force(on.date())]
    if rule is None:
        table((row.id, row.kind, row.value[lang], _days(row), row.evidence.status) for row in found)
        return
    for row in found:
        _whole(row, lang)


@group.command("guide")
@click.argument("country")
@click.option("--from", "origin", help="Where the goods are made and sent from (ISO code).")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def guide(country: str, origin: str | None, lang: str, *, as_json: bool) -> None:
    """Show the guide of the market COUNTRY: examples, days, ways in, papers, changes, and who helps."""
    services = open_shop()
    try:
        found = get_market(services, country.upper(), lang, None if origin is None else origin.upper())
    except DestinationNotCoveredError:
        stop(f"{country}: not covered; there are {', '.join(sorted(services.rulebook.destinations))}")
    except RequestError as error:
        stop(" ".join(problem.message(lang) for problem in error.problems))
    if as_json:
        print_json(found, pretty=True)
        return
    _guide(found)


def _guide(found: dict[str, Any]) -> None:
    known = found["known"]
    counts = ", ".join(f"{count} {status}" for status, count in known["by_status"].items())
    rules_known = counted(known["rules"], "rule")
    click.echo(f"{found['name']} on {found['as_of']}: {rules_known} ({counts}); oldest {known['oldest'] or '–'}")
    for title, rows in (
        (
            "T-shirts, freight aside",
            [
                (one["channel"], one["worth"], one["outcome"], one["import_charges"], one["currency"], one["regime"])
                for one in found["examples"]
            ],
        ),
        (
            "days from today",
            [
                (one["channel"], one["transport"], f"{one['days']['min']}-{one['days']['max']}", one["tracked"])
                for one in found["delivery"]
            ],
        ),
        ("holidays", [(one["date"], one["name"]) for one in found["holidays"]]),
        ("ways in", [(one["id"], one["name"], next(iter(one["needs"]), None)) for one in found["regimes"]]),
        ("papers", [(one["level"], one["severity"], one["message"]) for one in found["restrictions"]]),
        ("agreements", [(one["id"], one["name"], " ".join(one["members"])) for one in found["agreements"]]),
        ("changed", [(one["day"], one["id"], one["what"]) for one in found["changed"]]),
        ("to come", [(one["day"], one["id"], one["what"]) for one in found["coming"]]),
        ("help", [(one["name"], one["url"], one["status"], one["text"]) for one in found["help"]]),
    ):
        if rows:
            click.echo(f"\n{title}")
            table(rows)


@group.command("diff")
@click.argument("words", nargs=-1, metavar="COUNTRY BEFORE AFTER | --all SINCE [UNTIL]")
@click.option("--all", "everywhere", is_flag=True, help="Every change of all destinations after the day SINCE.")
@language_option
def diff(words: tuple[str, ...], *, everywhere: bool, lang: str) -> None:
    """Show what changed in the law of COUNTRY from the day BEFORE to the day AFTER, or in all since a day.

    Without UNTIL the changes up to today are shown.
    """
    services = open_shop()
    if everywhere:
        days = [_read_day(word) for word in words]
        if len(days) not in (1, 2):
            raise click.UsageError("write --all SINCE, or --all SINCE UNTIL; days as YYYY-MM-DD")
        since, until = _in_order(days[0], days[1] if len(days) > 1 else services.now().date())
        _all_changes(services.rulebook, since, until, lang)
        return
    try:
        country, before, after = words
    except ValueError:
        raise click.UsageError("write COUNTRY BEFORE AFTER, or --all SINCE [UNTIL]") from None
    first, last = _in_order(_read_day(before), _read_day(after))
    try:
        changes = rules.diff(services.rulebook, country, first, last)
    except rules.UnknownRuleError as error:
        stop(str(error))
    if not changes:
        complain(f"nothing that is known changed from {before} to {after}")
    for change in changes:
        click.echo(change_line(change, lang))


def _in_order(first: date, last: date) -> tuple[date, date]:
    """Return both days, or stop where the later one stands first: what began would be told as ended."""
    if last < first:
        raise click.UsageError(f"{last} is before {first}; write the earlier day first")
    return first, last


def _all_changes(rulebook: Rulebook, since: date, until: date, lang: str) -> None:
    found = False
    for country in sorted(rulebook.destinations):
        for change in rules.changes_since(rulebook, country, since, until):
            found = True
            click.echo(f"{country} {change.day} {change_line(change, lang)}")
    if not found:
        complain(f"nothing that is known changed after {since} up to {until}")


def _read_day(text: str) -> date:
    try:
        return read_day(text, "")
    except RequestError as error:
        told = error.problems[0].message("en")
        raise click.UsageError(told if text in told else f"{text}: {told}") from None


def change_line(change: rules.Change, lang: str) -> str:
    """Return a change in a line: what began with +, what ended with -, and with ~ what says something else."""
    if change.before is not None and change.after is not None:
        before, after = change.before.value[lang], change.after.value[lang]
        return f"~ {change.id} ({change.kind}): {before} → {after}: {change.what[lang]}"
    sign, row = ("-", change.before) if change.after is None else ("+", change.after)
    value = "" if row is None else f"{row.value[lang]}{_heading(row)}"
    return f"{sign} {change.id} ({change.kind}): {value}: {change.what[lang]}"


@group.command("audit")
@click.argument("country", required=False)
@click.option("--date", "on", type=_DAY, help="As of this day; today without it.")
@click.option("--all", "whole", is_flag=True, help="Every weak rule, with what would raise it.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, every weak rule included.")
def audit(country: str | None, on: datetime | None, lang: str, *, whole: bool, as_json: bool) -> None:
    """Show how well each destination is known, and what would raise what is weak.

    Without --all the weak rules are counted by what would raise them, and of one COUNTRY the first ten are shown.
    """
    services = open_shop()
    day = services.now().date() if on is None else on.date()
    found = [one for one in rules.audit(services.rulebook, day) if country is None or one.country == country.upper()]
    if not found:
        stop(f"{country}: not covered; there are {', '.join(sorted(services.rulebook.destinations))}")
    if as_json:
        print_json({"date": day.isoformat(), "destinations": [_audited(one, lang) for one in found]}, pretty=True)
        return
    for one in found:
        counts = ", ".join(f"{count} {status}" for status, count in one.by_status.items())
        in_force = counted(one.rules, "rule")
        click.echo(f"{one.country}: {in_force} in force on {day}: {counts}; oldest evidence {one.oldest or '–'}")
        if not whole and one.weak:
            remedies = Counter(raises[lang].split(":")[0] for _, raises in one.weak)
            click.echo("  to raise: " + "; ".join(f"{text} ({count})" for text, count in remedies.most_common()))
        shown = one.weak if whole else one.weak[: 0 if country is None else _WEAK]
        table(("", row.id, row.evidence.status, row.evidence.known_until, raises[lang]) for row, raises in shown)
        if shown and len(shown) < len(one.weak):
            click.echo(f"  and {len(one.weak) - len(shown)} more; --all shows them")


def _audited(one: rules.Audit, lang: str) -> dict[str, Any]:
    return {
        "country": one.country,
        "rules": one.rules,
        "by_status": one.by_status,
        "oldest": None if one.oldest is None else one.oldest.isoformat(),
        "weak": [
            {
                "id": row.id,
                "kind": row.kind,
                "status": row.evidence.status,
                "known_until": None if row.evidence.known_until is None else row.evidence.known_until.isoformat(),
                "what": row.evidence.what[lang],
                "raises": raises[lang],
            }
            for row, raises in one.weak
        ],
    }


def _whole(row: Row, lang: str) -> None:
    found = row.evidence
    click.echo(f"{row.id} ({row.kind}){_heading(row)}")
    click.echo(f"  {found.what[lang]}")
    click.echo(f"  value        {row.value[lang]}")
    click.echo(f"  in force     {_days(row)}")
    click.echo(f"  known until  {found.known_until or '–'} (volatility {found.volatility})")
    click.echo(f"  status       {found.status}, {counted(found.source_count, 'independent source')}; {found.where}")
    for source in found.sources:
        click.echo(f"  source       {told(source.title, lang)} {source.url}".rstrip())
    if found.note:
        for line in textwrap.wrap(told(found.note, lang), 100):
            click.echo(f"  {line}")


def _days(row: Row) -> str:
    def day(value: date | None) -> str:
        return "…" if value is None else value.isoformat()

    return f"{day(row.evidence.since)} to {day(row.evidence.until)}"


def _heading(row: Row) -> str:
    return f" [{row.evidence.heading}]" if row.evidence.heading else ""
