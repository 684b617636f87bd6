"""Papers for customs on the command line: CN 22, CN 23, the commercial invoice and the packing list of an order."""

from __future__ import annotations

import sys
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from shopkit.cli.common import acting_for, complain, migrate, open_shop, print_json, stop
from shopkit.cli.orders import id_of
from shopkit.papers.sheets import SIZES
from shopkit.papers.words import tell, why
from shopkit.services import customs_papers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from shopkit.papers.checks import Finding
    from shopkit.papers.declaration import Service
    from shopkit.papers.forms import Form
    from shopkit.papers.sheets import Size
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.customs_papers import Looked

_WRONG: Final = 1
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


def _asked(size: Size) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what can be asked of a form that is printed in this size unless another is named."""
    options = (
        _order,
        _seller,
        click.option(
            "--service",
            type=click.Choice(["letter", "parcel", "ems"]),
            help="By what it goes: CN 22 as a letter, CN 23 as a parcel unless given.",
        ),
        _number,
        _on,
        click.option("--paper", type=click.Choice(SIZES), default=size, show_default=True, help="Size."),
        _lang,
        _output,
        click.option("--json", "as_json", is_flag=True, help="Print the declaration and what is wrong with it."),
    )
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


@group.command("cn22")
@_asked("a6")
def cn22(**asked: Any) -> None:  # noqa: ANN401  # what click read
    """Print CN 22, for letters with goods worth less than 300 SDR, as PDF."""
    _print("cn22", **asked)


@group.command("cn23")
@_asked("a4")
def cn23(**asked: Any) -> None:  # noqa: ANN401  # what click read
    """Print CN 23, for parcels, EMS, and letters with goods worth 300 SDR or more, as PDF."""
    _print("cn23", **asked)


@group.command("packing-list")
@_order
@_seller
@_number
@_on
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Size.")
@_lang
@_output
def packing_list(  # what can be asked
    name: str,
    seller: str | None,
    number: str,
    on: datetime | None,
    paper: Literal["a4", "letter"],
    lang: str,
    output: str,
) -> None:
    """Print what lies in the parcel as PDF: ordered and packed pieces, weights, no values."""
    looked = _look(name, seller, "cn23", None, number, on)
    against = customs_papers.against_packing(looked)
    if against:
        _tell(against, lang)
        sys.exit(_WRONG)
    _write(output, customs_papers.packing_list(looked, lang, paper))


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


def _print(  # noqa: PLR0913  # what can be asked
    form: Form,
    *,
    name: str,
    seller: str | None,
    service: Service | None,
    number: str,
    on: datetime | None,
    paper: Size,
    lang: str,
    output: str,
    as_json: bool,
) -> None:
    looked = _look(name, seller, form, service, number, on)
    if as_json:
        print_json(customs_papers.data(looked, lang), pretty=True)
    else:
        _tell(looked.findings, lang)
        complain(why(looked.choice, lang))
    if looked.blocks:
        sys.exit(_WRONG)
    if not as_json:
        _write(output, customs_papers.paper(looked, lang, paper))


def _look(  # what can be asked
    name: str, seller: str | None, form: Form, service: Service | None, number: str, on: datetime | None
) -> Looked:
    services, actor, said = _enter(name, seller)
    day = None if on is None else on.date()
    return customs_papers.look(
        services, actor, id_of(services, actor, said), form, service=service, number=number, on=day
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
