"""Ways to send on the command line: of an order, or of what a request describes."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

import click

from shopkit.cli.common import (
    UNREADABLE,
    acting_for,
    complain,
    language_option,
    migrate,
    open_shop,
    owner_of,
    print_json,
    stop,
)
from shopkit.cli.orders import id_of
from shopkit.sending.telling import word
from shopkit.services import ways as service
from shopkit.services import ways_told
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.reading import decode
from translations import ui

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.services.ways import Found
    from translations.ui import Speech

Json = dict[str, Any]
_WITHOUT_COST: Final = ("unknown", "refused", "not_taken")


@click.command("ways")
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--order", "name", help="Shop and number, such as demo-1001; or 1001 with --seller.")
@click.option("--seller", help="Short name or id of the shop: whose rate cards are asked.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with the law behind each amount.")
def ways(file: IO[bytes] | None, name: str | None, seller: str | None, *, lang: str, as_json: bool) -> None:
    """Show every way to send an order, or what FILE (a quote's request; - is stdin) describes, the cheapest first.

    What a service does not take is told with the limit and by how much; whether simplified export is open stands
    below. See docs/sending.md. The exit code is 2 for what cannot be read or says too little, such as no weight.
    """
    if (file is None) == (name is None):
        stop("name an order (--order demo-1001) or a file with a quote's request, one of the two")
    try:
        found = _of_order(name, seller) if file is None else _of_file(file, seller)
    except UnreadableError as error:
        stop(sentence("json.invalid", {"detail": error.detail}, lang))
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        raise click.exceptions.Exit(UNREADABLE) from None
    if as_json:
        print_json(ways_told.data(found, lang), pretty=True)
        return
    # Who sends writes numbers as where they send from.
    speech = ui.speech(lang, [f"{lang}-{found.asked.dispatch}"])
    for line in _lines(ways_told.data(found, lang, speech.number), speech):
        click.echo(line)


def _of_order(name: str | None, seller: str | None) -> Found:
    asked = name or ""
    shop = seller or asked.rpartition("-")[0]
    if not shop:
        stop(f"--order {asked} does not say whose it is; write shop and number, such as demo-1001, or add --seller")
    services = open_shop()
    migrate(services)
    actor = acting_for(services, shop)
    return service.of_order(services, actor, id_of(services, actor, asked))


def _of_file(file: IO[bytes] | None, seller: str | None) -> Found:
    value = decode(file.read()) if file is not None else None
    services = open_shop()
    migrate(services)
    return service.of_request(services, value, owner_of(services, seller), with_carriers=seller is not None)


def _lines(told: Json, speech: Speech) -> Iterator[str]:
    lang = speech.language
    parcel, goods = told["parcel"], told["goods"]
    sides = "" if parcel["dimensions_cm"] is None else f", {' x '.join(map(speech.number, parcel['dimensions_cm']))} cm"
    worth = "" if goods is None else f", {speech.number(goods['amount'])} {goods['currency']}"
    gross = speech.number(parcel["gross_kg"])
    yield f"{told['dispatch']} → {told['destination']}, {told['date']}, {gross} kg{sides}{worth}"
    if told["packing"] is not None:
        yield told["packing"]["message"]
    if not told["ways"]:
        yield word("no_ways", lang)
    for place, way in enumerate(told["ways"], 1):
        by = f"{_of(way['source'])}, {word('channel_' + way['channel'], lang)}"
        yield f"{place}. {way['service']} ({by}): {_head(way, speech)}"
        for line in _under(way, speech):
            yield f"   {line}"
    for one in told["not_known"]:
        yield word("carrier_not_known", lang).format(name=one["name"], why=one["message"])
    for export in told["exports"]:
        yield f"{word('channel_' + export['channel'], lang)}: {' '.join([export['message'], *export['reasons']])}"
        for way in export["ways"]:
            mark = f" ({word('estimated', lang)})" if way["estimated"] else ""
            yield f"   {way['name']}: {word('verdict_' + way['verdict'], lang)}{mark}"
            yield from (f"      {line}" for line in (*way["reasons"], *way["doubts"]))
            yield from (f"      {_over(limit, speech)}" for limit in way["limits"] if limit["over"] is not None)


def _of(source: str) -> str:
    return source.replace(":", " ", 1)


def _head(way: Json, speech: Speech) -> str:
    """Say what a way costs and when it comes, or how it stands."""
    lang = speech.language
    if way["standing"] in _WITHOUT_COST:
        return word(f"standing_{way['standing']}", lang)
    cost, days = way["cost"], way["days"]
    parts = [word("cost_unknown", lang)]
    if cost is not None:
        sums = {"total": cost["total"], "freight": cost["freight"], "charges": cost["import_charges"]}
        parts = [word("cost_told", lang).format(currency=cost["currency"], **_written(sums, speech))]
        if cost["range"]["low"] != cost["range"]["high"]:
            parts.append(word("cost_range", lang).format(**_written(cost["range"], speech)))
    if way["outcome"] == "estimated":
        parts.append(word("estimated", lang))
    unknown = days["earliest"] is None
    parts.append(word("days_unknown", lang) if unknown else word("days_told", lang).format(**days))
    return "; ".join(parts)


def _written(amounts: dict[str, str | None], speech: Speech) -> dict[str, str | None]:
    return {name: None if amount is None else speech.number(amount) for name, amount in amounts.items()}


def _under(way: Json, speech: Speech) -> Iterator[str]:
    lang = speech.language
    if way["standing"] == "unsure":
        yield word("standing_unsure", lang)
    yield from (one["message"] for one in way["against"])
    if way["standing"] in ("unsure", "refused"):
        yield from (
            one["message"] for one in way["reasons"] if one["code"].startswith("lane.") or one["level"] == "refused"
        )
    if way["illustrative"]:
        yield word("card_illustrative", lang)
    if way["standing"] in ("unknown", "not_taken"):
        return
    weight = way["weight"]
    if weight is not None:
        code = "weight_volume" if weight["volume_counts"] else "weight_told"
        yield word(code, lang).format(
            **_written({"charged": weight["charged_kg"], "volumetric": weight["volumetric_kg"]}, speech)
        )
    form = way["papers"]["form"]
    yield way["tracked"]["message"]
    yield way["papers"]["message"] if form is None else f"{word('form_' + form, lang)}. {way['papers']['message']}"
    yield from (f"- {one['message']}" for one in way["papers"]["needed"])


def _over(limit: Json, speech: Speech) -> str:
    return word("over", speech.language).format(over=speech.number(limit["over"]), unit=limit["unit"])
