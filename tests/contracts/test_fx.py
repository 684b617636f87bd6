"""What every source of exchange rates keeps to, the sandbox included."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from landed_cost.rates import RateTable, load_rates
from shopkit.fx.central_bank import BancoCentralDoBrasil, Bank, Banxico, CentralBankRates
from shopkit.fx.ecb import EcbRates
from shopkit.fx.generic import GenericJsonRates
from shopkit.fx.imf import ImfRates
from shopkit.fx.port import (
    HttpRequest,
    RateSource,
    RateSourceError,
    RateSourceRefusedError,
    RateSourceUnavailableError,
    renew,
    utc_today,
)
from shopkit.fx.sandbox import SandboxFailure, SandboxRates
from shopkit.papers.forms import choose

TODAY = date(2026, 11, 23)
OLD = load_rates(
    "base,quote,rate,date,kind,source\n"
    "USD,MXN,18,2026-09-29,market,old\nUSD,BRL,5.2,2026-09-29,market,old\nUSD,EUR,0.88,2026-09-29,market,old\n",
)


def today() -> date:
    """Stand still on the day of these tests."""
    return TODAY


@dataclass(frozen=True, slots=True)
class Canned:
    """A transport that answers one body to everything, or does not answer (``None``)."""

    body: bytes | None

    def get(self, source: str, request: HttpRequest) -> bytes:
        """Return the body for an address that is one."""
        assert request.url.startswith("https://")
        if self.body is None:
            raise RateSourceUnavailableError(source, "canned silence")
        return self.body


class RateSourceContract(ABC):
    """The contract: subclasses say how a source of theirs comes to answer in each way."""

    good_day: ClassVar = date(2026, 11, 20)

    @abstractmethod
    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Return a source that answers well, or fails in the way named."""

    def test_is_a_rate_source(self) -> None:
        """It has a name and a way to fetch."""
        source = self.source()

        assert isinstance(source, RateSource)
        assert source.name

    def test_latest(self) -> None:
        """Without a day it gives rates that are not in the future, with a source on each."""
        table = self.source().fetch()

        assert table.as_of <= TODAY
        assert all(rate.source and rate.rate > 0 for rate in table.rates)

    def test_of_a_day(self) -> None:
        """With a day it gives rates of that day or before it."""
        assert self.source().fetch(self.good_day).as_of <= self.good_day

    @pytest.mark.parametrize("failure", ["garbage", "half", "negative", "zero", "nan", "no_date", "future"])
    def test_wrong_answer_is_refused(self, failure: SandboxFailure) -> None:
        """A wrong or absurd answer is refused, with the name of the source and a reason."""
        source = self.source(failure)

        with pytest.raises(RateSourceRefusedError) as caught:
            source.fetch()

        assert caught.value.source
        assert caught.value.reason

    def test_silence_is_unavailable(self) -> None:
        """A source that does not answer is told apart from one that answers wrongly."""
        with pytest.raises(RateSourceUnavailableError):
            self.source("unavailable").fetch()

    @pytest.mark.parametrize(
        "failure", ["unavailable", "garbage", "half", "negative", "zero", "nan", "no_date", "future"]
    )
    def test_old_table_stays_on_trouble(self, failure: SandboxFailure) -> None:
        """Whatever goes wrong, renewal keeps the table at hand and reports the problem."""
        renewal = renew(OLD, self.source(failure))

        assert renewal.table is OLD
        assert isinstance(renewal.problem, RateSourceError)

    def test_renewal(self) -> None:
        """A good answer lies over the old table, whose other rates stay."""
        renewal = renew(OLD, self.source())

        assert renewal.problem is None
        assert renewal.table.currencies >= OLD.currencies
        assert renewal.table.rates[: len(self.source().fetch().rates)] == self.source().fetch().rates


