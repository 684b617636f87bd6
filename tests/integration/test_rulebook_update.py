"""Renewing the rules of a shop: what is not whole and proven is refused, and the old rules stay in force."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import responses
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shopkit.services.context import LawInForce
from shopkit.services.renewal.update import shelf, update
from tests.shop import NOW, open_shop, settings
from tests.unit.landed_cost.qz import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

CASE = """\
- name: One shirt, invented
  source: the law of QZ
  working: 100.00 x 20 % = 20.00; fee at least 2.00
  request:
    date: '2026-05-20'
    save: false
    dispatch: {country: MX}
    destination: {country: NZ, region: UN}
    channel: freight
    transport: air
    currency: USD
    items:
    - {description: shirt, hs_code: '610910', origin: ZA, quantity: '1', unit_price: {amount: '100', currency: USD}}
    freight: {amount: '0', currency: USD}
    insurance: {amount: '0', currency: USD}
  expect:
    outcome: complete
    totals: {duties: '20.00', import_charges: '22.00'}
"""
TODAY = NOW.date()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Return a folder with the invented rulebook, of version qz.2, with a case of its own."""
    folder = tmp_path / "rules"
    shutil.copytree(FOLDER, folder)
    # Requests go to countries that exist, so that QZ lends its law to one that no rule is known of.
    for file in ("qz.yaml", "agreements.yaml"):
        (folder / file).write_text((folder / file).read_text().replace("QZ", "NZ"))
    (folder / "qz.yaml").rename(folder / "nz.yaml")
    (folder / "VERSION").write_text("qz.2\n")
    (folder / "cases" / "qz").mkdir(parents=True)
    (folder / "cases" / "qz" / "a.yaml").write_text(CASE)
    return folder


@pytest.fixture
def run_in(tmp_path: Path, run: Any) -> Callable[..., Any]:
    """Return a way to run a command on a shop of its own."""
    return lambda *arguments, **environ: run(*arguments, SHOPKIT_DATA_DIR=str(tmp_path / "shop"), **environ)


def packed(folder: Path) -> Path:
    """Return a tar archive of a folder of rules."""
    path = folder.parent / "rules.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "rulebook-2")
    return path


def key_file(folder: Path) -> Path:
    """Return a file with a new private key."""
    path = folder / "key.pem"
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


