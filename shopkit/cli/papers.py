"""Papers for customs on the command line: CN 22, CN 23, the commercial invoice and the packing list of an order."""

from __future__ import annotations

import json
import sys
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from shopkit.cli.common import acting_for, complain, migrate, open_shop, print_json, stop
from shopkit.cli.orders import id_of
from shopkit.papers.details import CATEGORIES, IMPORTER_KINDS, INSPECTIONS, UNDELIVERED
from shopkit.papers.words import tell, void, why
from shopkit.papers.zpl import DPI
from shopkit.services import customs_papers, number_ranges, paper_details, paper_kinds
from shopkit.services.paper_kinds import Wish
from shopkit.services.problems import RequestError, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from shopkit.papers.declaration import Service
    from shopkit.papers.findings import Finding
    from shopkit.papers.sheets import Size
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.paper_kinds import Format, Kind

_WRONG: Final = 1
# Which of them it is hangs on service and value, and is told.
_FORMS: Final = frozenset({"cn22", "cn23"})
_HELP: Final = {
    "cn22": "Print CN 22, for letters with goods worth less than 300 SDR, as PDF.",
    "cn23": "Print CN 23, for parcels, EMS, and letters with goods worth 300 SDR or more, as PDF.",
    "packing-list": "Print what lies in the parcel as PDF: ordered and packed pieces, weights, no values.",
    "pro-forma": "Print a pro-forma invoice, for samples, returns and repairs; a sale has its commercial invoice.",
    "origin": "Print a proof of origin in the words of the agreement, or the data for its form.",
    "exporta-facil": "Print the data of a simplified export (Exporta Fácil and its kin).",
    "prior-notice": "Print the data of an FDA prior notice, for food to the United States.",
    "advance-data": "Write electronic advance data for the post's portal: XML, or JSON with how complete it is.",
}


class _OrEmpty(click.Choice[str]):
    """One of the words, or an empty text that empties the box."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value if value == "" else super().convert(value, param, ctx)


_order = click.option(
    "--order", "name", required=True, help="Shop and number, such as demo-1001; or 1001 with --seller."
)
_seller = click.option("--seller", help="Short name or id of the shop, where --order does not say it.")
_lang = click.option(
    "--lang",
    type=click.Choice(["es", "pt", "en"]),
    default="es",
    show_default=True,
    help="Language of the paper, beside English (French for en), and of what is said.",
)
_number = click.option("--number", default="", help="S10 number that the post gave, where the order has none yet.")
_on = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of posting; today unless given.")
_output = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, allow_dash=True), default="-", help="Where to."
)


@click.group("papers")
def group() -> None:
    """Papers for customs of an order: see docs/customs-papers.md.

    What is missing or wrong is said line by line: the exit code is 1 and nothing is written when it stands against the
    paper, 0 when it is only to be known.
    """


def _asked(kind: Kind) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what can be asked of a kind of paper."""
    options = (
        _order,
        _seller,
        click.option(
            "--service",
            type=click.Choice(["letter", "parcel", "ems"]),
            help=f"By what it goes: as a {kind.service} unless given.",
        ),
        _number,
        _on,
        *(
            [click.option("--paper", type=click.Choice(kind.sizes), default=kind.size, show_default=True, help="Size.")]
            if kind.sizes
            else []
        ),
        *(
            [
                click.option(
                    "--format", "form", type=click.Choice(list(kind.makes)), default=kind.format, show_default=True
                )
            ]
            if tuple(kind.makes) != ("pdf",)
            else []
        ),
        *(
            [
                click.option(
                    "--dpi", type=click.Choice([str(one) for one in DPI]), default=str(DPI[0]), show_default=True
                )
            ]
            if "zpl" in kind.makes
            else []
        ),
        _lang,
        _output,
        click.option("--json", "as_json", is_flag=True, help="Print what the paper says and what is wrong with it."),
    )
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


def _add(kind: Kind) -> None:
    """Add the command that prints a kind of paper."""

    @group.command(kind.name, help=_HELP[kind.name])
    @_asked(kind)
    def command(**asked: Any) -> None:  # noqa: ANN401  # what click read
        _print(kind, **asked)


for _one in paper_kinds.KINDS.values():
    _add(_one)


@group.command("invoice")
@_order
@_seller
@_lang
@_output
def invoice(name: str, seller: str | None, lang: str, output: str) -> None:
    """Print the commercial invoice of an order as PDF, if it was issued."""
    from shopkit.services.invoice_papers import paper  # noqa: PLC0415  # few commands need it

    services, actor, number = _enter(name, seller)
    found = customs_papers.invoice_of(services, actor, id_of(services, actor, number))
    if found is None:
        stop(f"order {name} has no invoice yet; issue it with shopkit invoices issue", _WRONG)
    _write(output, paper(found, lang))