def half(body: bytes) -> bytes:
    """Return the first half of an answer."""
    return body[: len(body) // 2]


def ecb_xml(rate: str = "20.9", day: str | None = "2026-11-20") -> bytes:
    """Return an answer in the shape of the ECB's files, two days long."""
    time = "" if day is None else f" time='{day}'"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><Cube>
<Cube{time}>
<Cube currency='USD' rate='1.1512'/><Cube currency='MXN' rate='{rate}'/><Cube currency='QQQ' rate='2'/>
</Cube>
<Cube time='2026-11-19'><Cube currency='USD' rate='1.15'/><Cube currency='MXN' rate='20.5'/></Cube>
</Cube></gesmes:Envelope>""".encode()


def body_for(failure: SandboxFailure | None, make: Any) -> bytes | None:
    """Return the answer that fails as asked, from a maker of answers by rate and day."""
    bodies: dict[SandboxFailure | None, Any] = {
        None: make,
        "unavailable": lambda: None,
        "garbage": lambda: b"<!doctype html><title>502</title>",
        "half": lambda: half(make()),
        "negative": lambda: make("-18.5"),
        "zero": lambda: make("0"),
        "nan": lambda: make("NaN"),
        "no_date": lambda: make(day=None),
        "future": lambda: make(day="2026-11-24"),
    }
    body: bytes | None = bodies[failure]()
    return body


def ecb_answer(rate: str = "20.9", day: str | None = "2026-11-20") -> bytes:
    """Return a daily file with one day."""
    whole = ecb_xml(rate, day)
    first = whole.index(b"<Cube time='2026-11-19'>")
    return whole[:first] + whole[whole.index(b"</Cube></gesmes") :]


class TestEcb(RateSourceContract):
    """The European Central Bank keeps the contract."""

    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Answer with a canned file."""
        return EcbRates(Canned(body_for(failure, ecb_answer)), today)

    def test_values(self) -> None:
        """The newest day is taken, exactly; codes that ISO 4217 does not have are passed over."""
        table = EcbRates(Canned(ecb_xml()), today).fetch()

        assert [(rate.base, rate.quote, rate.rate, rate.date) for rate in table.rates] == [
            ("EUR", "USD", Decimal("1.1512"), date(2026, 11, 20)),
            ("EUR", "MXN", Decimal("20.9"), date(2026, 11, 20)),
        ]
        assert table.rate("USD", "MXN").rate == Decimal("18.15496873")

    def test_a_day_without_publication_takes_the_one_before(self) -> None:
        """Asked for a day of the past, the last publication not after it counts."""
        source = EcbRates(Canned(ecb_xml()), today)

        assert source.fetch(date(2026, 11, 19)).rate("EUR", "MXN").rate == Decimal("20.5")
        assert source.fetch(date(2026, 11, 22)).as_of == date(2026, 11, 20)

    def test_nothing_old_enough(self) -> None:
        """A file that begins after the day asked is refused."""
        with pytest.raises(RateSourceRefusedError, match="no rates on or before 2026-11-01"):
            EcbRates(Canned(ecb_xml()), today).fetch(date(2026, 11, 1))

    @pytest.mark.parametrize(
        ("on", "file"),
        [
            (None, "eurofxref-daily.xml"),
            (TODAY, "eurofxref-daily.xml"),
            (date(2026, 11, 22), "eurofxref-hist-90d.xml"),
            (date(2026, 9, 4), "eurofxref-hist-90d.xml"),
            (date(2026, 9, 3), "eurofxref-hist.xml"),
        ],
    )
    def test_request(self, on: date | None, file: str) -> None:
        """The smallest file that holds the day is asked for."""
        request = EcbRates(Canned(None), today).build_request(on)

        assert request.url == f"https://www.ecb.europa.eu/stats/eurofxref/{file}"

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>', "declares a document type"),
            (b"<x><Cube currency='USD' rate='1.1'/></x>", "a rate stands outside any date"),
            (b"<x><Cube time='2026-11-20'><Cube currency='USD'/></Cube></x>", "lacks its currency or its number"),
            (b"<x><Cube time='2026-11-20'><Cube rate='1'/></Cube></x>", "lacks its currency or its number"),
            (b"<x><Cube time='20/11/2026'><Cube currency='USD' rate='1'/></Cube></x>", "is not a date of the form"),
            (b"<x><Cube time='2026-11-20'/></x>", "needs at least one rate"),
            (b"<x/>", "the answer has no date"),
            (b"", "the answer is not XML"),
            (b"<x><Cube time='2026-11-20'><Cube currency='USD' rate='1e1'/></Cube></x>", "'1e1' is not a rate"),
        ],
    )
    def test_cunning_files(self, body: bytes, reason: str) -> None:
        """Entities, rates without a date and other shapes are refused with the reason."""
        with pytest.raises(RateSourceRefusedError, match=reason):
            EcbRates(Canned(body), today).fetch()


