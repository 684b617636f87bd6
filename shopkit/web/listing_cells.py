"""The cells of a listing's form: what each is called, how it is typed, and where in the listing it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shopkit.web.language import N_

# How something is typed: words of a text as they are, a list with commas, a decimal, a whole number, an amount with its
# currency, a weight with its unit, names with values, yes or nothing.
TEXT, WORDS, NUMBER, WHOLE, MONEY, WEIGHT, OPTIONS, FLAG = (
    "text",
    "words",
    "number",
    "whole",
    "money",
    "weight",
    "options",
    "flag",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``name`` in the form (within its row), ``path`` in the listing (within its row)."""

    name: str
    label: str
    path: tuple[str, ...]
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the same cells: a list of the listing. ``fresh`` empty rows stand below those with something in them."""

    name: str
    title: str
    cells: tuple[Cell, ...]
    fresh: int = 1


def _cell(name: str, label: str, kind: str = TEXT, *path: str) -> Cell:
    return Cell(name, label, path or (name,), kind)


CELLS: Final = (
    _cell("title", N_("Title")),
    _cell("description", N_("Description")),
    _cell("language", N_("Written in")),
    _cell("key", N_("Your own name for it")),
    _cell("status", N_("Status")),
    _cell("kind", N_("What it is")),
    _cell("brand", N_("Brand")),
    _cell("category", N_("Category")),
    _cell("tags", N_("Tags, with commas between"), WORDS),
    _cell("price", N_("Price of one"), MONEY, "price", "price"),
    _cell("compare_at", N_("Price before"), MONEY, "price", "compare_at"),
    _cell("cost", N_("What one costs you"), MONEY, "price", "cost"),
    _cell("hs_code", N_("Tariff code (HS)")),
    _cell("hs_by", N_("Who says so"), TEXT, "hs_evidence", "by"),
    _cell("hs_note", N_("Why this code"), TEXT, "hs_evidence", "note"),
    _cell("origin", N_("Made in")),
    _cell("origin_evidence", N_("Proof of origin")),
    _cell("weight", N_("Weight of one, without its box"), WEIGHT),
    _cell("length", N_("Length, packed"), NUMBER, "dimensions", "length"),
    _cell("width", N_("Width, packed"), NUMBER, "dimensions", "width"),
    _cell("height", N_("Height, packed"), NUMBER, "dimensions", "height"),
    _cell("sides_unit", N_("Unit of length"), TEXT, "dimensions", "unit"),
    _cell("making_days", N_("Made to order: days"), WHOLE),
    _cell("shelf_life_days", N_("Keeps for, days"), WHOLE),
    _cell("producer", N_("Producer"), TEXT, "lot", "producer"),
    _cell("lot_number", N_("Lot"), TEXT, "lot", "number"),
    _cell("harvest", N_("Harvest"), TEXT, "lot", "harvest"),
    _cell("grade", N_("Grade"), TEXT, "lot", "grade"),
    _cell("graded_by", N_("Graded by"), TEXT, "lot", "graded_by"),
    _cell("returns_days", N_("May be sent back within, days"), WHOLE, "aftercare", "returns_days"),
    _cell("returns", N_("How returns work"), TEXT, "aftercare", "returns"),
    _cell("warranty", N_("Warranty"), TEXT, "aftercare", "warranty"),
    _cell("care", N_("Care"), TEXT, "aftercare", "care"),
    _cell("contact", N_("Whom to ask after the sale"), TEXT, "aftercare", "contact"),
)
PHOTOS: Final = Group(
    "photos",
    N_("Photos"),
    (_cell("alt", N_("What it shows, in a sentence")),),
    fresh=0,
)
VARIANTS: Final = Group(
    "variants",
    N_("Variants"),
    (
        _cell("sku", N_("SKU")),
        _cell("options", N_("What sets it apart"), OPTIONS),
        _cell("price", N_("Price of one"), MONEY),
        _cell("cost", N_("What one costs you"), MONEY),
        _cell("weight", N_("Weight of one, without its box"), WEIGHT),
        _cell("stock", N_("In stock"), WHOLE),
        _cell("barcode", N_("Barcode")),
    ),
)
INPUTS: Final = Group(
    "inputs",
    N_("What goes in, and where that was made"),
    (
        _cell("name", N_("Material or part")),
        _cell("origin", N_("Made in")),
        _cell("hs_code", N_("Tariff code (HS)")),
        _cell("value", N_("Its value in one piece"), MONEY),
    ),
)
MATERIALS: Final = Group(
    "materials",
    N_("Materials"),
    (_cell("name", N_("Material")), _cell("percent", N_("Share in percent"), NUMBER)),
)
CERTIFICATES: Final = Group(
    "certificates",
    N_("Certificates"),
    (
        _cell("kind", N_("Which certificate")),
        _cell("number", N_("Number")),
        _cell("body", N_("Given by")),
        _cell("issued_on", N_("Given on")),
        _cell("expires_on", N_("Good until")),
        _cell("url", N_("Address of the paper")),
    ),
)
PERSONALISATION: Final = Group(
    "personalisation",
    N_("What the buyer may choose or have written"),
    (
        _cell("name", N_("What")),
        _cell("kind", N_("How")),
        _cell("choices", N_("Choices, with commas between"), WORDS),
        _cell("max_length", N_("Letters at most"), WHOLE),
        _cell("extra", N_("On top of the price"), MONEY),
        _cell("days", N_("Days more to make it"), WHOLE),
    ),
)
MARKETS: Final = Group(
    "markets",
    N_("Markets"),
    (
        _cell("market", N_("Market")),
        _cell("included", N_("Sold there"), FLAG),
        _cell("language", N_("Written in")),
        _cell("title", N_("Title")),
        _cell("description", N_("Description")),
        _cell("brand_line", N_("Brand line")),
        _cell("label", N_("Text of the label")),
        _cell("hs_code", N_("Line of its own tariff")),
        _cell("price", N_("Price of one"), MONEY),
        _cell("first_price", N_("Introductory price"), MONEY, "introductory", "price"),
        _cell("first_from", N_("From"), TEXT, "introductory", "starts_on"),
        _cell("first_until", N_("Until"), TEXT, "introductory", "ends_on"),
    ),
)
GROUPS: Final = (PHOTOS, VARIANTS, MATERIALS, INPUTS, CERTIFICATES, PERSONALISATION, MARKETS)
BY_NAME: Final = {group.name: group for group in GROUPS}

STATUSES: Final = {"draft": N_("Draft"), "active": N_("On sale"), "archived": N_("Archived")}
KINDS: Final = {
    "goods": N_("Goods that are sent"),
    "digital": N_("A digital good: nothing is sent"),
    "service": N_("A service"),
}
WRITTEN: Final = {"es": N_("Spanish"), "pt-BR": N_("Portuguese"), "en": N_("English"), "fr": N_("French")}
SAID_BY: Final = {
    "seller": N_("I chose it myself"),
    "finder": N_("I took it from the finder below"),
    "broker": N_("A customs broker"),
    "ruling": N_("A ruling of customs"),
    "import": N_("It came with an imported file"),
}
PROOFS: Final = {
    "none": N_("None yet"),
    "declared": N_("I declare it"),
    "certificate": N_("I hold a certificate of origin"),
}
WAYS: Final = {"text": N_("A text"), "choice": N_("One of the choices"), "file": N_("A picture that the buyer sends")}
# Fields of choice: the names each may have, and where none was chosen.
CHOICES: Final = {
    "status": STATUSES,
    "kind": KINDS,
    "language": WRITTEN,
    "hs_by": SAID_BY,
    "origin_evidence": PROOFS,
    "personalisation-kind": WAYS,
    "markets-language": WRITTEN,
}
