"""The question of origin as it comes through a door: what is made, of what, how, and where each input is found."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from landed_cost.rulebook.origin_rules import OPERATIONS
from shopkit.services.schemas import HS_CODE, LABEL, TEXT, Country, CurrencyCode, Day, Decimals, Name, Shape

MAX_MATERIALS: Final = 50
Code = Annotated[
    str, Field(pattern=HS_CODE, examples=["8523.51"], description="2 to 10 digits; six are used. From the tariff.")
]
# A literal of every operation, so that one that does not exist is refused where it stands.
Operation = Literal[
    "packing", "labelling", "printing_logo", "sorting", "cleaning", "cutting_to_length", "diluting", "mixing",
    "simple_assembly", "painting", "freezing", "knitting", "weaving", "spinning", "cutting_parts", "sewing",
    "moulding", "machining", "carving", "casting", "firing", "roasting", "cooking", "fermenting", "distilling",
    "chemical_reaction", "tanning", "assembly", "growing",
]  # fmt: skip
assert set(OPERATIONS) == set(Operation.__args__)  # type: ignore[attr-defined]  # noqa: S101  # one vocabulary


class OriginMaterial(Shape):
    """One material. Its price stands on the supplier's invoice, its origin on the supplier's declaration."""

    description: Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL, examples=["USB stick"])]
    hs_code: Code | None = None
    origin: Annotated[Country | None, Field(description="Where it was made: ask the supplier.")] = None
    value: Annotated[
        Decimals | None, Field(description="What all of it cost, delivered to the works: the supplier's invoice.")
    ] = None
    originating_under: Annotated[
        list[Name] | None,
        Field(
            max_length=20,
            description="Agreements under which the supplier declares that it originates; [] for none, null unknown.",
        ),
    ] = None


class OriginProduct(Shape):
    """What is made; prices for the same quantity as the materials."""

    description: Annotated[str, Field(max_length=500, pattern=TEXT)] = ""
    hs_code: Code
    made_in: Country
    ex_works: Annotated[Decimals | None, Field(description="The price at the works: your price list.")] = None
    fob: Annotated[Decimals | None, Field(description="The price on board, without carriage abroad.")] = None
    works_cost: Annotated[
        Decimals | None,
        Field(description="Labour, energy, overhead; no materials, promotion, royalties, shipping: your accounts."),
    ] = None


class OriginRequest(Shape):
    """Do these goods originate? All amounts in one currency."""

    date: Annotated[Day | None, Field(description="Entry at the border. Default: today.")] = None
    destination: Country
    currency: CurrencyCode = "USD"
    product: OriginProduct
    materials: Annotated[list[OriginMaterial], Field(default_factory=list, max_length=MAX_MATERIALS)]
    wholly_obtained: Annotated[
        bool | None, Field(description="Grown, born, caught or dug in the country, with nothing of another.")
    ] = None
    operations: Annotated[
        list[Operation], Field(default_factory=list, max_length=30, description="What is done to the materials.")
    ]
    transport: Annotated[
        Literal["direct", "transit", "processed_elsewhere"] | None,
        Field(description="transit: through other countries under customs control. From the transport papers."),
    ] = None
    confirmed: Annotated[
        list[Name],
        Field(default_factory=list, max_length=30, description="Conditions you answer for, by the name a step gives."),
    ]
    agreement: Annotated[Name | None, Field(description="Only this agreement; else all between the two.")] = None


# Made in China and printed in Toluca: the example of the description and of the page.
EXAMPLE: Final[dict[str, Any]] = {
    "date": "2026-11-23",
    "destination": "US",
    "currency": "USD",
    "product": {"description": "Memoria USB con logotipo", "hs_code": "8523.51", "made_in": "MX", "fob": "5.00"},
    "materials": [
        {"description": "Memoria USB", "hs_code": "8523.51", "origin": "CN", "value": "3.20", "originating_under": []}
    ],
    "operations": ["printing_logo", "packing"],
    "transport": "direct",
}
