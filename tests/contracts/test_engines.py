"""What every engine of translation keeps to, Apertium itself and every twin, the sandbox included."""

from __future__ import annotations

import json
import shutil
import stat
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shopkit.engines import apertium, http, none, sandbox
from shopkit.engines.port import EngineAbsentError, Machine
from shopkit.engines.transport import HttpTransport, ProgramTransport
from tests.contracts import twins
from tests.contracts.twins import Twin, serving
from translations.engines.asking import Told, ask
from translations.engines.port import EngineError, Reason, Translated
from translations.masks import BrokenMarksError, Keep, Marked, mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_APERTIUM: Final = "no Apertium; make setup says how to get it"
TEXTS: Final = (
    "Playera de algodón {size}, hecha a mano en Oaxaca",
    "Hamaca de 2 plazas & más: 12,5 cm",
    "Visita <b>hoy</b> https://taller.mx/a?b=1&c=2",
    "Envío a {country} desde $1.250,50",
)


def asked(machine: Machine, texts: tuple[str, ...] = TEXTS, pair: tuple[str, str] = ("es-MX", "en-US")) -> Told:
    """Ask for texts, marked as drafts are."""
    engine = machine.engine
    return ask(
        engine, machine.transport, [each.render(engine.idiom) for each in marked(machine, texts)], routed(machine, pair)
    )


def routed(machine: Machine, pair: tuple[str, str] = ("es-MX", "en-US")) -> Any:
    """Return the way between two languages."""
    return machine.engine.route(*pair)


def marked(machine: Machine, texts: tuple[str, ...] = TEXTS) -> list[Marked]:
    """Return texts with everything marked that this engine must not touch."""
    keep = tuple(Keep(sign) for sign in machine.engine.signs)
    return [mark(text, keep) for text in texts]


def reasons(told: Told) -> set[Reason]:
    """Return why texts have no answer."""
    return {one.reason for one in told.texts if isinstance(one, EngineError)}


class EngineContract(ABC):
    """The contract: a subclass says how an engine of its comes to answer in each way."""

    # What a subclass can play of the ways to fail, and what is to come of each.
    failures: ClassVar[dict[str, Reason]] = {
        "garbage": "garbage",
        "fewer": "count",
        "more": "count",
        "half": "unavailable",
        "status 500": "unavailable",
        "slow": "unavailable",
    }

    @abstractmethod
    def playing(self, word: str, folder: Path) -> Any:
        """Return a context of a machine that answers well (``good``) or fails in the way named."""

    def test_one_answer_for_each_text(self, tmp_path: Path) -> None:
        """Each text has its own answer, in order, with words that changed and something that was counted."""
        with self.playing("good", tmp_path) as machine:
            told = asked(machine)

        assert all(isinstance(one, Translated) for one in told.texts)
        assert [one for one, text in zip(told.texts, TEXTS, strict=True) if getattr(one, "text", "") == text] == []
        assert told.billed > 0

    def test_marks_come_back(self, tmp_path: Path) -> None:
        """Placeholders, addresses, tags, numbers and signs of markup come back letter by letter."""
        with self.playing("good", tmp_path) as machine:
            told = asked(machine)
            found = [
                one.restore(answer.text, machine.engine.idiom)
                for one, answer in zip(marked(machine), told.texts, strict=True)
                if isinstance(answer, Translated)
            ]

        kept = ["{size}", "&", "https://taller.mx/a?b=1&c=2", "$1.250,50"]
        assert [text for text, needle in zip(found, kept, strict=True) if needle not in text] == []

    def test_many_texts(self, tmp_path: Path) -> None:
        """As many texts as there are go in as many calls as it takes; none is lost or exchanged."""
        texts = tuple(f"Caja número {n} de madera" for n in range(130))
        with self.playing("good", tmp_path) as machine:
            told = asked(machine, texts)
            found = [
                one.restore(answer.text, machine.engine.idiom)
                for one, answer in zip(marked(machine, texts), told.texts, strict=True)
                if isinstance(answer, Translated)
            ]

        assert [n for n, text in enumerate(found) if str(n) not in text.split()] == []
        assert len(found) == len(texts)

    def test_every_direction(self, tmp_path: Path) -> None:
        """Between Spanish, Portuguese and English every direction is there; within one language there is none."""
        languages = ("es-MX", "pt-BR", "en-US")
        with self.playing("good", tmp_path) as machine:
            found = {(one, two): bool(machine.engine.route(one, two)) for one in languages for two in languages}
            within = machine.engine.route("es-MX", "es-AR"), machine.engine.route("es", "fr")

        assert found == {(one, two): one != two for one in languages for two in languages}
        assert within == ((), ())

    def test_it_says_what_it_is(self, tmp_path: Path) -> None:
        """It has a name and a version, and its keys are not shown when it is printed."""
        with self.playing("good", tmp_path) as machine:
            engine = machine.engine
            printed = repr(machine)

        assert engine.name
        assert engine.version
        assert twins.KEY not in printed
        assert twins.CREDENTIALS.secret_key not in printed

    @pytest.mark.parametrize(
        "word", ["garbage", "other", "fewer", "more", "empty", "half", "status 500", "slow", "quota", "busy", "moved"]
    )
    def test_failures(self, tmp_path: Path, word: str) -> None:
        """An engine that fails gives no text at all, and a reason; nothing is taken for an answer that is none."""
        if word not in self.failures:
            return
        with self.playing(word, tmp_path) as machine:
            told = asked(machine, TEXTS[:1])

        assert reasons(told) == {self.failures[word]}

    def test_broken_marks_are_refused(self, tmp_path: Path) -> None:
        """An answer without what was marked is refused when it is put together."""
        with self.playing("marks", tmp_path) as machine:
            (answer,) = asked(machine, TEXTS[:1]).texts
            assert isinstance(answer, Translated)

            with pytest.raises(BrokenMarksError):
                marked(machine, TEXTS[:1])[0].restore(answer.text, machine.engine.idiom)


