"""Messages of providers: what proves them, what does not, and what they tell."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import easypost
import pytest
from easypost.errors.general.signature_verification_error import SignatureVerificationError
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.tracking import aftership, seventeentrack, signing, webhook
from shopkit.tracking import easypost as ours
from shopkit.tracking.port import Messenger, SignatureError, Told, TrackingError
from tests.twins.aftership import AfterShip
from tests.twins.carriers import NOW
from tests.twins.easypost import EasyPost
from tests.twins.seventeentrack import SeventeenTrack

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = "RB123456785GB"
_WAYS: dict[str, tuple[Messenger, str]] = {
    "17track": (seventeentrack.TRACKER, "sign"),
    "aftership": (aftership.TRACKER, "aftership-hmac-sha256"),
    "easypost": (ours.TRACKER, "x-hmac-signature"),
    "webhook": (webhook.TRACKER, "shopkit-signature"),
}
_NAMES = [
    *("data", "msg", "result", "version", "parcels", "number", "tracking_number", "tracking_code", "track_info"),
    *("tracking", "providers", "events", "checkpoints", "tracking_details", "time_raw", "date", "time", "time_iso"),
    *("time_utc", "sub_status", "latest_status", "status", "address", "country", "tracking_location", "code", "text"),
]


def _plain(key: str = "s3", now: datetime = NOW, **more: Any) -> tuple[bytes, dict[str, str]]:
    event = {"code": "delivered", "time": "2026-11-20T14:50:00-06:00", "place": "Mérida"}
    told = {"version": 1, "parcels": [{"number": NUMBER, "events": [event], "expected_on": "2026-11-30"} | more]}
    body = json.dumps(told, ensure_ascii=False).encode()
    stamp = str(int(now.timestamp()))
    mark = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, {"shopkit-signature": f"t={stamp},v1={mark}"}


def _message(name: str) -> tuple[Messenger, bytes, dict[str, str], str, str]:
    """Return a provider, a message that its twin signed, the header of the signature, and the secret."""
    if name == "webhook":
        body, headers = _plain()
        return webhook.TRACKER, body, headers, "shopkit-signature", "s3"
    worlds: dict[str, tuple[Any, Any, str]] = {
        "17track": (seventeentrack.TRACKER, SeventeenTrack(), "sign"),
        "aftership": (aftership.TRACKER, AfterShip(), "aftership-hmac-sha256"),
        "easypost": (ours.TRACKER, EasyPost(), "x-hmac-signature"),
    }
    tracker, twin, header = worlds[name]
    twin.lay(NUMBER, "delivered")
    body, headers = twin.message(NUMBER)
    return tracker, body, headers, header, twin.details[tracker.proves]


@pytest.mark.parametrize("name", ["17track", "aftership", "easypost", "webhook"])
class TestProof:
    """What proves a message of any provider."""

    def test_signed_as_it_was_sent(self, name: str) -> None:
        """A message with its own signature tells of its parcel."""
        tracker, body, headers, _, secret = _message(name)
        (told,) = tracker.read(body, headers, [secret], now=NOW)

        assert (isinstance(tracker, Messenger), told.number, told.outcome) == (True, NUMBER, "told")
        assert {event.received_at for event in told.events} == {NOW}

    @pytest.mark.parametrize("secrets", [[], [""], ["  "], ["another"]])
    def test_secrets_that_prove_nothing(self, name: str, secrets: list[str]) -> None:
        """Without a secret, with a blank one or another's, nothing is proved."""
        tracker, body, headers, _, _ = _message(name)

        with pytest.raises(SignatureError):
            tracker.read(body, headers, secrets, now=NOW)

    def test_a_blank_secret_signs_nothing(self, name: str) -> None:
        """What somebody signed with nothing is not proved by a secret that was never set."""
        tracker, body, headers, header, _ = _message(name)
        stamp = str(int(NOW.timestamp()))
        marks = {
            "sign": hashlib.sha256(body + b"/").hexdigest(),
            "aftership-hmac-sha256": base64.b64encode(hmac.new(b"", body, "sha256").digest()).decode(),
            "x-hmac-signature": f"hmac-sha256-hex={hmac.new(b'', body, 'sha256').hexdigest()}",
            "shopkit-signature": f"t={stamp},v1={hmac.new(b'', stamp.encode() + b'.' + body, 'sha256').hexdigest()}",
        }

        with pytest.raises(SignatureError, match="no secret is set"):
            tracker.read(body, headers | {header: marks[header]}, ["", " "], now=NOW)

    @pytest.mark.parametrize("given", [None, "", "   "])
    def test_no_signature(self, name: str, given: str | None) -> None:
        """A message without a signature is told that it has none."""
        tracker, body, headers, header, secret = _message(name)
        headers = {key: value for key, value in headers.items() if key != header}

        with pytest.raises(SignatureError, match=f"there is no .*signature in {header}"):
            tracker.read(body, headers if given is None else headers | {header: given}, [secret], now=NOW)

    @pytest.mark.parametrize("given", ["x", "ñ", "=,=", "t=,v1="])
    def test_a_signature_that_is_none(self, name: str, given: str) -> None:
        """A header that holds something else is refused, whatever the body."""
        tracker, body, headers, header, secret = _message(name)

        with pytest.raises(SignatureError):
            tracker.read(body, headers | {header: given}, [secret], now=NOW)

    def test_a_body_written_anew(self, name: str) -> None:
        """The same JSON with other blanks is another body."""
        tracker, body, headers, _, secret = _message(name)
        again = json.dumps(json.loads(body), separators=(",", ":"), sort_keys=True).encode()

        with pytest.raises(SignatureError, match="no signature is of this body"):
            tracker.read(again, headers, [secret], now=NOW)

    def test_one_byte_more(self, name: str) -> None:
        """A blank at the end is another body, too."""
        tracker, body, headers, _, secret = _message(name)

        with pytest.raises(SignatureError):
            tracker.read(body + b" ", headers, [secret], now=NOW)

    def test_a_secret_is_replaced(self, name: str) -> None:
        """While two secrets hold, what either signed is taken."""
        tracker, body, headers, _, secret = _message(name)
        told = [tracker.read(body, headers, several, now=NOW) for several in (["new", secret], [secret, "new"])]

        assert told[0] == told[1] == tracker.read(body, headers, [secret], now=NOW)

    def test_the_other_ways_to_sign(self, name: str) -> None:
        """Base64 for hex, hex for Base64, a plain hash for an HMAC and the other way round prove nothing."""
        tracker, body, headers, header, secret = _message(name)
        own = {
            "17track": signing.hash_with_key,
            "aftership": signing.hmac_base64,
            "easypost": signing.hmac_nfkd,
            "webhook": None,
        }[name]
        ways = [signing.hash_with_key, signing.hmac_hex, signing.hmac_base64, signing.hmac_nfkd]
        prefix = f"t={int(NOW.timestamp())},v1=" if name == "webhook" else ""
        taken = []
        for way in ways:
            try:
                tracker.read(body, headers | {header: prefix + way(body, secret)}, [secret], now=NOW)
            except SignatureError:
                continue
            taken.append(way)

        assert taken == ([] if own is None else [own])

    def test_compared_in_constant_time(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every secret is compared with every signature by the function that takes the same time for all."""
        tracker, body, headers, _, secret = _message(name)
        seen = []
        compare = hmac.compare_digest

        def counted(one: bytes, other: bytes) -> bool:
            seen.append((one, other))
            return compare(one, other)

        monkeypatch.setattr(hmac, "compare_digest", counted)
        tracker.read(body, headers, [secret, "second", "third"], now=NOW)

        assert len(seen) == 3

    @pytest.mark.parametrize("body", [b"1", b"[]", b"null", b"{", b"\xff\xfe", b"", b'{"data": 1}', b"[" * 100_000])
    def test_a_body_that_is_none(self, name: str, body: bytes) -> None:
        """What is well signed and no message is garbage, and no traceback."""
        tracker, _, headers, header, secret = _message(name)
        ways: dict[str, Callable[[bytes, str], str]] = {
            "17track": signing.hash_with_key,
            "aftership": signing.hmac_base64,
            "easypost": signing.hmac_nfkd,
            "webhook": lambda signed, key: signing.stamped(signed, key, NOW),
        }
        way = ways[name]
        signed = headers | {header: way(body, secret)}
        if (name, body) == ("easypost", b'{"data": 1}'):
            # Its events are about many things: what is no tracker's tells nothing.
            assert tracker.read(body, signed, [secret], now=NOW) == ()
            return

        with pytest.raises(TrackingError) as caught:
            tracker.read(body, signed, [secret], now=NOW)

        assert caught.value.reason == "garbage"


class TestEasyPost:
    """EasyPost signs by a secret in NFKD, which its own client is asked about."""

    @pytest.mark.parametrize("secret", ["plain", "contraseña", "São João", "ﬁ", "clave con espacios"])
    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    def test_the_vendors_client_agrees(self, secret: str, form: Literal["NFC", "NFD"]) -> None:
        """What our twin signs by an accented secret, the vendor's client takes, and so do we, in either spelling."""
        twin = EasyPost()
        twin.details["webhook_secret"] = unicodedata.normalize(form, secret)
        twin.lay(NUMBER, "delivered")
        body, headers = twin.message(NUMBER)
        vendors = easypost.util.validate_webhook(body, {"X-Hmac-Signature": headers["x-hmac-signature"]}, secret)
        (told,) = ours.TRACKER.read(body, headers, [secret], now=NOW)

        assert vendors["result"]["tracking_code"] == told.number

    def test_without_taking_accents_apart(self) -> None:
        """A signature by the bytes of an accented secret as it is typed is refused by the vendor's client and by us."""
        body = b'{"description": "tracker.updated"}'
        mark = f"hmac-sha256-hex={signing.hmac_hex(body, 'contraseña')}"

        with pytest.raises(SignatureVerificationError):
            easypost.util.validate_webhook(body, {"X-Hmac-Signature": mark}, "contraseña")
        with pytest.raises(SignatureError):
            ours.TRACKER.read(body, {"x-hmac-signature": mark}, ["contraseña"], now=NOW)

    def test_other_events(self) -> None:
        """An event about a batch is no error, and tells nothing."""
        body = json.dumps({"description": "batch.created", "result": {"id": "batch_1"}}).encode()
        mark = signing.hmac_nfkd(body, "s")

        assert ours.TRACKER.read(body, {"x-hmac-signature": mark}, ["s"], now=NOW) == ()


class TestSeventeenTrack:
    """17TRACK signs by a plain hash of body, slash and key."""

    def test_by_hand(self) -> None:
        """The hash is that which two public receivers make."""
        made = signing.hash_with_key(b'{"event":"TRACKING_UPDATED"}', "key")

        assert made == hashlib.sha256(b'{"event":"TRACKING_UPDATED"}/key').hexdigest()

    def test_followed_no_more(self) -> None:
        """That a number is followed no more tells nothing of its parcel."""
        twin = SeventeenTrack()
        twin.lay(NUMBER, "delivered")
        body, headers = twin.message(NUMBER, "TRACKING_STOPPED")

        assert seventeentrack.TRACKER.read(body, headers, ["key-17"], now=NOW) == ()


class TestAfterShip:
    """AfterShip sends other messages, too."""

    def test_other_messages(self) -> None:
        """An event of an expected delivery is no error, and tells nothing."""
        twin = AfterShip()
        twin.lay(NUMBER, "delivered")
        body, headers = twin.message(NUMBER, "edd_revise")

        assert aftership.TRACKER.read(body, headers, ["as-secret"], now=NOW) == ()


class TestPlain:
    """The message of a program without an adapter: JSON of ours, strictly read."""

    def test_all_of_it(self) -> None:
        """What is in a message is told as it stands; a word of ours and a code of EMSEVT are both codes."""
        events = [
            {"code": "Entregado", "time": "2026-11-20T14:50:00", "zone": "America/Merida", "place": "Mérida"},
            {"code": "EME", "time": "2026-11-18T10:00:00-05:00", "reason": "65", "country": "US", "leg": "destination"},
            {"text": "Devolver envío desde aduana (entrada)", "time": "2026-11-19", "office": "USMIA"},
        ]
        body, headers = _plain(events=events, service="EMS")
        (told,) = webhook.TRACKER.read(body, headers, ["s3"], now=NOW)

        assert (told.expected_on, told.service) == (date(2026, 11, 30), "EMS")
        assert [(event.code, event.time, event.zone, event.reason, event.office) for event in told.events] == [
            ("delivered", "2026-11-20T14:50:00", "America/Merida", None, None),
            ("EME", "2026-11-18T10:00:00-05:00", None, "65", None),
            (None, "2026-11-19", None, None, "USMIA"),
        ]
        assert [event.body for event in told.events] == events

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"number": "A"}, "parcels[0].number has to be 4 to 64 letters, digits and dashes"),
            ({"number": None}, "parcels[0].number is missing"),
            ({"nummer": "A"}, "parcels[0].nummer is not known here; known are number, expected_on, service, events"),
            ({"expected_on": "2026-02-30"}, "parcels[0].expected_on has to be a day, such as 2026-01-31"),
            ({"expected_on": "20260130"}, "parcels[0].expected_on has to be a day, such as 2026-01-31"),
            ({"events": {}}, "parcels[0].events has to be a list of at most 10000"),
            ({"events": [1]}, "parcels[0].events[0] has to be an object"),
            ({"events": [{"code": "EMI", "tme": "x"}]}, "parcels[0].events[0].tme is not known here; known are code"),
            ({"events": [{"time": "2026-01-31"}]}, "parcels[0].events[0] has neither code nor text"),
            ({"events": [{"code": "EMI"}]}, "parcels[0].events[0].time is missing"),
            ({"events": [{"code": "arrived?", "time": "2026-01-31"}]}, "events[0].code is no status of ours"),
            ({"events": [{"code": "EMI", "time": "31/01/2026"}]}, "events[0].time has to be a time"),
            ({"events": [{"code": "EMI", "time": 1}]}, "events[0].time has to be a text"),
            ({"events": [{"code": "EMI", "time": "2026-01-31", "zone": "Mars/Phobos"}]}, "events[0].zone is no zone"),
            ({"events": [{"code": "EMI", "time": "2026-01-31", "zone": "../etc"}]}, "events[0].zone is no zone"),
            ({"events": [{"code": "EMI", "time": "2026-01-31", "country": "usa"}]}, "events[0].country is no country"),
            ({"events": [{"code": "EMI", "time": "2026-01-31", "leg": "up"}]}, "events[0].leg has to be one of origin"),
            (
                {"events": [{"code": "EMI", "time": "2026-01-31", "text": "x" * 2001}]},
                "events[0].text has to be a text",
            ),
        ],
    )
    def test_what_is_wrong_is_told(self, change: dict[str, Any], said: str) -> None:
        """A message with anything that is not understood is refused whole, and told where."""
        body, headers = _plain(**change)

        with pytest.raises(TrackingError) as caught:
            webhook.TRACKER.read(body, headers, ["s3"], now=NOW)

        assert (caught.value.reason, said in caught.value.detail) == ("garbage", True)

    def test_another_version(self) -> None:
        """A version to come is not guessed at."""
        body = b'{"version": 2, "parcels": []}'
        headers = {"shopkit-signature": signing.stamped(body, "s3", NOW)}

        with pytest.raises(TrackingError, match="version has to be 1"):
            webhook.TRACKER.read(body, headers, ["s3"], now=NOW)

    @pytest.mark.parametrize("seconds", [-301, -300, 0, 300, 301])
    def test_the_window(self, seconds: int) -> None:
        """A message holds for five minutes before and after the time that it was signed at, and is refused then."""
        body, headers = _plain()
        now = NOW.replace(microsecond=0) + timedelta(seconds=seconds)
        taken = True
        try:
            webhook.TRACKER.read(body, headers, ["s3"], now=now)
        except SignatureError:
            taken = False

        assert taken is (abs(seconds) <= 300)

    def test_a_new_time_on_an_old_message(self) -> None:
        """The time is part of what is signed."""
        body, headers = _plain(now=NOW - timedelta(days=1))
        stamp = int(NOW.timestamp())
        moved = {"shopkit-signature": f"t={stamp},{headers['shopkit-signature'].partition(',')[2]}"}

        with pytest.raises(SignatureError, match="no signature is of this body"):
            webhook.TRACKER.read(body, moved, ["s3"], now=NOW)

    @pytest.mark.parametrize("stamp", ["", "x", "-1", "1e9", "²", "9" * 17, "1,t=2"])
    def test_a_time_that_is_none(self, stamp: str) -> None:
        """A time that is not one, or stands twice, is refused before anything is reckoned."""
        body, headers = _plain()
        mark = headers["shopkit-signature"].partition("v1=")[2]

        with pytest.raises(SignatureError, match="time"):
            webhook.TRACKER.read(body, {"shopkit-signature": f"t={stamp},v1={mark}"}, ["s3"], now=NOW)

    def test_several_signatures(self) -> None:
        """A sender may sign with both secrets while one is replaced."""
        body, headers = _plain("old")
        other = _plain("new")[1]["shopkit-signature"].partition(",")[2]
        both = {"shopkit-signature": f"{headers['shopkit-signature']}, {other}"}

        assert [len(webhook.TRACKER.read(body, both, [secret], now=NOW)) for secret in ("old", "new")] == [1, 1]

    def test_what_we_sign_is_what_we_take(self) -> None:
        """The header in the documentation is made by our own function."""
        at = datetime(2026, 1, 1, tzinfo=UTC)

        assert signing.stamped(b"{}", "s", at) == (
            "t=1767225600,v1=" + hmac.new(b"s", b"1767225600.{}", hashlib.sha256).hexdigest()
        )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(body=st.dictionaries(st.sampled_from(_NAMES), JSON, max_size=5))
@settings(max_examples=60)
def test_any_message(body: dict[str, Any]) -> None:
    """Whatever is well signed is told of, tells nothing, or is garbage: names as they are, values of any kind."""
    for name, way in (
        ("17track", signing.hash_with_key),
        ("aftership", signing.hmac_base64),
        ("easypost", signing.hmac_nfkd),
        ("webhook", lambda signed, key: signing.stamped(signed, key, NOW)),
    ):
        tracker, header = _WAYS[name]
        told = {"event": "tracking_update", "description": "tracker.updated", **body}
        for message in (body, told):
            raw = json.dumps(message).encode()
            try:
                found = tracker.read(raw, {header: way(raw, "s")}, ["s"], now=NOW)
            except TrackingError as error:
                assert error.reason == "garbage"  # noqa: PT017 - one of two ends
            else:
                assert all(isinstance(one, Told) for one in found)
