"""Calls of channels as they leave: what is signed is what is sent, and addresses are what the channels write."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import responses

from listings.channels.amazon import Amazon as AmazonRows
from listings.channels.google import Google as GoogleRows
from listings.channels.tiktok import TikTok as TikTokRows
from listings.pushing.port import push
from shopkit.pushing import amazon, google, tiktok
from shopkit.pushing.transport import HttpTransport
from tests.contracts.pushers import US, row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.pushing.channels import PushChannel

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def way(channel: PushChannel, details: Mapping[str, str]) -> HttpTransport:
    """Return the way to a channel with a token; photos come by a session that is not guarded, for none is there."""
    return HttpTransport(
        channel.address(details),
        lambda call: channel.sign(call, "a-token", details, NOW),
        is_unsigned=channel.is_unsigned,
        photos=requests.Session(),
        sleep=lambda _: None,
    )


@responses.activate
def test_tiktok_gets_photos_and_a_product_signed_as_they_are_sent() -> None:
    """The signature is made anew from what went out: query as the server reads it, body byte by byte, no file."""
    api, details = (
        "https://open-api.tiktokglobalshop.com",
        {"app_key": "k1234", "app_secret": "s", "shop_cipher": "c_1"},
    )
    for number in (1, 2):
        responses.get(f"https://taller.example/photos/1-{number}.jpg", body=b"\xff\xd8photo")
    responses.post(f"{api}/product/202309/images/upload", json={"code": 0, "data": {"uri": "tos-a/1"}})
    made = {"product_id": "9", "skus": [{"id": "90"}]}
    responses.post(f"{api}/product/202309/products", json={"code": 0, "data": made})
    done = push(tiktok.CHANNEL.pusher(details), row(TikTokRows()), way(tiktok.CHANNEL, details))
    sent: list[Any] = [one.request for one in responses.calls if one.request.method == "POST"]

    assert done.ids == {"product_id": "9", "sku_id": "90"}
    assert [dict(parse_qsl(urlsplit(str(one.url)).query)).get("shop_cipher") for one in sent] == [None, None, "c_1"]
    for one in sent:
        query = dict(parse_qsl(urlsplit(str(one.url)).query))
        sign = query.pop("sign")
        is_file = one.headers["Content-Type"].startswith("multipart/form-data")
        body = b"" if is_file else one.body
        said = "".join(name + query[name] for name in sorted(query))
        text = f"s{urlsplit(str(one.url)).path}{said}".encode() + body + b"s"
        assert sign == hmac.new(b"s", text, hashlib.sha256).hexdigest()
        assert one.headers["x-tts-access-token"] == "a-token"
    assert b'name="use_case"' in sent[0].body
    assert b"\xff\xd8photo" in sent[0].body


@responses.activate
def test_google_is_called_at_the_method_with_its_source() -> None:
    """The colon of the method stands as it is, the slashes of the source do not."""
    details = {"account": "12", "data_source": "34", "market": "US", "language": "es-MX"}
    url = "https://merchantapi.googleapis.com/products/v1/accounts/12/productInputs:insert"
    responses.post(url, json={"product": "accounts/12/products/es~US~PLA-1"})
    push(google.CHANNEL.pusher(details), row(GoogleRows(), US), way(google.CHANNEL, details))
    sent = responses.calls[0].request

    assert sent.url == f"{url}?dataSource=accounts%2F12%2FdataSources%2F34"
    assert (sent.headers["Authorization"], sent.headers["Content-Type"]) == ("Bearer a-token", "application/json")


@responses.activate
def test_amazon_is_called_in_its_region_by_the_sku_as_it_is() -> None:
    """A slash of a SKU stays coded on the way."""
    details = {"seller_id": "A1SELLER", "region": "na"}
    url = "https://sellingpartnerapi-na.amazon.com/listings/2021-08-01/items/A1SELLER/PLA%2F1"
    responses.put(url, json={"sku": "PLA/1", "status": "ACCEPTED", "submissionId": "1"})
    push(amazon.CHANNEL.pusher(details), {**row(AmazonRows()), "sku": "PLA/1"}, way(amazon.CHANNEL, details))
    sent = responses.calls[0].request

    assert (str(sent.url).partition("?")[0], sent.headers["x-amz-access-token"]) == (url, "a-token")
    assert "marketplaceIds=ATVPDKIKX0DER" in unquote(str(sent.url))