class TestCommands:
    """``shopkit rulebook``."""

    @pytest.mark.parametrize("pack", [False, True])
    def test_an_update_is_in_force(self, run_in: Any, rules: Path, *, pack: bool) -> None:
        """A folder or an archive is checked, kept and put in force, and the report says so."""
        printed = run_in("rulebook", "update", str(packed(rules) if pack else rules))

        assert (printed.exit_code, printed.stdout.splitlines()) == (
            0,
            [
                "rulebook qz.2: 1 destination, 1 worked case comes out; not signed",
                "in force: qz.2 (before: shipped)",
            ],
        )
        assert run_in("rules", "show").stdout.startswith("rulebook qz.2,")

    def test_a_check_changes_nothing(self, run_in: Any, rules: Path) -> None:
        """The same report, and the shipped rules stay in force."""
        printed = run_in("rulebook", "check", str(rules))

        assert (printed.exit_code, printed.stdout) == (
            0,
            "rulebook qz.2: 1 destination, 1 worked case comes out; not signed\n",
        )
        assert run_in("rulebook", "list").stdout.startswith("*  shipped")

    def test_going_back_and_forth(self, run_in: Any, rules: Path) -> None:
        """Every version is kept; the one before, any other and the shipped one can be put in force again."""
        run_in("rulebook", "update", str(rules))
        (rules / "VERSION").write_text("qz.3\n")
        run_in("rulebook", "update", str(rules))
        steps = [["rollback"], ["rollback"], ["rollback"], ["use", "qz.3"], ["use", "qz.9"], ["use", "shipped"]]
        printed = [run_in("rulebook", *step) for step in steps]

        assert [(one.exit_code, (one.stdout or one.stderr).strip()) for one in printed] == [
            (0, "in force: qz.2 (before: qz.3)"),
            (0, "in force: shipped (before: qz.2)"),
            (1, "shopkit: the shipped rules are in force; there is nothing before them"),
            (0, "in force: qz.3 (before: shipped)"),
            (1, "shopkit: no rulebook 'qz.9' is kept; there are shipped, qz.2, qz.3"),
            (0, "in force: shipped (before: qz.3)"),
        ]

    def test_the_same_again_is_no_trouble(self, run_in: Any, rules: Path) -> None:
        """An update that was made already is put in force again; other rules under its name are not."""
        run_in("rulebook", "update", str(rules))
        again = run_in("rulebook", "update", str(rules))
        (rules / "cases" / "qz" / "a.yaml").write_text(CASE + "\n")
        other = run_in("rulebook", "update", str(rules))

        assert (again.exit_code, other.exit_code) == (0, 1)
        assert "qz.2 is kept already with other rules in it" in other.stderr

    @pytest.mark.parametrize(
        ("file", "text", "message"),
        [
            ("nz.yaml", b"destination: NZ\nzone: x\n", "nz.yaml:"),
            ("nz.yaml", b"\xff\xfe", "nz.yaml: byte 0 is not UTF-8"),
            ("VERSION", b"../../etc", "VERSION: '../../etc' cannot be a name"),
            ("VERSION", b"shipped", "VERSION: 'shipped' means the rules that came with the application"),
            ("VERSION", b"\xff", "VERSION: byte 0 is not UTF-8"),
            ("cases/qz/a.yaml", CASE.replace("'20.00'", "'21.00'").encode(), "1 of 1 cases do not come out:"),
            ("cases/qz/a.yaml", CASE.replace("'610910'", "'999999'").encode(), "/items/0/hs_code: "),
            ("cases/qz/a.yaml", b"- name: x\n", "qz/a.yaml:1: x: source is missing"),
            ("lists/qz.py", b"", "lists/qz.py: not a file of rules"),
        ],
    )
    def test_what_is_not_fit_is_refused(self, run_in: Any, rules: Path, file: str, text: bytes, message: str) -> None:
        """Rules that are broken, cases that do not come out: named, and what was in force stays in force."""
        (rules / file).write_bytes(text)
        printed = run_in("rulebook", "update", str(rules))

        assert (printed.exit_code, message in printed.stderr) == (1, True)
        assert "the rules that were in force stay in force" in printed.stderr
        assert run_in("rulebook", "list").stdout.splitlines()[1:] == []

    def test_a_hole_is_named_with_its_days(self, run_in: Any, rules: Path) -> None:
        """A fee of which nothing is said for a while stops the update with the days."""
        law = (rules / "nz.yaml").read_text()
        (rules / "nz.yaml").write_text(
            law.replace('value: "7", unit: USD, from: null', 'value: "7", unit: USD, from: 2026-03-01')
        )
        printed = run_in("rulebook", "update", str(rules))

        assert "qz.post: nothing is said from 2026-01-01 to 2026-02-28" in printed.stderr

    def test_more_cases_may_be_held_against_it(self, run_in: Any, rules: Path, tmp_path: Path) -> None:
        """Cases of one's own have to come out as well; those that need an official tariff are left out and counted."""
        mine = tmp_path / "mine"
        (mine / "qz").mkdir(parents=True)
        (mine / "qz" / "b.yaml").write_text(CASE.replace("invented", "needy") + "  needs: [us-hts]\n")
        printed = run_in("rulebook", "check", str(rules), "--cases", str(mine))

        assert "1 worked case comes out, 1 left out for want of an official tariff" in printed.stdout

    def test_without_any_case_it_is_said(self, run_in: Any, rules: Path) -> None:
        """Rules that nothing was held against are taken, but not in silence."""
        shutil.rmtree(rules / "cases")

        assert "no worked case came with the rules" in run_in("rulebook", "check", str(rules)).stderr