def as_json(number: str) -> Any:
    """Return a number for an answer of JSON, which may well be NaN."""
    return float(number)


def banxico_json(rate: str = "18.2507", day: str | None = "2026-11-20") -> bytes:
    """Return an answer in the shape of Banxico's SIE."""
    rows: list[dict[str, Any]] = [{"fecha": "19/11/2026", "dato": "18.1"}, {"fecha": "18/11/2026", "dato": "N/E"}]
    last = {"dato": rate} if day is None else {"fecha": "/".join(reversed(day.split("-"))), "dato": rate}
    answer = {"bmx": {"series": [{"idSerie": "SF43718", "titulo": "Tipo de cambio", "datos": [*rows, last]}]}}
    return json.dumps(answer).encode()


class TestBanxico(RateSourceContract):
    """Banco de México keeps the contract."""

    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Answer with canned JSON."""
        return CentralBankRates(Canned(body_for(failure, banxico_json)), Banxico("secret-token"), today)

    def test_value(self) -> None:
        """The last day of the window counts; days without a value are passed over."""
        table = self.source().fetch()

        assert [(rate.base, rate.quote, rate.rate, rate.date, rate.kind) for rate in table.rates] == [
            ("USD", "MXN", Decimal("18.2507"), date(2026, 11, 20), "market"),
        ]

    def test_request(self) -> None:
        """The request asks for two weeks that end on the day; the token travels in a header and shows nowhere."""
        bank = Banxico("secret-token")
        request = CentralBankRates(Canned(None), bank, today).build_request(date(2026, 11, 20))

        base = "https://www.banxico.org.mx/SieAPIRest/service/v1/series/"
        assert request.url == f"{base}SF43718/datos/2026-11-06/2026-11-20"
        assert request.headers["Bmx-Token"] == "secret-token"
        assert "secret-token" not in repr(request) + repr(bank)

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            ([], "the answer is not an object"),
            ({"error": "token"}, "bmx is not an object"),
            ({"bmx": {"series": {}}}, "series is not a list"),
            ({"bmx": {"series": []}}, "does not hold the series SF43718 once"),
            ({"bmx": {"series": [{"idSerie": "SF43718", "datos": ["x"]}]}}, "an entry of datos is not an object"),
            ({"bmx": {"series": [{"idSerie": "SF43718"}]}}, "no rate in the 14 days up to 2026-11-23"),
            (
                {"bmx": {"series": [{"idSerie": "SF43718", "datos": [{"fecha": "20/11/2026", "dato": True}]}]}},
                "True is not a rate",
            ),
        ],
    )
    def test_other_shapes(self, answer: Any, reason: str) -> None:
        """An answer of another shape is refused with the place where it differs."""
        with pytest.raises(RateSourceRefusedError, match=reason):
            CentralBankRates(Canned(json.dumps(answer).encode()), Banxico("t"), today).fetch()


def bcb_json(rate: str = "5.3241", day: str | None = "2026-11-20") -> bytes:
    """Return an answer in the shape of Olinda's PTAX."""
    rows = [
        {"cotacaoVenda": 5.3, "dataHoraCotacao": "2026-11-19 13:04:27.52"},
        {"cotacaoVenda": as_json(rate), "dataHoraCotacao": None if day is None else f"{day} 13:07:21.11"},
    ]
    return json.dumps({"@odata.context": "x", "value": rows}).encode()