@group.command("list")
@_order
@_seller
@_lang
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def listed(name: str, seller: str | None, lang: str, *, as_json: bool) -> None:
    """Say which papers of an order can be printed, what the others wait for, and which that were printed are void."""
    services, actor, said = _enter(name, seller)
    order_id = id_of(services, actor, said)
    against, choices = {}, {}
    for kind in paper_kinds.KINDS.values():
        looked = customs_papers.look(services, actor, order_id, kind.form, service=kind.service)
        against[kind.name], choices[kind.name] = kind.against(looked), looked.choice
    printed = customs_papers.printed(services, actor, order_id)
    if as_json:
        rows = [
            {
                "kind": one.kind,
                "number": one.number or None,
                "printed_at": one.printed_at.isoformat(),
                "void": one.is_void,
                "changed": list(one.changed),
            }
            for one in printed
        ]
        waits = {kind: [customs_papers.told(one, lang) for one in found] for kind, found in against.items() if found}
        can = {kind: kind not in waits for kind in against}
        print_json({"can_print": can, "waits": waits, "printed": rows}, pretty=True)
        return
    for paper, found in against.items():
        click.echo(f"{'waits ' if found else 'ready '} {paper}")
        reasons = [tell(one, lang) for one in found]
        if found and paper in _FORMS:
            reasons.append(why(choices[paper], lang))
        for reason in reasons:
            click.echo(f"        {reason}")
    for one in printed:
        state = void(one.changed, lang) if one.is_void else ""
        click.echo(f"printed {one.kind} {one.printed_at:%Y-%m-%d %H:%M}Z {one.number} {state}".rstrip())


@group.command("fill")
@_order
@_seller
@click.option("--category", type=_OrEmpty(CATEGORIES), help="What the parcel is; follows from the order else.")
@click.option("--explanation", help="What “other” is, such as: repair under warranty.")
@click.option("--postage", metavar="AMOUNT CURRENCY", help='What the post charged, such as "312.50 MXN".')
@click.option("--insured", metavar="AMOUNT CURRENCY", help="For how much the post answers.")
@click.option("--licence", help="Number of a licence.")
@click.option("--certificate", help="Number of a certificate.")
@click.option("--invoice", help="Number of an invoice that was issued elsewhere.")
@click.option("--inspection", type=_OrEmpty(INSPECTIONS), help="What the goods are subject to.")
@click.option("--comment", help="Comments for customs.")
@click.option("--importer", help="The receiver's reference with its customs.")
@click.option("--importer-kind", type=click.Choice(IMPORTER_KINDS), help="What the reference is.")
@click.option("--undelivered", type=_OrEmpty(UNDELIVERED), help="What to do with it if it cannot be delivered.")
@click.option("--redirect", help='Where to send it on, as JSON: {"name": …, "street": …, "city": …, "country": …}.')
@click.option("--aes", help="ITN or exemption, for mail from the United States.")
@click.option("--origin", help='What you say of origin, as JSON: {"agreement": "usmca", "criterion": "B"}.')
@click.option("--food", help='What the FDA asks of food, as JSON: [{"line": 1, "product_code": …}].')
@click.option("--signer", help="Who signs.")
@click.option("--signed-on", help="Day of the signature, YYYY-MM-DD.")
def fill(name: str, seller: str | None, importer_kind: str | None, **given: str | None) -> None:
    """Fill boxes of an order's papers; those that are not named stay as they are, an empty text empties one."""
    services, actor, said = _enter(name, seller)
    order_id = id_of(services, actor, said)
    boxes = paper_details.load(services, actor, order_id)
    for box, text in given.items():
        if text is not None:
            boxes[box] = _box(box, text)
    if importer_kind is not None and boxes.get("importer"):
        boxes["importer"]["kind"] = importer_kind
    try:
        kept = paper_details.save(services, actor, order_id, {box: said for box, said in boxes.items() if said})
    except RequestError as error:
        _refuse(error)
    print_json(paper_details.whole(kept), pretty=True)


@group.command("number")
@_order
@_seller
@click.option("--indicator", help="Of which service, by its two letters, such as RB.")
@click.option("--another", is_flag=True, help="Though the order has a number of another service.")
def number_of(name: str, seller: str | None, indicator: str | None, *, another: bool) -> None:
    """Give an order its S10 number: that which it has, else the next of the ranges that the post gave."""
    services, actor, said = _enter(name, seller)
    order_id = id_of(services, actor, said)
    try:
        found = number_ranges.hand_out(services, actor, order_id, indicator, another=another)
    except RequestError as error:
        _refuse(error)
    click.echo(found.number)
    if found.range.is_low:
        complain(f"{found.range.left} numbers are left of {found.range.text}: ask your post for another range")


