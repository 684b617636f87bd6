"""One openfisca-core simulation of three dated formulas, as often as told; run by an environment of its own.

The law is invented and small: a customs value, a duty above a dated limit, and a value-added tax on both, each formula
and each parameter with two dates. Built in one go per simulation by the library's shortest way, for one shipment.
It reads ``<count>`` (nothing but the result), ``<count> traced`` (with its trace, as our quotes have) or ``<count>
situation`` (from a situation as JSON gives it, as its web API does) from its standard input, a line each, and answers
each with a line of JSON, like ours. ``<count> vector`` is one simulation of so many shipments at once, timed from the
first input on: what it takes to name them all is left out.
"""

import json
import sys
import time
from typing import Any

import numpy as np
from openfisca_core import periods  # type: ignore[import-not-found]  # in the peers' environment only
from openfisca_core.entities import build_entity  # type: ignore[import-not-found]  # the same
from openfisca_core.parameters import ParameterNode  # type: ignore[import-not-found]  # the same
from openfisca_core.simulations import SimulationBuilder  # type: ignore[import-not-found]  # the same
from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # type: ignore[import-not-found]  # the same
from openfisca_core.variables import Variable  # type: ignore[import-not-found]  # the same

DAY = "2026-11-23"
GOODS, FREIGHT = 68.50, 12.00
CUSTOMS_VALUE, DUTY, VAT = 80.50, 8.05, 15.94
CENT = 0.005
SHIPMENT = build_entity("shipment", "shipments", "One consignment", is_person=True)


class goods(Variable):  # type: ignore[misc]  # noqa: D101, N801  # openfisca's own form: the class is the name
    value_type = float
    entity = SHIPMENT
    definition_period = periods.DateUnit.DAY


class freight(Variable):  # type: ignore[misc]  # noqa: D101, N801  # the same
    value_type = float
    entity = SHIPMENT
    definition_period = periods.DateUnit.DAY


class customs_value(Variable):  # type: ignore[misc]  # noqa: D101, N801  # the same
    value_type = float
    entity = SHIPMENT
    definition_period = periods.DateUnit.DAY

    def formula_2010_01_01(shipment: Any, period: Any) -> Any:  # noqa: ANN401, D102, N805
        return shipment("goods", period)

    def formula_2020_01_01(shipment: Any, period: Any) -> Any:  # noqa: ANN401, D102, N805
        return shipment("goods", period) + shipment("freight", period)


class duty(Variable):  # type: ignore[misc]  # noqa: D101, N801  # the same
    value_type = float
    entity = SHIPMENT
    definition_period = periods.DateUnit.DAY

    def formula_2010_01_01(shipment: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401, D102, N805
        return shipment("customs_value", period) * parameters(period).import_.duty

    def formula_2025_10_25(shipment: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401, D102, N805
        law = parameters(period).import_
        value = shipment("customs_value", period)
        return (value > law.limit) * value * law.duty


class vat(Variable):  # type: ignore[misc]  # noqa: D101, N801  # the same
    value_type = float
    entity = SHIPMENT
    definition_period = periods.DateUnit.DAY

    def formula_2010_01_01(shipment: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401, D102, N805
        return shipment("customs_value", period) * parameters(period).import_.vat

    def formula_2025_10_25(shipment: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401, D102, N805
        base = shipment("customs_value", period) + shipment("duty", period)
        return base * parameters(period).import_.vat


def dated(old: float, new: float) -> dict[str, Any]:
    """Return a parameter with two dated values."""
    return {"values": {"2010-01-01": {"value": old}, "2025-10-25": {"value": new}}}


def system() -> Any:  # noqa: ANN401  # openfisca is untyped here
    """Return the law: five variables and three dated parameters."""
    law = TaxBenefitSystem([SHIPMENT])
    law.add_variables(goods, freight, customs_value, duty, vat)
    law.parameters = ParameterNode(
        "", data={"import_": {"duty": dated(0.06, 0.10), "limit": dated(30.0, 41.0), "vat": dated(0.16, 0.18)}}
    )
    return law


def simulate(law: Any, goods_value: float, how: str) -> tuple[float, float, float]:  # noqa: ANN401  # the same
    """Return customs value, duty and tax of one shipment."""
    if how == "situation":
        situation = {"shipments": {"one": {"goods": {DAY: goods_value}, "freight": {DAY: FREIGHT}}}}
        simulation = SimulationBuilder().build_from_entities(law, situation)
    else:
        simulation = SimulationBuilder().build_default_simulation(law, 1)
        simulation.trace = how == "traced"
        simulation.set_input("goods", DAY, [goods_value])
        simulation.set_input("freight", DAY, [FREIGHT])
    found = [float(simulation.calculate(name, DAY)[0]) for name in ("customs_value", "duty", "vat")]
    return found[0], found[1], found[2]


def simulate_many(law: Any, count: int) -> dict[str, float]:  # noqa: ANN401  # the same
    """Return how long customs value, duty and tax of many shipments at once took."""
    simulation = SimulationBuilder().build_default_simulation(law, count)
    prices = GOODS + np.arange(count, dtype=np.float32) % 50
    wall, cpu = time.perf_counter(), time.process_time()
    simulation.set_input("goods", DAY, prices)
    simulation.set_input("freight", DAY, np.full(count, FREIGHT, np.float32))
    found = [simulation.calculate(name, DAY) for name in ("customs_value", "duty", "vat")]
    seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    if any(abs(one[0] - want) > CENT for one, want in zip(found, (CUSTOMS_VALUE, DUTY, VAT), strict=True)):
        raise SystemExit(f"the simulation is wrong: {found}")
    return {"count": count, **seconds}


def check(law: Any, how: str) -> None:  # noqa: ANN401  # the same
    """Stop when a simulation gives other amounts than those worked by hand."""
    found = simulate(law, GOODS, how)
    if any(abs(one - want) > CENT for one, want in zip(found, (CUSTOMS_VALUE, DUTY, VAT), strict=True)):
        raise SystemExit(f"the simulation is wrong: {found}")


def main() -> None:
    """Answer each count with the time that so many simulations took."""
    law = system()
    for how in ("", "traced", "situation"):
        check(law, how)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        number_of, _, how = line.strip().partition(" ")
        count = int(number_of)
        if how == "vector":
            print(json.dumps(simulate_many(law, count)), flush=True)
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        for number in range(count):
            simulate(law, GOODS + number % 50, how)
        seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
        print(json.dumps({"count": count, **seconds}), flush=True)


if __name__ == "__main__":
    main()