class TestBancoCentralDoBrasil(RateSourceContract):
    """Banco Central do Brasil keeps the contract."""

    bank: ClassVar[Bank] = BancoCentralDoBrasil()

    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Answer with canned JSON."""
        return CentralBankRates(Canned(body_for(failure, bcb_json)), self.bank, today)

    def test_value_is_an_exact_decimal(self) -> None:
        """A number of JSON is read as a decimal, never as a float."""
        assert self.source().fetch().rate("USD", "BRL").rate == Decimal("5.3241")

    def test_of_an_earlier_day(self) -> None:
        """A day of the past takes the value of that day."""
        assert self.source().fetch(date(2026, 11, 19)).rate("USD", "BRL").rate == Decimal("5.3")

    def test_same_day_twice(self) -> None:
        """The same value twice for one day is one; two values are refused."""
        row = {"cotacaoVenda": 5.3, "dataHoraCotacao": "2026-11-19 13:04:27.52"}
        twice = json.dumps({"value": [row, row]}).encode()
        different = json.dumps({"value": [row, {**row, "cotacaoVenda": 5.4}]}).encode()

        assert len(CentralBankRates(Canned(twice), self.bank, today).fetch().rates) == 1
        with pytest.raises(RateSourceRefusedError, match="USD and BRL have two rates in one table"):
            CentralBankRates(Canned(different), self.bank, today).fetch()

    def test_request(self) -> None:
        """The service gets its dates with the month first."""
        request = CentralBankRates(Canned(None), self.bank, today).build_request(None)

        assert request.params["@dataInicial"] == "'11-09-2026'"
        assert request.params["@dataFinalCotacao"] == "'11-23-2026'"

    def test_customs_kind_is_for_the_settings_to_say(self) -> None:
        """A rate counts as a customs rate only where that is configured."""
        source = CentralBankRates(Canned(bcb_json()), self.bank, today, kind="customs")

        assert source.fetch().rate("USD", "BRL").kind == "customs"


@pytest.mark.parametrize(("bank", "token", "body"), [("bcb", "", bcb_json()), ("banxico", "t", banxico_json())])
def test_bank_by_name(bank: str, token: str, body: bytes) -> None:
    """Settings name a bank by a word; the source is the same, and its token shows nowhere."""
    source = CentralBankRates(Canned(body), bank, today, token=token)
    same = CentralBankRates(Canned(body), BancoCentralDoBrasil() if bank == "bcb" else Banxico(token), today)

    assert (source.name, source.fetch()) == (bank, same.fetch())
    assert "token" not in repr(source)


@pytest.mark.parametrize(("bank", "reason"), [("bcra", "is not one of banxico, bcb"), ("banxico", "needs the token")])
def test_bank_that_cannot_be(bank: str, reason: str) -> None:
    """An unknown bank, and one without its token, are refused before the first request."""
    with pytest.raises(ValueError, match=reason):
        CentralBankRates(Canned(None), bank, today)


def generic_json(rate: str = "18.2507", day: str | None = "2026-11-20") -> bytes:
    """Return an answer of codes and numbers, with one code that is no currency."""
    dated = {} if day is None else {"date": day}
    return json.dumps({**dated, "usd": {"usd": 1, "mxn": as_json(rate), "brl": "5.32", "doge": 11.5}}).encode()


class TestGenericJson(RateSourceContract):
    """A configured JSON address keeps the contract."""

    url: ClassVar = "https://rates.example/{date}/usd.json"

    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Answer with canned JSON."""
        return GenericJsonRates(Canned(body_for(failure, generic_json)), self.url, "USD", "usd", today=today)

    def answer(self, answer: Any, **settings: Any) -> RateTable:
        """Fetch from a source that answers this, with these settings."""
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        merged = {"base": "USD", "rates_path": "usd", **settings}
        return GenericJsonRates(Canned(body), self.url, today=today, **merged).fetch(date(2026, 11, 20))

    def test_values(self) -> None:
        """Known codes count, in any case; the base itself and unknown codes are passed over."""
        table = self.source().fetch()

        assert [(rate.quote, rate.rate) for rate in table.rates] == [
            ("MXN", Decimal("18.2507")),
            ("BRL", Decimal("5.32")),
        ]
        assert table.rates[0].source == "rates.example"

    def test_request(self) -> None:
        """The address is filled with the day, or with the word for the latest."""
        source = GenericJsonRates(Canned(None), self.url, "USD", "usd", today=today)

        assert source.build_request(date(2026, 11, 20)).url == "https://rates.example/2026-11-20/usd.json"
        assert source.build_request(None).url == "https://rates.example/latest/usd.json"

    def test_deep_paths_and_inverted_numbers(self) -> None:
        """Rates may stand deeper down, and as units of the base for one of the code."""
        answer = {"data": {"day": "20/11/2026", "rates": {"MXN": 0.05}}}
        paths = {"rates_path": "data.rates", "date_path": "data.day", "date_form": "%d/%m/%Y"}

        table = self.answer(answer, **paths, inverted=True, title="A bank")

        assert (table.rates[0].rate, table.rates[0].source) == (Decimal(20), "A bank")

    @pytest.mark.parametrize(
        ("answer", "settings", "reason"),
        [
            ({"date": "2026-11-21", "usd": {"mxn": 18}}, {}, "asked for 2026-11-20, the rates are of 2026-11-21"),
            ({"date": "2026-11-20", "usd": [18]}, {}, "usd is not an object"),
            ({"date": "2026-11-20"}, {}, "the answer has nothing at usd"),
            ({"date": "2026-11-20", "usd": {"doge": 1}}, {}, "needs at least one rate"),
            ({"date": "2026-11-20", "usd": {"mxn": 18}}, {"required": frozenset({"CLP", "USD"})}, "no rate of CLP"),
            ({"date": "2026-11-20", "usd": {"mxn": 0}}, {"inverted": True}, "0 is not a possible exchange rate"),
            ({"date": "2026-11-20", "usd": {"mxn": None}}, {}, "None is not a rate"),
            ({"date": 20261120, "usd": {"mxn": 18}}, {}, "no date where one must be"),
            (b'{"date": "2026-11-20", "usd": {"mxn": 1, "mxn": 2}}', {}, "gives one key twice"),
            (b'{"date": "2026-11-20", "usd": {"mxn": 1e400}}', {}, "is not a possible exchange rate"),
            (b"[" * 100_000, {}, "the answer is not JSON"),
        ],
    )
    def test_other_shapes(self, answer: Any, settings: dict[str, Any], reason: str) -> None:
        """An answer of another shape is refused with the place where it differs."""
        with pytest.raises(RateSourceRefusedError, match=reason):
            self.answer(answer, **settings)

    @pytest.mark.parametrize(
        ("url", "base", "required"),
        [
            ("file:///etc/passwd", "USD", []),
            ("https://", "USD", []),
            ("https://a.example", "usd", []),
            ("https://a.example", "USD", ["peso"]),
        ],
    )
    def test_impossible_settings(self, url: str, base: str, required: list[str]) -> None:
        """Settings that cannot work are refused before the first request."""
        with pytest.raises(ValueError, match="exchange rates: "):
            GenericJsonRates(Canned(None), url, base, "usd", required=frozenset(required))


