"""The sandbox's page: a developer pays with a button, and the order follows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.paying import Sale
from tests.shop import open_shop

if TYPE_CHECKING:
    from pathlib import Path


def test_a_button_pays_the_order(tmp_path: Path) -> None:
    """The page that an attempt leads to shows what is asked, and its button pays the order."""
    app = open_shop(tmp_path)
    sale = Sale(app.extensions["shopkit"])
    begun = sale.start()
    assert begun.url is not None
    client = app.test_client()
    page = client.get(begun.url, headers={"Accept-Language": "en"})
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    pressed, unknown = (client.post(begun.url, data={"csrf_token": found[1], "do": do}) for do in ("pay", "steal"))

    assert page.status_code == 200
    assert "76.63" in page.text
    assert (pressed.status_code, unknown.status_code) == (303, 400)
    assert sale.state.status == "paid"
    assert client.get("/sandbox/pa_x/sb_x").status_code == 404


def test_a_message_comes_in_by_its_address(tmp_path: Path) -> None:
    """A proved message is answered 200, twice too; one that is not 400, one for nobody 404."""
    app = open_shop(tmp_path)
    sale = Sale(app.extensions["shopkit"])
    body, headers = sale.press(sale.start().payment_id, "pay")
    client, address = app.test_client(), f"/webhooks/sandbox/{sale.account_id}"
    statuses = [client.post(address, data=body, headers=headers).status_code for _ in range(2)]
    statuses.append(client.post(address, data=body + b" ", headers=headers).status_code)
    statuses.append(client.post("/webhooks/sandbox/pa_nobody", data=body, headers=headers).status_code)
    statuses.append(client.post(f"/webhooks/stripe/{sale.account_id}", data=body, headers=headers).status_code)

    assert statuses == [200, 200, 400, 404, 404]
