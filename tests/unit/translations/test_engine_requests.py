"""What each engine is asked and how its answer is read, without a network: shapes as their makers publish them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.engines import sigv4
from translations.engines.amazon import Amazon
from translations.engines.apertium import Apertium, find_ceiling, hops_of
from translations.engines.apy import Apy
from translations.engines.asking import ask
from translations.engines.deepl import DeepL
from translations.engines.google import Google
from translations.engines.libretranslate import LibreTranslate
from translations.engines.port import (
    Answer,
    EngineError,
    Hop,
    HttpRequest,
    Limits,
    Question,
    Reply,
    Translated,
    batches,
)

if TYPE_CHECKING:
    from translations.engines.port import Engine

WHO: Final = sigv4.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
AT: Final = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


def sent(request: object) -> Any:
    """Return the JSON body of a request."""
    assert isinstance(request, HttpRequest)
    return json.loads(request.body)


def question(engine: Engine, *texts: str, pair: tuple[str, str] = ("es-MX", "pt-BR"), **more: Any) -> Question:
    """Return a question of one step."""
    (hop,) = engine.route(*pair)
    return Question(texts, hop, **more)


def test_deepl_asks_as_its_own_client_does() -> None:
    """Marks are ignored elements of XML; the form of address is wished for, for where there is none it is no error."""
    engine = DeepL("k:fx", model="quality_optimized", glossaries={"es>pt": "g1"})
    request = engine.request(question(engine, 'Hola <x id="1">{a}</x>', formality="formal", context="Taza"))

    assert isinstance(request, HttpRequest)
    assert request.url == "https://api-free.deepl.com/v2/translate"
    assert request.headers == {"Authorization": "DeepL-Auth-Key k:fx", "Content-Type": "application/json"}
    assert sent(request) == {
        "text": ['Hola <x id="1">{a}</x>'],
        "source_lang": "ES",
        "target_lang": "PT-BR",
        "tag_handling": "xml",
        "ignore_tags": ["x"],
        "show_billed_characters": True,
        "formality": "prefer_more",
        "context": "Taza",
        "model_type": "quality_optimized",
        "glossary_id": "g1",
    }


def test_deepl_tells_what_it_bills() -> None:
    """Characters that are billed are told where each row tells them, and not guessed where one does not."""
    engine = DeepL("k")
    rows: list[dict[str, Any]] = [{"text": "Oi", "billed_characters": 4}, {"text": "Xícara", "billed_characters": 9}]
    asked = question(engine, "Hola", "Taza")

    assert engine.read(asked, _reply({"translations": rows})) == Answer((Translated("Oi"), Translated("Xícara")), 13)
    del rows[0]["billed_characters"]
    assert engine.read(asked, _reply({"translations": rows})).billed is None


def test_google_reads_what_the_glossary_gave() -> None:
    """With a glossary the answer stands under another name; without one that name is not looked at."""
    plain, termed = Google("p"), Google("p", "us-central1", "general/nmt", {"es>pt": "tienda"})
    asked = question(termed, "Taza")
    reply = _reply(
        {"translations": [{"translatedText": "Taça"}], "glossaryTranslations": [{"translatedText": "Caneca"}]}
    )

    assert plain.read(asked, reply).texts == (Translated("Taça"),)
    assert termed.read(asked, reply).texts == (Translated("Caneca"),)
    assert sent(termed.request(asked)) == {
        "contents": ["Taza"],
        "mimeType": "text/html",
        "sourceLanguageCode": "es",
        "targetLanguageCode": "pt",
        "model": "projects/p/locations/us-central1/models/general/nmt",
        "glossaryConfig": {"glossary": "projects/p/locations/us-central1/glossaries/tienda"},
    }


def test_google_may_leave_a_text_out() -> None:
    """A row without its text, as happens to one that failed, is refused and not read as empty."""
    engine = Google("p")

    with pytest.raises(EngineError, match="the answer has no translatedText"):
        engine.read(question(engine, "Taza"), _reply({"translations": [{}]}))


def test_google_tells_a_minute_from_a_day() -> None:
    """A limit of a minute passes by itself; one of a day does not while anybody waits."""
    engine = Google("p")
    found = [
        _refusal(engine, 429, {"error": {"message": f"Quota exceeded for limit 'characters per {span}'"}})
        for span in ("minute", "day")
    ]

    assert found == ["busy", "quota"]


def test_libretranslate_asks_for_plain_text() -> None:
    """Marks are opaque, for it unescapes HTML that it gives back; newer servers have a code for Brazil."""
    engine = LibreTranslate("http://mt.example/", "k", "pt-BR")

    assert sent(engine.request(question(engine, "Taza ⟦1⟧"))) == {
        "q": ["Taza ⟦1⟧"],
        "source": "es",
        "target": "pt-BR",
        "format": "text",
        "api_key": "k",
    }


def test_amazon_signs_and_counts_bytes() -> None:
    """One text, one terminology, one form of address; the limit is of bytes, so accents count double."""
    engine = Amazon(WHO, "us-east-1", {"es>en": "tienda"}, now=lambda: AT)
    asked = question(engine, "Taza", pair=("es-MX", "en-US"), formality="informal")
    request = engine.request(asked)

    assert sent(request) == {
        "Text": "Taza",
        "SourceLanguageCode": "es",
        "TargetLanguageCode": "en",
        "TerminologyNames": ["tienda"],
        "Settings": {"Formality": "INFORMAL"},
    }
    assert request.url == "https://translate.us-east-1.amazonaws.com/"
    assert request.headers["X-Amz-Target"] == "AWSShineFrontendService_20170701.TranslateText"
    assert list(batches(["ñ" * 5_000, "ñ" * 5_001, "n" * 10_000], engine.limits, len)) == [(0, 1), (2, 3)]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("ThrottlingException", "busy"),
        ("com.amazonaws.translate#TooManyRequestsException", "busy"),
        ("LimitExceededException", "quota"),
        ("TextSizeLimitExceededException", "too_long"),
        ("UnsupportedLanguagePairException", "pair"),
        ("UnrecognizedClientException", "refused"),
    ],
)
def test_amazon_says_it_in_the_kind(kind: str, reason: str) -> None:
    """The status is 400 for all of them: the kind tells whether another try is worth it."""
    assert _refusal(Amazon(WHO, "us-east-1"), 400, {"__type": kind, "Message": "x"}, ("es", "en")) == reason


def test_apy_asks_for_marks_and_markup() -> None:
    """Texts go as paragraphs of one document, and unknown words come marked."""
    engine = Apy("http://127.0.0.1:2737", "k")
    request = engine.request(Question(("Mesa", "Silla & más"), Hop("spa", "eng_US")))

    assert request.url == "http://127.0.0.1:2737/translate"
    assert parse_qs(request.body.decode()) == {
        "langpair": ["spa|eng_US"],
        "format": ["html"],
        "markUnknown": ["yes"],
        "key": ["k"],
        "q": ["<p>Mesa</p>\n\n<p>Silla & más</p>"],
    }


@pytest.mark.parametrize(
    ("output", "text", "unknown"),
    [
        ("<p>*Aretes Of silver</p>", "Aretes of silver", ("Aretes",)),
        (
            "<p><apertium-notrans>Mug</apertium-notrans> Of blue</p>",
            "<apertium-notrans>Mug</apertium-notrans> of blue",
            (),
        ),
        ("<p>*Playera Blanca</p>", "Playera Blanca", ("Playera",)),
        ("<p>the @word and #inflect it,  twice</p>", "the word and inflect it, twice", ("word", "inflect")),
        (
            "<p>a <apertium-notrans>*  #x</apertium-notrans> b</p>",
            "a <apertium-notrans>*  #x</apertium-notrans> b",
            (),
        ),
        ("<p>*oaxaqueña's *T-shirt</p>", "oaxaqueña's T-shirt", ("oaxaqueña's", "T-shirt")),
    ],
)
def test_apertiums_signs_are_taken_off(output: str, text: str, unknown: tuple[str, ...]) -> None:
    """Signs before words are the engine's and are kept as unknown words; what it left alone is not looked at."""
    sources = {
        "*A": "Aretes de plata",
        "*P": "Playera Blanca",
        "<a": "<apertium-notrans>Mug</apertium-notrans> de azul",
    }
    source = sources.get(output[3:5], "x")
    answer = Apertium().read(Question((source,), Hop("spa", "eng_US")), Reply(200, output.encode()))

    assert answer.texts == (Translated(text, unknown),)


