"""What the routes of catalogs ask and answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, Moment
from shopkit.services.schemas import LABEL, TEXT, Shape

_Word = Annotated[str, Field(min_length=1, max_length=64, pattern=LABEL)]
_Words = Annotated[str, Field(max_length=500, pattern=TEXT)]
Charges = Literal["price", "shipping", "apart"]
Estimates = Literal["none", "settled", "likely", "highest"]


class CatalogSettings(Shape):
    """What a catalog is to hold.

    ``link`` is where a product's page is, with ``{key}``, ``{sku}`` or ``{id}`` in it, and perhaps ``{language}`` and
    ``{market}``. ``charges`` says where the charges of import are, ``estimates`` what counts of those that are only
    estimated. ``card`` and ``service`` price the freight. With ``stops`` a product that cannot leave stops the run.
    """

    link: Annotated[str, Field(max_length=1_000, pattern=LABEL, examples=["https://shop.example/p/{key}"])]
    charges: Charges = "price"
    estimates: Estimates = "none"
    stops: bool = False
    card: Annotated[str, Field(max_length=64)] = ""
    service: Annotated[str, Field(max_length=64)] = ""
    packing_grams: Annotated[int, Field(ge=0, le=30_000)] = 0
    rule_based: bool = False
    agreed: Annotated[dict[_Word, _Words], Field(max_length=50)] = Field(default_factory=dict)


class CatalogToMake(Shape):
    """A catalog for a channel, a market and a language; ``kind`` is the channel's usual file where it is left out."""

    channel: Annotated[_Word, Field(examples=["google"])]
    market: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["US"])]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2}|-419)?$", examples=["es"])]
    kind: Annotated[str, Field(max_length=16)] = ""
    every_hours: Annotated[int, Field(ge=1, le=336)] | None = None
    settings: CatalogSettings


class CatalogChange(Shape):
    """Other settings of a catalog; ``version`` is the one that was read."""

    version: Annotated[int, Field(ge=1, le=999_999_999)]
    kind: Annotated[str, Field(max_length=16)] = ""
    every_hours: Annotated[int, Field(ge=1, le=336)] | None = None
    settings: CatalogSettings


class RunToMake(Shape):
    """With ``dry_run`` it is said what would come of it, and nothing is kept."""

    dry_run: bool = False


class CatalogOut(Answer):
    """A catalog: ``address`` is what the channel fetches, absent where none is given out."""

    id: str
    channel: str
    market: str
    language: str
    kind: str
    every_hours: int | None
    settings: dict[str, Any]
    version: int
    created_at: Moment
    changed_at: Moment | None
    etag: str | None
    address: str | None


class CatalogList(Answer):
    """The shop's catalogs, the oldest first."""

    results: list[CatalogOut]


class CatalogFinding(Answer):
    """What is wrong with a row, by which rule, and what to do."""

    row: str
    field: str
    rule: str
    is_warning: bool
    what: str
    fix: str


class CatalogRunOut(Answer):
    """A run: ``done`` of ``total`` listings are through; ``counts`` of rows, ``rests_on`` which law and rates."""

    id: str
    catalog: str
    dry_run: bool
    state: Literal["waiting", "running", "done", "stopped", "failed"]
    is_alive: bool
    done: int
    total: int
    counts: dict[str, int]
    findings: list[CatalogFinding]
    rests_on: dict[str, str]
    digest: str | None
    size: int | None
    created_at: Moment
    finished_at: Moment | None


class CatalogRunList(Answer):
    """The last runs of a catalog, the newest first."""

    results: list[CatalogRunOut]


class LeftOutListing(Answer):
    """A listing of which rows do not leave, and why."""

    listing: str
    key: str
    left_out: int
    findings: list[CatalogFinding]


class LeftOutPage(Answer):
    """A page of what is left out of a catalog."""

    results: list[LeftOutListing]
    total: int
    page: int


class RowChange(Answer):
    """A row that came, went or says something else; ``fields`` have before and after."""

    row: str
    listing: str
    what: Literal["added", "removed", "changed"]
    fields: dict[str, list[str | None]]


class RowChanges(Answer):
    """A page of what a run changed."""

    results: list[RowChange]
    total: int
    page: int