class TestSignatures:
    """With a trusted key set, only what it signed is taken."""

    def signed(self, run_in: Any, rules: Path) -> str:
        """Sign the rules and return the public key as it was told."""
        printed = run_in("rulebook", "sign", str(rules), "--key", str(key_file(rules.parent)))
        key: str = printed.stdout.strip().split("SHOPKIT_RULEBOOK_KEY=")[1]
        return key

    @pytest.mark.parametrize("pack", [False, True])
    def test_what_the_trusted_key_signed(self, run_in: Any, rules: Path, *, pack: bool) -> None:
        """A folder that was signed, or an archive of it, is taken."""
        key = self.signed(run_in, rules)
        printed = run_in("rulebook", "update", str(packed(rules) if pack else rules), SHOPKIT_RULEBOOK_KEY=key)

        assert (printed.exit_code, "signed by the trusted key" in printed.stdout) == (0, True)

    def test_without_a_key_it_is_not_checked_and_said(self, run_in: Any, rules: Path) -> None:
        """A signature that nobody can check is no proof."""
        self.signed(run_in, rules)

        assert "signature not checked: set SHOPKIT_RULEBOOK_KEY" in run_in("rulebook", "check", str(rules)).stdout

    @pytest.mark.parametrize(
        ("spoil", "message"),
        [
            (lambda rules: (rules / "MANIFEST.sig").unlink(), "the rules are not signed, and a trusted key is set"),
            (lambda rules: (rules / "MANIFEST.sig").write_text("AAAA"), "is not the trusted key's signature"),
            (lambda rules: (rules / "MANIFEST.sig").write_text("-"), "is not the trusted key's signature"),
            (lambda rules: (rules / "MANIFEST").unlink(), "is not the trusted key's signature"),
            (lambda rules: (rules / "MANIFEST").write_text("x"), "is not the trusted key's signature"),
            (lambda rules: (rules / "VERSION").write_text("qz.3"), "VERSION is not as it was signed"),
            (lambda rules: (rules / "more.yaml").write_text("x"), "more.yaml is not as it was signed"),
            (lambda rules: (rules / "bands" / "qz.csv").unlink(), "bands/qz.csv is not as it was signed"),
        ],
    )
    def test_what_was_changed_after(
        self, run_in: Any, rules: Path, spoil: Callable[[Path], object], message: str
    ) -> None:
        """A file more, less or changed, another signature or none: refused with the file."""
        key = self.signed(run_in, rules)
        spoil(rules)
        printed = run_in("rulebook", "update", str(rules), SHOPKIT_RULEBOOK_KEY=key)

        assert (printed.exit_code, message in printed.stderr) == (1, True)

    def test_another_key(self, run_in: Any, rules: Path) -> None:
        """What somebody else signed is not taken; a key that is none is named by its setting."""
        self.signed(run_in, rules)
        other = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
        printed = [run_in("rulebook", "check", str(rules), SHOPKIT_RULEBOOK_KEY=key) for key in (other, "short")]

        assert "is not the trusted key's signature" in printed[0].stderr
        assert "SHOPKIT_RULEBOOK_KEY: not the 32 bytes" in printed[1].stderr

    def test_a_private_key_that_is_none(self, run_in: Any, rules: Path, tmp_path: Path) -> None:
        """What cannot sign is said before anything is written."""
        (tmp_path / "bad.pem").write_text("nonsense")
        printed = run_in("rulebook", "sign", str(rules), "--key", str(tmp_path / "bad.pem"))

        assert (printed.exit_code, "the private key cannot be read" in printed.stderr) == (1, True)
        assert not (rules / "MANIFEST").exists()