def test_apertium_has_what_is_installed() -> None:
    """A pair that is not there is no way, nor is one that would need it."""
    engine = Apertium(hops_of("  es-pt_BR\n  pt-es\n  spa-eng\n"))

    assert engine.route("es-MX", "pt-BR") == (Hop("spa", "por_BR"),)
    assert engine.route("pt-BR", "en-US") == ()
    assert (find_ceiling("pt-BR", "es-AR"), find_ceiling("es-MX", "en-US")) == ("medium", "low")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff", "garbage"),
        (b"<p>one</p>", "count"),
        (b"<p>one</p> <p>two</p> three", "garbage"),
        (b"<p>one</p><p>two</p><p>three</p>", "count"),
    ],
)
def test_apertium_may_answer_anything(body: bytes, reason: str) -> None:
    """An output that is not exactly the texts that were sent is refused as a whole."""
    with pytest.raises(EngineError) as caught:
        Apertium().read(Question(("uno", "dos"), Hop("spa", "eng_US")), Reply(200, body))

    assert caught.value.reason == reason


# From AWS's own test suite of signatures, as botocore keeps it (tests/unit/auth/aws4_testsuite).
@pytest.mark.parametrize(
    ("headers", "body", "signature"),
    [
        ({}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
)
def test_signatures_are_those_of_aws(headers: dict[str, str], body: bytes, signature: str) -> None:
    """post-vanilla and post-x-www-form-urlencoded come to the signatures that AWS publishes."""
    given_headers = {"Host": "example.amazonaws.com"} | headers
    names = ";".join(sorted(name.lower() for name in [*given_headers, "X-Amz-Date"]))

    signed = sigv4.sign(WHO, "us-east-1", "service", given_headers, body, AT)

    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )


def test_a_lent_key_signs_its_token() -> None:
    """The token of a lent key travels along and is signed."""
    signed = sigv4.sign(sigv4.Credentials("AKIDEXAMPLE", "s", "t"), "us-east-1", "translate", {"Host": "h"}, b"", AT)

    assert signed["X-Amz-Security-Token"] == "t"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in signed["Authorization"]


@given(st.lists(st.text("añ", max_size=12), max_size=40), st.integers(1, 6), st.integers(4, 40))
def test_batches_keep_the_limits_and_lose_nothing(texts: list[str], count: int, body: int) -> None:
    """Each text that fits alone is in exactly one batch, in order, and no batch is over any limit."""
    limits = Limits(count, body_bytes=body, characters=10)
    found = list(batches(texts, limits, lambda text: len(text.encode())))

    taken = [at for start, end in found for at in range(start, end)]
    assert taken == [at for at, text in enumerate(texts) if len(text) <= 10 and len(text.encode()) <= body]
    for start, end in found:
        assert 0 < end - start <= count
        assert sum(len(text.encode()) for text in texts[start:end]) <= body
        assert sum(map(len, texts[start:end])) <= 10


class Odd:
    """A transport that answers a wrong count whenever a certain text is in a call, and counts calls."""

    def __init__(self, bad: str, reason: Any = "count") -> None:
        self.bad = bad
        self.reason = reason
        self.calls = 0

    def send(self, engine: Engine, asked: Question) -> Answer:
        """Answer or refuse."""
        self.calls += 1
        if self.bad in asked.texts:
            raise EngineError(engine.name, self.reason)
        return Answer(tuple(Translated(text.upper()) for text in asked.texts))


def test_one_text_takes_no_others_with_it() -> None:
    """Where a count is wrong the call is halved until the one is found that confuses the engine."""
    engine, way = Apertium(), Odd("t5")
    told = ask(engine, way, [f"t{n}" for n in range(16)], engine.route("es", "en"))

    assert [one.text if isinstance(one, Translated) else one.reason for one in told.texts] == [
        "count" if n == 5 else f"T{n}" for n in range(16)
    ]
    assert way.calls == 9


def test_a_used_up_quota_is_asked_for_once() -> None:
    """After its quota an engine is not asked for the rest: each text has the reason, and nothing was billed."""
    engine, way = DeepL("k"), Odd("a", "quota")
    told = ask(engine, way, ["a", *(f"t{n}" for n in range(120))], engine.route("es", "en"))

    assert {one.reason for one in told.texts if isinstance(one, EngineError)} == {"quota"}
    assert (len(told.texts), told.billed, way.calls) == (121, 0, 1)


def test_a_text_too_long_for_any_call_is_not_sent() -> None:
    """It is refused with that reason, the others are translated."""
    engine, way = Amazon(WHO, "us-east-1"), Odd("")
    told = ask(engine, way, ["á" * 5_001, "mesa"], engine.route("es", "en"))

    assert [one.text if isinstance(one, Translated) else one.reason for one in told.texts] == ["too_long", "MESA"]


def _reply(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode())


def _refusal(engine: Engine, status: int, body: object, pair: tuple[str, str] = ("es", "pt")) -> str:
    with pytest.raises(EngineError) as caught:
        engine.read(question(engine, "Taza", pair=pair), _reply(body, status))
    return caught.value.reason
