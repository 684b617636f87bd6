"""The request of drafts as it comes through a door."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from listings.model import LANGUAGE
from shopkit.services.schemas import LABEL, TEXT, Shape

MAX_TEXT: Final = 100_000
MAX_TARGETS: Final = 10
MAX_KEPT: Final = 50
LocaleTag = Annotated[
    str, Field(pattern=LANGUAGE, examples=["es-MX"], description="A language, with its market or 419.")
]
EXAMPLE: Final[dict[str, Any]] = {
    "text": "Playera de algodón {size}, hecha a mano en Oaxaca",
    "from": "es-MX",
    "to": ["en-US", "pt-BR"],
}


class DraftRequest(Shape):
    """A text to be drafted for other markets."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT, pattern=TEXT)]
    from_: Annotated[LocaleTag, Field(alias="from")]
    to: Annotated[list[LocaleTag], Field(min_length=1, max_length=MAX_TARGETS, examples=[["en-US", "pt-BR"]])]
    markup: Annotated[bool, Field(description="The text is HTML, whose blocks are translated one by one.")] = False
    keep: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL)]],
        Field(
            default_factory=list, max_length=MAX_KEPT, description="Brands and whatever else stays letter by letter."
        ),
    ]
    formality: Annotated[
        Literal["formal", "informal"] | None,
        Field(description="How a buyer is spoken to, where an engine asks; as the market is used to without it."),
    ] = None