class TestSandbox(RateSourceContract):
    """The sandbox keeps the contract, failures included."""

    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Choose the failure."""
        return SandboxRates(failure, today)

    def test_never_passes_for_a_real_rate(self) -> None:
        """Its rates carry the day asked for, at most today, and say that they are not of that day."""
        table = SandboxRates(today=today).fetch(date(2027, 1, 1))

        assert table.as_of == TODAY
        assert {rate.source for rate in table.rates} == {"sandbox, not a rate of this day"}


@pytest.mark.parametrize(("rate", "kept"), [("54.0", False), ("54.1", True), ("6", False), ("5.9", True)])
def test_jump(rate: str, *, kept: bool) -> None:
    """A rate that moved more than three times either way is taken for a slip: the old table stays."""
    source = CentralBankRates(Canned(banxico_json(rate)), Banxico("t"), today)

    renewal = renew(OLD, source)

    assert (renewal.table is OLD) is kept
    assert ("load it by hand" in str(renewal.problem)) is kept


def test_default_clock_is_utc() -> None:
    """Without another clock an adapter reads today's date in UTC."""
    before = datetime.now(UTC).date()

    assert before <= utc_today() <= datetime.now(UTC).date()


def test_new_currency_has_nothing_to_jump_from() -> None:
    """A currency that the table at hand does not know is taken as it comes."""
    old = load_rates("base,quote,rate,date,kind,source\nUSD,CLP,950,2026-09-29,market,old\n")

    renewal = renew(old, CentralBankRates(Canned(banxico_json()), Banxico("t"), today))

    assert renewal.table.currencies == {"USD", "CLP", "MXN"}