def fast(machine: Machine) -> Machine:
    """Return the machine with a transport that is quick to give up and never sleeps."""
    way = machine.transport
    assert isinstance(way, HttpTransport)
    way.session.trust_env = False
    quick = replace(way, timeout_s=0.5, deadline_s=0.6, sleep=lambda _: None, jitter=lambda: 0.5)
    return replace(machine, transport=quick)


class HttpContract(EngineContract):
    """An engine over HTTP, played by its twin."""

    dialect: ClassVar[str]
    failures: ClassVar[dict[str, Reason]] = EngineContract.failures | {
        "other": "garbage",
        "empty": "garbage",
        "busy": "busy",
        "moved": "refused",
    }

    @abstractmethod
    def machine(self, url: str, folder: Path) -> Machine:
        """Return the machine that the settings would make, led to the twin."""

    @contextmanager
    def playing(self, word: str, folder: Path) -> Iterator[Machine]:
        """Play one word over and over."""
        with serving(self.dialect, word) as twin:
            yield self.opened(twin, folder)

    def opened(self, twin: Twin, folder: Path) -> Machine:
        """Return the machine of a twin, with its connections closed with the process."""
        return fast(self.machine(twin.url, folder))

    def test_a_passing_failure_is_tried_again(self, tmp_path: Path) -> None:
        """Half an answer, a fault of the server and a wait it asks for: the third try brings the text."""
        with serving(self.dialect, "status 500", "later 2", "good") as twin:
            told = asked(self.opened(twin, tmp_path), TEXTS[:1])

        assert reasons(told) == set()
        assert len(twin.asked) == 3

    @pytest.mark.parametrize("word", ["quota", "garbage", "moved"])
    def test_what_does_not_pass_is_not_tried_again(self, tmp_path: Path, word: str) -> None:
        """What another try would not mend is asked once."""
        if self.failures.get(word) in {None, "busy"}:
            return
        with serving(self.dialect, word) as twin:
            asked(self.opened(twin, tmp_path), TEXTS[:1])

        assert len(twin.asked) == 1

    def test_a_wait_that_is_too_long_is_not_waited(self, tmp_path: Path) -> None:
        """A server that asks for an hour is given up at once."""
        with serving(self.dialect, "later 3600") as twin:
            told = asked(self.opened(twin, tmp_path), TEXTS[:1])

        assert (reasons(told), len(twin.asked)) == ({"unavailable"}, 1)

    def test_nobody_there(self, tmp_path: Path) -> None:
        """A server that does not answer at all is unavailable, and its address with a key is not told."""
        with serving(self.dialect) as twin:
            machine = self.opened(twin, tmp_path)
            twin.script[:] = ["good"]
        told = asked(machine, TEXTS[:1])

        (one,) = told.texts
        assert isinstance(one, EngineError)
        assert one.reason == "unavailable"
        assert one.detail in {"could not be read: ConnectionError", "no token: ConnectionError"}


class TestDeepL(HttpContract):
    """DeepL keeps the contract."""

    dialect: ClassVar = "deepl"
    failures: ClassVar[dict[str, Reason]] = HttpContract.failures | {"quota": "quota"}

    def machine(self, url: str, folder: Path) -> Machine:  # noqa: ARG002  # it needs no file
        """Return DeepL under a key."""
        return http.deepl({"key": twins.KEY, "base_url": url, "price_per_million": "25.00 USD"})


class TestGoogle(HttpContract):
    """Google keeps the contract."""

    dialect: ClassVar = "google"
    failures: ClassVar[dict[str, Reason]] = HttpContract.failures | {"quota": "quota"}

    def machine(self, url: str, folder: Path) -> Machine:
        """Return Google under a service account made just now."""
        path = folder / "account.json"
        path.write_text(json.dumps(account(url)), "utf-8")
        return http.google({"account": str(path), "base_url": url})