class TestAddress:
    """Rules from an address, within limits."""

    @responses.activate
    def test_an_archive_from_an_address(self, run_in: Any, rules: Path) -> None:
        """What an https address holds is taken like the file."""
        responses.get("https://rules.example/qz.tar.gz", body=packed(rules).read_bytes())

        assert run_in("rulebook", "update", "https://rules.example/qz.tar.gz").exit_code == 0

    @responses.activate
    @pytest.mark.parametrize(
        ("url", "status", "message"),
        [
            ("https://rules.example/qz.tar.gz", 404, "answered 404"),
            ("http://rules.example/qz.tar.gz", 200, "only https is fetched"),
            ("https://rules.example/qz.tar.gz", 200, "neither a folder nor a tar or zip archive"),
        ],
    )
    def test_an_address_that_gives_none(self, run_in: Any, url: str, status: int, message: str) -> None:
        """Not there, not safe, not an archive: said, and nothing changes."""
        responses.get(url, body=b"<html>", status=status)

        printed = run_in("rulebook", "update", url)
        assert (printed.exit_code, message in printed.stderr) == (1, True)

    @responses.activate
    def test_an_answer_without_end(self, run_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """More than a rulebook may hold is not read to its end."""
        monkeypatch.setattr("shopkit.services.renewal.update.MAX_BYTES", 100)
        responses.get("https://rules.example/qz.tar.gz", body=bytes(101))

        assert "more than 100 bytes" in run_in("rulebook", "update", "https://rules.example/qz.tar.gz").stderr


class TestRunning:
    """Processes that run, at once and one after the other."""

    def test_a_running_shop_answers_by_the_new_rules(self, tmp_path: Path, rules: Path) -> None:
        """At its next look; kept quotes stay as they were answered, and rates and schedules go on."""
        found = settings(tmp_path / "shop")
        law = LawInForce(found)
        before = law.rulebook.version
        update(found, str(rules), TODAY)
        law.refresh()

        assert (before != "qz.2", law.rulebook.version, law.trouble) == (True, "qz.2", None)

    def test_rules_that_are_gone_leave_the_old_in_force(self, tmp_path: Path, rules: Path) -> None:
        """A pointer to what is not there changes nothing, and is said."""
        found = settings(tmp_path / "shop")
        update(found, str(rules), TODAY)
        law = LawInForce(found)
        shelf(found).pointer.write_text("qz.9\n")
        law.refresh()

        assert (law.rulebook.version, "no rulebook 'qz.9' is kept" in (law.trouble or "")) == ("qz.2", True)

    @pytest.mark.parametrize("text", [b"../x\n", b"\xff"])
    def test_a_pointer_that_is_none(self, tmp_path: Path, text: bytes) -> None:
        """What leads out of the folder is no version."""
        found = settings(tmp_path / "shop")
        found.rulebooks_dir.mkdir(parents=True)
        shelf(found).pointer.write_bytes(text)

        assert "in-force" in (LawInForce(found).trouble or "")

    def test_a_kept_quote_stays_as_it_was_answered(self, tmp_path: Path, rules: Path) -> None:
        """After an update the quote reads as before, by the version that it names."""
        app = open_shop(tmp_path / "shop")
        client = app.test_client()
        from tests.shop import shirts  # noqa: PLC0415  # one use

        kept = client.post("/api/v1/quotes", json=shirts(save=True)).get_json()
        update(settings(tmp_path / "shop"), str(rules), TODAY)
        app.extensions["shopkit"].law.refresh()

        assert client.get(f"/api/v1/quotes/{kept['id']}").get_json() == kept
        app.extensions["shopkit"].database.dispose()

    def test_two_at_once(self, tmp_path: Path, rules: Path) -> None:
        """Of two updates at the same time both are kept whole, and one of them is in force."""
        other = tmp_path / "other"
        shutil.copytree(rules, other)
        (other / "VERSION").write_text("qz.3\n")
        started = [self.start(tmp_path, folder) for folder in (rules, other)]
        codes = [process.wait(timeout=60) for process in started]

        kept = shelf(settings(tmp_path / "shop"))
        assert (codes, sorted(kept.versions()), kept.in_force() in {"qz.2", "qz.3"}) == ([0, 0], ["qz.2", "qz.3"], True)

    @pytest.mark.parametrize("step", ["unpack", "check_folder", "keep", "point"])
    def test_killed_half_way(self, tmp_path: Path, rules: Path, step: str) -> None:
        """Wherever an update is killed, the shop answers by the old rules, and the next update succeeds."""
        process = self.start(tmp_path, rules, kill_at=step)
        code = process.wait(timeout=60)
        found = settings(tmp_path / "shop")
        law = LawInForce(found)
        before = law.rulebook.version
        update(found, str(rules), TODAY)
        law.refresh()

        assert (code, before != "qz.2", law.trouble, law.rulebook.version) == (-signal.SIGKILL, True, None, "qz.2")
        assert [path.name for path in found.rulebooks_dir.iterdir() if path.name.startswith(".new-")] == []

    def start(self, tmp_path: Path, rules: Path, kill_at: str = "") -> subprocess.Popen[bytes]:
        """Start an update in a process of its own, that kills itself when it comes to a step."""
        program = f"""
import os, signal, sys
from datetime import date
from pathlib import Path
from shopkit.config import Settings
from shopkit.services.renewal import shelf, update
def die(*_more):
    os.kill(os.getpid(), signal.SIGKILL)
for place, name in ((update, "unpack"), (update, "check_folder"), (shelf.Shelf, "keep"), (shelf.Shelf, "point")):
    if name == {kill_at!r}:
        setattr(place, name, die)
update.update(Settings(data_dir=Path({str(tmp_path / "shop")!r})), {str(rules)!r}, date(2026, 11, 23))
"""
        root = Path(__file__).parents[2]
        return subprocess.Popen([sys.executable, "-c", program], cwd=root, env=dict(os.environ))