def imf_file(rate: str = "0.0552", day: str | None = "2026-11-20") -> bytes:
    """Return an answer in the shape of the Fund's file of five days, here two of them."""
    newest = "" if day is None else f"{date.fromisoformat(day):%B %d, %Y}"
    return f"""SDRs per Currency unit and Currency units per SDR (1)
last five days
SDRs per Currency unit (2)

Currency\t{newest}\t{"" if day is None else "November 19, 2026"}
Chinese yuan\t0.1040520000\t0.1039250000
Euro\t0.8501000000\tNA
Mexican peso\t{rate}\t0.0551
U.S. dollar\t0.7385090000\t0.7374890000

Currency units per SDR(3)

Currency\t{newest}
U.S. dollar\t1.354080
""".encode()


class TestImf(RateSourceContract):
    """The International Monetary Fund's file keeps the contract."""

    def source(self, failure: SandboxFailure | None = None) -> RateSource:
        """Answer with a canned file."""
        return ImfRates(Canned(body_for(failure, imf_file)), today)

    def test_values(self) -> None:
        """The newest day, in SDR for each known currency; the inverse below is not read, others are passed over."""
        table = ImfRates(Canned(imf_file()), today).fetch()

        assert [(one.base, one.quote, str(one.rate), one.date.isoformat()) for one in table.rates] == [
            ("EUR", "XDR", "0.8501000000", "2026-11-20"),
            ("MXN", "XDR", "0.0552", "2026-11-20"),
            ("USD", "XDR", "0.7385090000", "2026-11-20"),
        ]

    def test_an_earlier_day_has_what_was_published_then(self) -> None:
        """Without the euro, which has no rate that day; before the file begins nothing is made up."""
        source = ImfRates(Canned(imf_file()), today)

        assert [one.base for one in source.fetch(date(2026, 11, 19)).rates] == ["MXN", "USD"]
        with pytest.raises(RateSourceRefusedError, match="no rate of the dollar on or before 2026-11-18"):
            source.fetch(date(2026, 11, 18))

    def test_a_letter_is_judged_by_its_rate(self) -> None:
        """Laid over the table at hand, 406.00 dollars are below 300 SDR and 406.23 are not."""
        table = renew(OLD, ImfRates(Canned(imf_file()), today)).table
        found = [choose("letter", minor, "USD", table, TODAY).form for minor in (40_600, 40_623)]

        assert found == ["cn22", "cn23"]