@group.group("ranges")
def ranges_group() -> None:
    """Ranges of S10 numbers that your post gave you."""


@ranges_group.command("note")
@click.argument("text", metavar="RANGE")
@click.option("--seller", required=True, help="Short name or id of the shop.")
@click.option("--warn-below", type=int, default=number_ranges.WARN_BELOW, show_default=True, help="Warn below so many.")
@click.option("--used", type=int, default=0, help="How many of it are on parcels already.")
def note_range(text: str, seller: str, warn_below: int, used: int) -> None:
    """Note a RANGE as the post gave it, such as "RB 00000000-00001000 GT"."""
    services = open_shop()
    migrate(services)
    try:
        found = number_ranges.note(services, acting_for(services, seller), text, warn_below=warn_below, used=used)
    except RequestError as error:
        _refuse(error)
    click.echo(f"{found.id}  {found.text}: {found.left} numbers")


@ranges_group.command("list")
@click.option("--seller", required=True, help="Short name or id of the shop.")
def list_ranges(seller: str) -> None:
    """Say how many numbers of each range are left."""
    services = open_shop()
    migrate(services)
    for one in number_ranges.ranges(services, acting_for(services, seller)):
        state = "closed" if one.is_closed else "few left" if one.is_low else ""
        click.echo(f"{one.id}  {one.text}  {one.handed} handed out, {one.left} left  {state}".rstrip())


@ranges_group.command("close")
@click.argument("range_id")
@click.option("--seller", required=True, help="Short name or id of the shop.")
def close_range(range_id: str, seller: str) -> None:
    """Hand out nothing more of a range."""
    services = open_shop()
    migrate(services)
    try:
        found = number_ranges.close(services, acting_for(services, seller), range_id)
    except number_ranges.RangeNotFoundError:
        stop(f"there is no range {range_id}; see shopkit papers ranges list", _WRONG)
    click.echo(f"{found.text} is closed: {found.left} numbers will not be handed out")


def _refuse(error: RequestError) -> NoReturn:
    for one in error.problems:
        complain(f"{one.pointer}: {sentence(one.code, one.params, 'en')}")
    sys.exit(_WRONG)


def _box(box: str, text: str) -> Any:  # noqa: ANN401  # as JSON has it
    """Return what was typed for a box, in the shape of the request."""
    if not text:
        return None
    if box in {"postage", "insured"}:
        amount, _, currency = text.strip().partition(" ")
        return {"amount": amount, "currency": currency.strip()}
    if box == "importer":
        return {"number": text}
    if box in {"redirect", "origin", "food"}:
        try:
            return json.loads(text)
        except ValueError:
            stop(f"--{box} {text} is no JSON")
    return text


def _print(  # noqa: PLR0913  # what can be asked
    kind: Kind,
    *,
    name: str,
    seller: str | None,
    service: Service | None,
    number: str,
    on: datetime | None,
    lang: str,
    output: str,
    as_json: bool,
    paper: Size = "a4",
    form: Format = "pdf",
    dpi: str = "",
) -> None:
    services, actor, said = _enter(name, seller)
    order_id = id_of(services, actor, said)
    day = None if on is None else on.date()
    looked = customs_papers.look(
        services, actor, order_id, kind.form, service=service or kind.service, number=number, on=day
    )
    against = kind.against(looked)
    if as_json:
        print_json(kind.tell(looked, lang), pretty=True)
    else:
        _tell(kind.find(looked), lang)
        if kind.name in _FORMS:
            complain(why(looked.choice, lang))
    if against:
        sys.exit(_WRONG)
    if not as_json:
        _write(
            output,
            paper_kinds.hand_out(
                services,
                actor,
                order_id,
                kind,
                looked,
                Wish(lang, paper, next((one for one in DPI if str(one) == dpi), DPI[0])),
                form,
            ),
        )


def _enter(name: str, seller: str | None) -> tuple[Services, Actor, str]:
    """Return the shop that an order's name or ``--seller`` says, who acts for it, and the order's name."""
    shop = seller or name.rpartition("-")[0]
    if not shop:
        stop(f"--order {name} does not say whose it is; write shop and number, such as demo-1001, or add --seller")
    services = open_shop()
    migrate(services)
    return services, acting_for(services, shop), name


def _tell(findings: Iterable[Finding], lang: str) -> None:
    for one in findings:
        complain(f"{'BLOCK' if one.level == 'block' else 'warn '}  {tell(one, lang)}")


def _write(output: str, made: bytes) -> None:
    try:
        with click.open_file(output, "wb") as file:
            file.write(made)
    except OSError as error:
        stop(f"{output} cannot be written: {error.strerror}")
