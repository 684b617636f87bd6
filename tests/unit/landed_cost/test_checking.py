"""What is wrong in a shipment is named where it stands."""

from __future__ import annotations

from landed_cost.checking import Problem, unread_attributes
from landed_cost.rulebook.attributes import attributes


def test_attributes_and_their_answers_come_from_the_vocabulary() -> None:
    """A name that is not in it lists all names, an answer that is none of the name's lists its answers."""
    found = list(unread_attributes("/items/0", {"alcohol": "yes", "fibre": "cotton", "battery": "perhaps"}))

    assert found == [
        Problem("/items/0/attributes/fibre", "attribute.unknown", {"known": ", ".join(sorted(attributes()))}),
        Problem("/items/0/attributes/battery", "attribute.value", {"known": ", ".join(attributes()["battery"].values)}),
    ]
