"""Every kind of paper of an order by its name: what stands against it, and what is handed out of it.

The doors go by this table, so that a kind that is added is on the page, the command line and the API at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from shopkit.papers import advance, zpl
from shopkit.papers.findings import Finding
from shopkit.papers.sheets import SIZES
from shopkit.services import customs_papers, printed_papers
from shopkit.services import paper_sheets as of_sheets
from shopkit.services.addresses import POSTAL, TAX_NEEDED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shopkit.papers.declaration import Service
    from shopkit.papers.forms import Form
    from shopkit.papers.sheets import Size
    from shopkit.papers.zpl import Dpi
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.customs_papers import Looked

Json = dict[str, Any]
Format = Literal["pdf", "xml", "zpl"]
MIMETYPES: Final[Mapping[Format, str]] = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    # What printers of labels take is text.
    "zpl": "text/plain",
}
_SHEETS: Final[tuple[Size, ...]] = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class Wish:
    """How a paper is to be made: in which language, on which size; ZPL for how many dots an inch."""

    language: str
    size: Size = "a4"
    dpi: Dpi = 203


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper: for which ``form`` its declaration is looked at, by what it goes, on which sizes it is printed.

    ``find`` tells what is wrong with it, of which every block keeps it from being made; ``makes`` makes it, by format;
    ``tell`` says it as JSON.
    """

    name: str
    form: Form
    service: Service
    sizes: tuple[Size, ...]
    find: Callable[[Looked], Sequence[Finding]]
    makes: Mapping[Format, Callable[[Looked, Wish], bytes]]
    tell: Callable[[Looked, str], Json] = customs_papers.data

    def against(self, looked: Looked) -> tuple[Finding, ...]:
        """Return what keeps it from being made."""
        return tuple(one for one in self.find(looked) if one.level == "block")

    @property
    def format(self) -> Format:
        """The format it is made in unless another is asked for."""
        return next(iter(self.makes))

    @property
    def size(self) -> Size:
        """The size it is printed on unless another is asked for."""
        return "a6" if self.name == "cn22" else "a4"


class BlockedError(ValueError):
    """Something stands against the paper; ``findings`` say all of it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("something stands against the paper")
        self.findings = tuple(findings)


def hand_out(
    services: Services, actor: Actor, order_id: str, kind: Kind, looked: Looked, wish: Wish, form: Format = "pdf"
) -> bytes:
    """Return a paper and write down that it was made; ``BlockedError`` where something stands against it.

    ``KeyError`` for a format in which the kind is not made.
    """
    make = kind.makes[form]
    found = kind.against(looked)
    if found:
        raise BlockedError(found)
    size = wish.size if wish.size in kind.sizes or not kind.sizes else kind.sizes[0]
    made = make(looked, replace(wish, size=size))
    printed_papers.note(services, actor, order_id, kind.name, looked.declaration)
    return made


def _all(looked: Looked) -> tuple[Finding, ...]:
    return looked.findings


def _form(looked: Looked, wish: Wish) -> bytes:
    return customs_papers.paper(looked, wish.language, wish.size)


def _zpl(looked: Looked, wish: Wish) -> bytes:
    return zpl.labels(looked.declaration, wish.language, wish.dpi)


def _list(looked: Looked, wish: Wish) -> bytes:
    return customs_papers.packing_list(looked, wish.language, wish.size)


def _sheet(make: Callable[[Looked, str, Size], bytes]) -> Callable[[Looked, Wish], bytes]:
    return lambda looked, wish: make(looked, wish.language, wish.size)


# -- electronic advance data ---------------------------------------------------------------------------------------
def _complete(looked: Looked) -> advance.Completeness:
    return advance.completeness(looked.declaration, with_codes=frozenset(POSTAL), with_tax=TAX_NEEDED)


def _of_data(looked: Looked) -> tuple[Finding, ...]:
    """Return what is wrong with advance data: all that is with the paper, and what they need beside."""
    told = {one.where for one in looked.blocks}
    missing = (Finding("block", "data_missing", place) for place in _complete(looked).missing if place not in told)
    found = (one for one in looked.findings if one.code != "number_missing")
    return tuple(sorted([*found, *missing], key=lambda one: one.level))


def _xml(looked: Looked, _wish: Wish) -> bytes:
    return advance.xml(looked.declaration)


def _data(looked: Looked, language: str) -> Json:
    complete = _complete(looked)
    return {
        "data": advance.message(looked.declaration),
        "complete_percent": complete.percent,
        "missing": list(complete.missing),
        "blank": list(complete.blank),
        "findings": [customs_papers.told(one, language) for one in _of_data(looked)],
    }


KINDS: Final[dict[str, Kind]] = {
    one.name: one
    for one in (
        Kind("cn22", "cn22", "letter", SIZES, _all, {"pdf": _form}),
        Kind("cn23", "cn23", "parcel", SIZES, _all, {"pdf": _form, "zpl": _zpl}),
        Kind("packing-list", "cn23", "parcel", _SHEETS, customs_papers.against_packing, {"pdf": _list}),
        Kind("advance-data", "cn23", "parcel", (), _of_data, {"xml": _xml}, _data),
        Kind(
            "pro-forma",
            "cn23",
            "parcel",
            _SHEETS,
            of_sheets.of_pro_forma,
            {"pdf": _sheet(of_sheets.print_pro_forma)},
            of_sheets.tell_pro_forma,
        ),
        Kind(
            "origin",
            "cn23",
            "parcel",
            _SHEETS,
            of_sheets.of_origin,
            {"pdf": _sheet(of_sheets.print_origin)},
            of_sheets.tell_origin,
        ),
        Kind(
            "exporta-facil",
            "cn23",
            "parcel",
            _SHEETS,
            of_sheets.of_export,
            {"pdf": _sheet(of_sheets.print_export)},
            of_sheets.tell_export,
        ),
        Kind(
            "prior-notice",
            "cn23",
            "parcel",
            _SHEETS,
            of_sheets.of_notice,
            {"pdf": _sheet(of_sheets.print_notice)},
            of_sheets.tell_notice,
        ),
    )
}
