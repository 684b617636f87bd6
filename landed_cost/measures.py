"""Measures of goods that rates are taken on: litres, proof, dozens, drained weight, the value of a watch's strap.

A request gives measures *per unit* under the closed vocabulary below; :class:`Quantities` turns them into totals of a
line in the units that law counts in. A total that does not follow from what was given is ``None``: unknown, not zero.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

# Not keys of ``measures`` but names that a rate may ask for all the same: the item's own net weight, and somebody
# who reads a rate that refers to another one.
WEIGHT: Final = "weight"
BROKER: Final = "broker"

# What excise counts drinks by: the unit that it is so many of, how many, and how many parts of one are told apart. A US
# gallon has 231 cubic inches, wine counts to the nearest tenth of it (26 USC 5041(d)); 31 are a barrel of beer.
_GALLON: Final = Fraction(3785411784, 10**9)
DRINKS: Final[Mapping[str, tuple[str, Fraction, int]]] = {
    "wine gallon": ("liter", _GALLON, 10),
    "proof gallon": ("pf.liter", _GALLON, 10_000),
    "barrel of beer": ("liter", 31 * _GALLON, 10_000),
}

# Litres in a barrel of 42 US gallons at 15.6 °C, as chapter 27 of the US schedule counts it. From memory.
LITRES_PER_BARREL: Final = Fraction(15898, 100)


@dataclass(frozen=True, slots=True)
class MeasureName:
    """One word of the vocabulary: its key in a request, its unit, and what to call it in es, pt and en.

    ``highest`` is the largest value that makes sense (100 for a percentage), ``None`` for none.
    """

    key: str
    unit: str
    label: Mapping[str, str]
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureProblem:
    """What is wrong with one measure: the ``key``, a ``code`` to translate by, and a sentence in English."""

    key: str
    code: str
    message: str


class MeasureError(ValueError):
    """Measures that cannot be; ``problems`` lists every one of them."""

    def __init__(self, problems: tuple[MeasureProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.key}: {problem.message}" for problem in problems))


_VOCABULARY: Final = """
volume_l | l | volumen | volume | volume
alcohol_percent | % vol | grado alcohólico | teor alcoólico | alcoholic strength
pieces | pieces | piezas en una unidad | peças em uma unidade | pieces in one unit
pairs | pairs | pares en una unidad | pares em uma unidade | pairs in one unit
heads | heads | cabezas de ganado en una unidad | cabeças de gado em uma unidade | heads in one unit
barrels | barrels | barriles | barris | barrels
length_m | m | longitud | comprimento | length
area_m2 | m2 | superficie | área | area
volume_m3 | m3 | volumen en metros cúbicos | volume em metros cúbicos | volume in cubic metres
recording_surface_m2 | m2 | superficie de grabación | superfície de gravação | recording surface
gross_weight_kg | kg | peso con su envase inmediato | peso com a embalagem imediata | weight of contents and container
drained_weight_kg | kg | peso escurrido | peso drenado | drained weight
clean_kg | kg | peso de la lana limpia | peso da lã limpa | clean weight of wool
sugar_kg | kg | azúcares totales | açúcares totais | total sugars
dry_matter_kg | kg | materia seca | matéria seca | dry matter
lactic_matter_kg | kg | materia láctica | matéria láctica | lactic matter
pure_alcohol_kg | kg | alcohol total en peso | álcool total em peso | total alcohol by weight
standard_quality_kg | kg | azúcar en calidad tipo | açúcar em qualidade-padrão | sugar in standard quality
copper_kg | kg | contenido de cobre | teor de cobre | copper content
lead_kg | kg | contenido de plomo | teor de chumbo | lead content
magnesium_kg | kg | contenido de magnesio | teor de magnésio | magnesium content
manganese_kg | kg | contenido de manganeso | teor de manganês | manganese content
molybdenum_kg | kg | contenido de molibdeno | teor de molibdênio | molybdenum content
silicon_kg | kg | contenido de silicio | teor de silício | silicon content
tungsten_kg | kg | contenido de volframio | teor de tungstênio | tungsten content
zinc_kg | kg | contenido de cinc | teor de zinco | zinc content
morphine_kg | kg | contenido de morfina anhidra | teor de morfina anidra | anhydrous morphine content
sucrose_percent | % | sacarosa en peso | sacarose em peso | sucrose by weight
sugar_degrees | degrees | polarización del azúcar | polarização do açúcar | polarisation of the sugar
jewels | jewels | rubíes del mecanismo | rubis do mecanismo | jewels in the movement
other_parts | pieces | otras piezas del mecanismo | outras peças do mecanismo | other pieces of the movement
button_lines | lines | tamaño del botón en líneas | tamanho do botão em linhas | size of the button in lines
immediate_containers | pieces | envases por unidad | embalagens por unidade | immediate containers in one unit
case_value | value | valor de la caja | valor da caixa | value of the case
strap_value | value | valor de la correa o pulsera | valor da pulseira | value of the strap, band or bracelet
battery_value | value | valor de la pila | valor da bateria | value of the battery
movement_value | value | valor del mecanismo | valor do mecanismo | value of the movement
apparatus_value | value | valor del aparato | valor do aparelho | value of the apparatus
rifle_value | value | valor del rifle | valor do rifle | value of the rifle
sight_value | value | valor de la mira telescópica | valor da mira telescópica | value of the telescopic sight
lead_value | value | valor del plomo contenido | valor do chumbo contido | value of the lead content
non_us_value | value | valor de lo no estadounidense | valor do que não é dos EUA | value of the non-U.S. content
retail_value | value | valor justo al por menor | valor justo de varejo | fair retail value
repair_value | value | costo de las reparaciones o partes | custo dos reparos ou partes | cost of the repairs or parts
"""

_HIGHEST: Final = {"alcohol_percent": 100, "sucrose_percent": 100, "sugar_degrees": 100}
# Values that are no part of the article's own price: they may well be more than it.
_OUTSIDE_THE_PRICE: Final = frozenset({"retail_value", "repair_value"})
# Weights that are part of the net weight. Wool's clean weight and a can's drained weight are too.
_HEAVIER_THAN_NET: Final = frozenset({"gross_weight_kg", "standard_quality_kg"})


def _read_vocabulary() -> Iterator[tuple[str, MeasureName]]:
    for row in _VOCABULARY.strip().splitlines():
        key, unit, es, pt, en = row.split(" | ")
        label = MappingProxyType({"es": es, "pt": pt, "en": en})
        yield key, MeasureName(key, unit, label, _HIGHEST.get(key))


VOCABULARY: Final[Mapping[str, MeasureName]] = MappingProxyType(dict(_read_vocabulary()))
"""Every key that ``measures`` of a request may hold; anything else is an error."""

NAMES: Final[Mapping[str, MeasureName]] = MappingProxyType(
    {
        **VOCABULARY,
        WEIGHT: MeasureName(WEIGHT, "kg", {"es": "peso neto", "pt": "peso líquido", "en": "net weight"}),
        BROKER: MeasureName(
            BROKER,
            "",
            {
                "es": "un agente aduanal que lea la tarifa a la que remite",
                "pt": "um despachante que leia a alíquota a que remete",
                "en": "a customs broker who reads the rate it refers to",
            },
        ),
    },
)
"""What :attr:`Evaluation.missing` may name: the vocabulary, ``weight`` (the item's own field) and ``broker``."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of law: the measures whose product (with ``factor`` and the quantity) it is.

    ``needs`` must be known; each of ``counts`` is taken as one per unit of quantity when it is not given.
    """

    needs: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    factor: Fraction = Fraction(1)


def _content(key: str) -> tuple[_Unit, ...]:
    return (_Unit((key,)),)


# The first alternative whose measures are known counts; the last one names what to ask for.
_UNITS: Final[Mapping[str, tuple[_Unit, ...]]] = MappingProxyType(
    {
        "kg": (_Unit((WEIGHT,)),),
        "g": (_Unit((WEIGHT,), factor=Fraction(1000)),),
        "t": (_Unit((WEIGHT,), factor=Fraction(1, 1000)),),
        "t gross": (_Unit(("gross_weight_kg",), factor=Fraction(1, 1000)),),
        "kg gross": _content("gross_weight_kg"),
        "kg drained": _content("drained_weight_kg"),
        "clean kg": _content("clean_kg"),
        "kg sugars": _content("sugar_kg"),
        "kg dry matter": _content("dry_matter_kg"),
        "kg lactic matter": _content("lactic_matter_kg"),
        "kg alcohol": _content("pure_alcohol_kg"),
        "kg standard quality": _content("standard_quality_kg"),
        "kg copper": _content("copper_kg"),
        "kg lead": _content("lead_kg"),
        "kg magnesium": _content("magnesium_kg"),
        "kg manganese": _content("manganese_kg"),
        "kg molybdenum": _content("molybdenum_kg"),
        "kg silicon": _content("silicon_kg"),
        "kg tungsten": _content("tungsten_kg"),
        "kg zinc": _content("zinc_kg"),
        "kg morphine": _content("morphine_kg"),
        "kg·% sucrose": (_Unit((WEIGHT, "sucrose_percent")),),
        "liter": (_Unit(("volume_l",)),),
        "hl": (_Unit(("volume_l",), factor=Fraction(1, 100)),),
        # A US proof litre is a litre of 50 % vol at 15.56 °C, so 40 % vol counts as 0.8.
        "pf.liter": (_Unit(("volume_l", "alcohol_percent"), factor=Fraction(2, 100)),),
        "liter of alcohol": (_Unit(("volume_l", "alcohol_percent"), factor=Fraction(1, 100)),),
        "hl·% vol": (_Unit(("volume_l", "alcohol_percent"), factor=Fraction(1, 100)),),
        "bbl": (_Unit(("barrels",)), _Unit(("volume_l",), factor=1 / LITRES_PER_BARREL)),
        "m": _content("length_m"),
        "m2": _content("area_m2"),
        "m2 recording surface": _content("recording_surface_m2"),
        "m3": _content("volume_m3"),
        "each": (_Unit(counts=("pieces",)),),
        "pack": (_Unit(counts=("pieces",)),),
        "doz.": (_Unit(counts=("pieces",), factor=Fraction(1, 12)),),
        "gross": (_Unit(counts=("pieces",), factor=Fraction(1, 144)),),
        "1000": (_Unit(counts=("pieces",), factor=Fraction(1, 1000)),),
        "pr.": (_Unit(counts=("pairs",)),),
        "head": (_Unit(counts=("heads",)),),
        "jewel": (_Unit(("jewels",), ("pieces",)),),
        "part": (_Unit(("other_parts",), ("pieces",)),),
        "line·gross": (_Unit(("button_lines",), ("pieces",), Fraction(1, 144)),),
        "gross of containers": (_Unit(("immediate_containers",), factor=Fraction(1, 144)),),
    },
)

UNITS: Final = frozenset(_UNITS)
"""The units that :meth:`Quantities.total` knows, under the names that formulas show."""


def asks(unit: str) -> tuple[str, ...]:
    """Return the measures to ask for when the total of ``unit`` is not known.

    >>> asks("pf.liter"), asks("each")
    (('volume_l', 'alcohol_percent'), ())
    """
    return _UNITS[unit][-1].needs


@dataclass(frozen=True, slots=True)
class Quantities:
    """How much of an item there is: ``quantity`` units, each of ``weight_kg`` net and with ``measures``.

    One unit is one piece, one pair, one head, unless ``pieces``, ``pairs`` or ``heads`` say how many it holds: for a
    line that is charged per pair a quantity of 3 is 3 pairs. Keys that end in ``_value`` are amounts in the currency of
    ``unit_price``; without it their share in the value is not known.

    Raises ``MeasureError`` (all problems at once) for what :func:`check` finds wrong.

    >>> wine = Quantities(Decimal(6), None, {"volume_l": Decimal("0.75")})
    >>> wine.total("liter")
    Fraction(9, 2)
    >>> wine.total("kg") is None
    True
    """

    quantity: Decimal
    weight_kg: Decimal | None = None
    measures: Mapping[str, Decimal] = field(default_factory=dict)
    unit_price: Decimal | None = None
    # Totals that were asked already: many rates ask for the same few.
    _totals: dict[tuple[str, int], Fraction | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = check(self.measures, weight_kg=self.weight_kg, unit_price=self.unit_price)
        if not _is_amount(self.quantity):
            problem = MeasureProblem("quantity", "not_a_quantity", f"{self.quantity} is no quantity; write 0 or more")
            problems = (problem, *problems)
        if problems:
            raise MeasureError(problems)

    def per_unit(self, key: str) -> Fraction | None:
        """Return the measure of one unit (``weight`` included), or ``None`` when it was not given."""
        value = self.weight_kg if key == WEIGHT else self.measures.get(key)
        return None if value is None else Fraction(value)

    def total(self, unit: str, over: int = 0) -> Fraction | None:
        """Return how many ``unit`` the whole line holds, or ``None`` when that is not known.

        ``over`` leaves the first so many of each unit uncounted: ``total("jewel", over=7)``. ``unit`` is one of
        :data:`UNITS`.
        """
        if (unit, over) not in self._totals:
            self._totals[unit, over] = self._total(unit, over)
        return self._totals[unit, over]

    def _total(self, unit: str, over: int) -> Fraction | None:
        for unit_of_law in _UNITS[unit]:
            per_unit = self._product(unit_of_law)
            if per_unit is not None:
                return Fraction(self.quantity) * max(per_unit - over, Fraction(0))
        return None

    def missing(self, unit: str) -> tuple[str, ...]:
        """Return the measures to ask for before ``total(unit)`` is known; none when it already is."""
        if self.total(unit) is not None:
            return ()
        return tuple(key for key in asks(unit) if self.per_unit(key) is None)

    def value_share(self, key: str) -> Fraction | None:
        """Return which part of the unit price a ``…_value`` measure is, 0 to 1, or ``None`` when not known."""
        part = self.per_unit(key)
        if part is None or not self.unit_price:
            return None
        return part / Fraction(self.unit_price)

    def _product(self, unit: _Unit) -> Fraction | None:
        result = unit.factor
        for key in unit.needs:
            value = self.per_unit(key)
            if value is None:
                return None
            result *= value
        for key in unit.counts:
            count = self.per_unit(key)
            if count is not None:
                result *= count
        return result


def check(
    measures: Mapping[str, Decimal],
    *,
    weight_kg: Decimal | None = None,
    unit_price: Decimal | None = None,
) -> tuple[MeasureProblem, ...]:
    """Return everything that is wrong with the measures of one unit, in the order given; nothing when all is well.

    Wrong are: a key outside the vocabulary, a value that is not finite or negative, a percentage over 100, a content
    heavier than the net weight, a container lighter than its contents, a part worth more than the whole.
    """
    problems = list(_wrong_alone(measures))
    if weight_kg is not None and not _is_amount(weight_kg):
        problems.append(MeasureProblem(WEIGHT, "not_an_amount", f"{weight_kg} is no weight; write 0 or more"))
    if not problems:
        problems.extend(_wrong_together(measures, weight_kg, unit_price))
    return tuple(problems)


def _wrong_alone(measures: Mapping[str, Decimal]) -> Iterator[MeasureProblem]:
    for key, value in measures.items():
        name = VOCABULARY.get(key)
        if name is None:
            yield MeasureProblem(key, "unknown_measure", f"is no measure; known are {', '.join(VOCABULARY)}")
        elif not _is_amount(value):
            yield MeasureProblem(key, "not_an_amount", f"{value} is no amount of {name.unit}; write 0 or more")
        elif name.highest is not None and value > name.highest:
            yield MeasureProblem(key, "too_much", f"{value} is more than {name.highest} {name.unit}")


def _wrong_together(
    measures: Mapping[str, Decimal],
    weight_kg: Decimal | None,
    unit_price: Decimal | None,
) -> Iterator[MeasureProblem]:
    parts = Decimal(0)
    for key, value in measures.items():
        if weight_kg is not None and key.endswith("_kg"):
            if key not in _HEAVIER_THAN_NET and value > weight_kg:
                yield MeasureProblem(key, "more_than_whole", f"{value} kg is more than the net weight, {weight_kg} kg")
            elif key == "gross_weight_kg" and value < weight_kg:
                yield MeasureProblem(key, "less_than_part", f"{value} kg is less than the net weight, {weight_kg} kg")
        if unit_price is not None and key.endswith("_value") and key not in _OUTSIDE_THE_PRICE:
            parts = max(parts, value) if key in {"lead_value", "non_us_value"} else parts + value
            if parts > unit_price:
                yield MeasureProblem(key, "more_than_whole", f"the parts are worth more than the unit, {unit_price}")


def _is_amount(value: Decimal) -> bool:
    return value.is_finite() and value >= 0