class TestLibreTranslate(HttpContract):
    """LibreTranslate keeps the contract."""

    dialect: ClassVar = "libretranslate"

    def machine(self, url: str, folder: Path) -> Machine:  # noqa: ARG002  # it needs no file
        """Return a server that asks for a key."""
        return http.libretranslate({"base_url": url, "key": twins.KEY})


class TestAmazon(HttpContract):
    """Amazon keeps the contract, one text at a time."""

    dialect: ClassVar = "amazon"
    failures: ClassVar[dict[str, Reason]] = {
        word: reason for word, reason in HttpContract.failures.items() if word != "more"
    } | {"quota": "quota", "fewer": "garbage"}

    def machine(self, url: str, folder: Path) -> Machine:  # noqa: ARG002  # it needs no file
        """Return Amazon under the keys of its own examples."""
        who = twins.CREDENTIALS
        options = {"access_key": who.access_key, "secret_key": who.secret_key, "region": "us-east-1", "base_url": url}
        return http.amazon(options)


class TestApy(HttpContract):
    """Apertium's server keeps the contract."""

    dialect: ClassVar = "apy"

    def machine(self, url: str, folder: Path) -> Machine:  # noqa: ARG002  # it needs no file
        """Return the server."""
        return http.apy({"base_url": url})

    def test_unknown_words(self, tmp_path: Path) -> None:
        """What it marks as unknown is told and not shown."""
        with self.playing("good", tmp_path) as machine:
            (one,) = asked(machine, ("Aretes OAXACA lindos",)).texts

        assert one == Translated("seterA ACAXAO sodnil", ("ACAXAO",))


class TestSandbox(EngineContract):
    """The sandbox keeps the contract."""

    failures: ClassVar[dict[str, Reason]] = {
        word: reason for word, reason in HttpContract.failures.items() if word in {"garbage", "fewer", "busy"}
    } | {"status 500": "unavailable", "quota": "quota"}

    @contextmanager
    def playing(self, word: str, folder: Path) -> Iterator[Machine]:  # noqa: ARG002  # it needs no file
        """Fail for the reason."""
        failure = "" if word == "good" else self.failures.get(word, word)
        yield sandbox.build({"failure": failure})


class TestApertium(EngineContract):
    """Apertium itself keeps the contract; where it fails, a program in its place plays it."""

    failures: ClassVar[dict[str, Reason]] = EngineContract.failures | {
        "garbage": "count",
        "half": "garbage",
        "empty": "garbage",
    }

    @contextmanager
    def playing(self, word: str, folder: Path) -> Iterator[Machine]:
        """Run the real one, or a program that fails behind it."""
        machine = real()
        if word == "good":
            yield machine
            return
        program = folder / "apertium"
        program.write_text(_PROGRAMS[word], "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        engine = replace(machine.engine, program=str(program))  # type: ignore[type-var]  # a dataclass, as all are
        yield replace(machine, engine=engine, transport=ProgramTransport(deadline_s=0.5 if word == "slow" else 20))


_PROGRAMS: Final = {
    "garbage": "#!/bin/sh\ncat >/dev/null\necho '<html>'\n",
    "fewer": "#!/bin/sh\ncat >/dev/null\n",
    "more": "#!/bin/sh\ncat\necho '<p>one</p>'\n",
    "half": "#!/bin/sh\nhead -c 20\n",
    "status 500": "#!/bin/sh\ncat >/dev/null\nexit 1\n",
    # The shell leaves a child behind that holds the pipe open: it has to go as well.
    "empty": "#!/bin/sh\ncat >/dev/null\necho '<p> </p>'\n",
    "slow": "#!/bin/sh\nsleep 30 | cat\n",
    "marks": "#!/bin/sh\nsed 's/{size}/{talla}/'\n",
}


def real() -> Machine:
    """Return Apertium as it is installed here."""
    if shutil.which("apertium") is None:
        pytest.skip(NO_APERTIUM)
    return apertium.build({})


def account(url: str) -> dict[str, str]:
    """Return the file of a service account."""
    key = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "project_id": "tienda",
        "client_email": "a@tienda.iam.example",
        "token_uri": f"{url}/token",
        "private_key": key.decode(),
    }


def test_none_answers_nothing() -> None:
    """Without an engine no text has an answer, and no direction is promised."""
    machine = none.build({})

    assert machine.engine.route("es-MX", "en-US") == ()
    with pytest.raises(EngineError, match="none: none"):
        machine.transport.send(machine.engine, None)  # type: ignore[arg-type]  # whatever it is asked


def test_absent_apertium_says_so() -> None:
    """Where the program is not installed it is said what to do."""
    with pytest.raises(EngineAbsentError, match="make setup"):
        apertium.build({"program": "apertium-that-is-nowhere"})
