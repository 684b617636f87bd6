"""Editions on disk: imported whole or not at all, never overwritten, in force by date."""

import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from landed_cost.schedules import ScheduleError
from landed_cost.schedules.differences import Change, Differences
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import (
    ImportReport,
    import_schedule,
    list_editions,
    list_product_lists,
    load,
    load_list,
    remove,
    rollback,
    use,
)
from landed_cost.schedules.us_hts import UsHts
from landed_cost.schedules.us_s232 import UsSection232
from tests.unit.landed_cost.schedule_files import US_ROWS, us_row, write_us

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=-6)))
FIRST, SECOND = date(2026, 6, 8), date(2026, 10, 7)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return an empty store."""
    return tmp_path / "store"


def _import(tmp_path: Path, store: Path, edition: str, effective: date, *, hour: int = 0) -> ImportReport:
    """Import a file of its own under a name; each has another rate for the first line."""
    rows = [*US_ROWS, us_row("9701.10.00.00", 0, f"Paintings of {edition}", "Free")]
    source = write_us(tmp_path / f"{edition}.json", rows)
    return import_schedule(UsHts(Stated(edition, effective)), source, store, now=NOON + timedelta(hours=hour))


def _list_file(path: Path, annex: str, effective: str) -> Path:
    path.write_text(f"hts_prefix,annex,metal_type,effective_date\n7308,{annex},steel,{effective}\n", encoding="utf-8")
    return path


def test_import(tmp_path: Path, store: Path) -> None:
    """An import stores one file and reports the edition, the counts and what to look at."""
    report = _import(tmp_path, store, "first", FIRST)

    assert (report.id, report.country, report.effective, report.changed) == ("first", "US", FIRST, True)
    assert report.message == "first: was imported"
    assert report.counts["ad_valorem"] == 3
    assert len(report.remarks) == 1
    assert [path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()] == ["us/first.json.gz"]
    assert report.path.stat().st_mode & 0o777 == 0o644


def test_load(tmp_path: Path, store: Path) -> None:
    """What was imported can be loaded: the edition with the time of import in UTC, and its lines."""
    _import(tmp_path, store, "first", FIRST)

    schedule = load(store, "US")

    assert schedule is not None
    assert (schedule.edition.id, schedule.edition.imported_at) == ("first", "2026-11-23T18:00:00+00:00")
    assert (schedule.edition.effective, schedule.edition.known_until) == (FIRST, FIRST)
    assert len(schedule) == schedule.edition.lines == 7
    assert schedule.lookup("6109.10.00.12").lines[0].general.text == "16.5%"


def test_load_nothing(store: Path) -> None:
    """From a store without the country, or no store at all, nothing is loaded."""
    assert load(store, "US") is None
    assert list_editions(store) == []
    assert load_list(store, "us.s232") is None


def test_loaded_once(tmp_path: Path, store: Path) -> None:
    """Asking again for an edition in force gives the one that is loaded already."""
    _import(tmp_path, store, "first", FIRST)

    assert load(store, "US", SECOND) is load(store, "us", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("on", "edition"),
    [
        (date(2026, 6, 7), None),
        (FIRST, "first"),
        (date(2026, 10, 6), "first"),
        (SECOND, "second"),
        (None, "second"),
    ],
)
def test_in_force(tmp_path: Path, store: Path, on: date | None, edition: str | None) -> None:
    """In force is the edition with the latest first day up to the day asked; before the first one nothing is known."""
    _import(tmp_path, store, "second", SECOND)
    _import(tmp_path, store, "first", FIRST)

    schedule = load(store, "US", on)

    assert (schedule and schedule.edition.id) == edition


def test_named_edition(tmp_path: Path, store: Path) -> None:
    """An edition can be asked for by name, whatever is in force."""
    _import(tmp_path, store, "first", FIRST)
    _import(tmp_path, store, "second", SECOND)

    schedule = load(store, "US", edition="first")

    assert schedule is not None
    assert schedule.search("paintings")[0].description == "Paintings of first"
    assert load(store, "US", edition="third") is None


def test_two_of_one_day(tmp_path: Path, store: Path) -> None:
    """Of two editions of one day the one imported later is in force."""
    _import(tmp_path, store, "a-later", FIRST, hour=1)
    _import(tmp_path, store, "b-earlier", FIRST)

    schedule = load(store, "US")

    assert schedule is not None
    assert schedule.edition.id == "a-later"
    assert [edition.id for edition in list_editions(store, "US")] == ["b-earlier", "a-later"]


def test_again(tmp_path: Path, store: Path) -> None:
    """Importing the same file again changes nothing and says so."""
    path = _import(tmp_path, store, "first", FIRST).path
    before = path.read_bytes()

    report = _import(tmp_path, store, "first", FIRST, hour=5)

    assert (report.changed, report.message) == (False, "first: is imported already; nothing was changed")
    assert path.read_bytes() == before


def test_again_what_was_set_aside(tmp_path: Path, store: Path) -> None:
    """Importing a file whose edition was set aside does not bring it back, and says what does."""
    _import(tmp_path, store, "first", FIRST)
    _import(tmp_path, store, "second", date(2026, 7, 1))
    rollback(store, "US")

    report = _import(tmp_path, store, "second", date(2026, 7, 1))

    assert (report.changed, report.message) == (
        False,
        "second: is imported already, but set aside; shopkit tariffs use US second brings it back; nothing was changed",
    )
    assert _in_use(store) == ["first"]


def test_what_changes_is_told(tmp_path: Path, store: Path) -> None:
    """An import is compared with the edition in force on its first day: lines new, gone and changed in any column."""
    july = date(2026, 7, 1)
    rows = [row for row in US_ROWS if not row["htsno"].startswith("4202.21.9")]
    rows = [{**row, "other": "95%"} if row["htsno"] == "6109.10.00" else row for row in rows]
    rows.append(us_row("9701.21.00.00", 0, "Paintings", "Free", "", "Free"))
    source = write_us(tmp_path / "july.json", rows)
    first = import_schedule(UsHts(Stated("june", FIRST)), write_us(tmp_path / "june.json"), store)

    rehearsed, stored = (
        import_schedule(UsHts(Stated("july", july)), source, store, dry_run=dry_run) for dry_run in (True, False)
    )

    before = "16.5%; Free (AU,BH,CL,CO,PE,S); column 2 "
    assert first.differences is None
    assert stored.differences == Differences(
        "june",
        new=(Change("97012100", "–", "Free; column 2 Free"),),
        gone=(Change("42022190", "9%; Free (A,AU,CL,PE); 9822.05.20 (P+); column 2 35%", "–"),),
        changed=(Change("61091000", f"{before}90%", f"{before}95%"),),
    )
    assert str(stored.differences) == "compared with june: lines new 1, gone 1, changed 1"
    assert rehearsed.differences == stored.differences
    assert import_schedule(UsHts(Stated("july", july)), source, store).differences is None


def test_a_process_killed_half_way_leaves_the_old_edition(tmp_path: Path, store: Path) -> None:
    """The new edition is there whole or not at all, whenever the machine stops."""
    _import(tmp_path, store, "first", FIRST)
    source = write_us(tmp_path / "second.json")
    program = (
        "import os, signal, sys\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from landed_cost.schedules.importer import Stated\n"
        "from landed_cost.schedules.store import import_schedule\n"
        "from landed_cost.schedules.us_hts import UsHts\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "stated = Stated('second', date(2026, 10, 7))\n"
        "import_schedule(UsHts(stated), Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )

    killed = subprocess.run([sys.executable, "-c", program, source, store], check=False, capture_output=True)

    assert killed.returncode == -signal.SIGKILL
    assert [edition.id for edition in list_editions(store)] == ["first"]
    schedule = load(store, "US")
    assert schedule is not None
    assert schedule.edition.id == "first"


def test_another_file_under_the_same_name(tmp_path: Path, store: Path) -> None:
    """Another file under the name of an edition is refused, and the edition stays."""
    path = _import(tmp_path, store, "first", FIRST).path
    before = path.read_bytes()
    other = write_us(tmp_path / "other.json")

    with pytest.raises(
        ScheduleError, match="differs from the file that was imported as first; give it another edition"
    ):
        import_schedule(UsHts(Stated("first", FIRST)), other, store)
    assert path.read_bytes() == before


def test_rehearsal(tmp_path: Path, store: Path) -> None:
    """A dry run reads and checks the file and stores nothing."""
    source = write_us(tmp_path / "hts_2026_rev_10.json")

    report = import_schedule(UsHts(), source, store, dry_run=True)

    assert (report.changed, report.message) == (False, "hts-2026-rev-10: was read and checked; nothing was stored")
    assert not store.exists()


def test_broken_source_leaves_the_old_edition(tmp_path: Path, store: Path) -> None:
    """A broken file stops the import; what was in force stays in force."""
    _import(tmp_path, store, "first", FIRST)
    broken = write_us(tmp_path / "broken.json", [{**US_ROWS[2], "general": "Fre"}])

    with pytest.raises(ScheduleError, match=r"broken\.json: object 0 \(0901\.21\.00\): column \"general\""):
        import_schedule(UsHts(Stated("second", SECOND)), broken, store)

    schedule = load(store, "US")
    assert schedule is not None
    assert schedule.edition.id == "first"


@pytest.mark.parametrize("name", ["", "../evil", "Rev 10", ".hidden", "x" * 81])
def test_name_of_an_edition(tmp_path: Path, store: Path, name: str) -> None:
    """The name of an edition is a plain file name; anything else is refused."""
    source = write_us(tmp_path / "hts.json")

    with pytest.raises(ScheduleError, match="write small letters, digits, dots and hyphens only"):
        import_schedule(UsHts(Stated(name, FIRST)), source, store)


def test_failed_write_leaves_nothing(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails nothing is left behind, neither under the name nor beside it."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("landed_cost.schedules.store.os.fsync", full)

    with pytest.raises(OSError, match="No space left"):
        _import(tmp_path, store, "first", FIRST)
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_remove(tmp_path: Path, store: Path) -> None:
    """Without an edition the one before it is in force again."""
    _import(tmp_path, store, "first", FIRST)
    _import(tmp_path, store, "second", SECOND)

    removed = remove(store, "US", "second")

    schedule = load(store, "US")
    assert removed.id == "second"
    assert schedule is not None
    assert schedule.edition.id == "first"


def _three(tmp_path: Path, store: Path) -> None:
    """Import editions of June, July and August."""
    for month, name in enumerate(("first", "second", "third"), 6):
        _import(tmp_path, store, name, date(2026, month, 1))


def _in_use(store: Path) -> list[str]:
    return [edition.id for edition in list_editions(store)]


def test_use(tmp_path: Path, store: Path) -> None:
    """Later editions are set aside and kept; the one that is used serves their days too."""
    _three(tmp_path, store)

    unused = use(store, "US", "first")

    september = load(store, "US", date(2026, 9, 1))
    assert ([one.id for one in unused], _in_use(store)) == (["second", "third"], ["first"])
    assert [one.id for one in list_editions(store, with_aside=True)] == ["first", "second", "third"]
    assert september is not None
    assert september.edition.id == "first"


def test_use_again(tmp_path: Path, store: Path) -> None:
    """What was set aside counts again by its name; what is later stays aside, and is not told twice."""
    _three(tmp_path, store)
    use(store, "US", "first")

    assert (use(store, "us", "second"), _in_use(store)) == ([], ["first", "second"])
    assert (use(store, "US", "third"), _in_use(store)) == ([], ["first", "second", "third"])


def test_an_edition_that_was_set_aside_can_be_read_by_name(tmp_path: Path, store: Path) -> None:
    """An answer of its time can be made again with it."""
    _three(tmp_path, store)
    use(store, "US", "first")

    third = load(store, "US", edition="third")

    assert third is not None
    assert third.edition.id == "third"


def test_rollback(tmp_path: Path, store: Path) -> None:
    """Each step back sets the newest aside, down to none."""
    _import(tmp_path, store, "first", FIRST)
    _import(tmp_path, store, "second", SECOND)

    steps = [rollback(store, "US") for _ in range(2)]

    assert [(gone.id, now and now.id) for gone, now in steps] == [("second", "first"), ("first", None)]
    assert load(store, "US") is None
    with pytest.raises(KeyError, match="US"):
        rollback(store, "US")


def test_removed_and_imported_again_it_counts(tmp_path: Path, store: Path) -> None:
    """A name that was set aside is free again once its edition is removed."""
    _three(tmp_path, store)
    use(store, "US", "second")

    remove(store, "US", "third")
    _import(tmp_path, store, "third", date(2026, 8, 1))

    assert _in_use(store) == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("note", "problem"),
    [("[", "is damaged; say anew which edition to use"), ('{"a": 1}', "is damaged; say anew which edition to use")],
)
def test_a_damaged_note_of_what_is_aside(tmp_path: Path, store: Path, note: str, problem: str) -> None:
    """What cannot be read is no reason to guess: it is said, and saying which edition to use mends it."""
    _three(tmp_path, store)
    (store / "us" / "aside.json").write_text(note, encoding="utf-8")

    with pytest.raises(ScheduleError, match=problem):
        load(store, "US")
    assert [one.id for one in use(store, "US", "second")] == ["third"]
    assert _in_use(store) == ["first", "second"]


@pytest.mark.parametrize("verb", [remove, use])
def test_no_such_edition(store: Path, verb: Callable[[Path, str, str], object]) -> None:
    """An edition that is not there cannot be removed or rolled back to."""
    with pytest.raises(KeyError, match="never"):
        verb(store, "US", "never")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no gzip", "is damaged; remove it and import the edition again"),
        (gzip.compress(b"no JSON\n[]\n", mtime=0), "is damaged"),
        (gzip.compress(b'{"format": 0}\n[]\n', mtime=0), "is of another version of this program"),
        (gzip.compress(b"[]\n[]\n", mtime=0), "is of another version of this program"),
    ],
)
def test_damaged_head(tmp_path: Path, store: Path, content: bytes, problem: str) -> None:
    """A stored file that is damaged is named, with what to do."""
    path = _import(tmp_path, store, "first", FIRST).path
    path.write_bytes(content)

    with pytest.raises(ScheduleError) as caught:
        load(store, "US")
    assert caught.value.file == str(path)
    assert caught.value.problem.startswith(problem)


def test_damaged_columns(tmp_path: Path, store: Path) -> None:
    """A changed byte in the columns is noticed by the checksum, a cut file by its end."""
    path = _import(tmp_path, store, "first", FIRST).path
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(gzip.decompress(whole).replace(b"16.5%", b"1.65%")))

    with pytest.raises(ScheduleError, match="is damaged"):
        load(store, "US")
    path.write_bytes(whole[:-30])
    with pytest.raises(ScheduleError, match="is damaged"):
        load(store, "US")


def test_first_line_says_what_the_file_is(tmp_path: Path, store: Path) -> None:
    """A person can read what a stored file is from its first line."""
    path = _import(tmp_path, store, "first", FIRST).path

    head = json.loads(gzip.decompress(path.read_bytes()).splitlines()[0])

    assert (head["format"], head["kind"], head["edition"]["effective"]) == (1, "schedule", "2026-06-08")
    assert head["source_sha256"] == head["edition"]["sha256"]


def test_list(tmp_path: Path, store: Path) -> None:
    """A list of products is stored beside the schedules, by its day, and loaded in force on a day."""
    for annex, day in (("1a", "2026-04-06"), ("3", "2026-06-08")):
        source = _list_file(tmp_path / f"{annex}.csv", annex, day)
        report = import_schedule(UsSection232(), source, store, now=NOON)
        assert (report.id, report.country, report.effective) == ("us.s232", "US", date.fromisoformat(day))

    newest, older = load_list(store, "us.s232"), load_list(store, "us.s232", date(2026, 6, 7))

    assert newest is not None
    assert older is not None
    assert (newest.effective, newest.imported_at, len(newest)) == (FIRST, "2026-11-23T18:00:00+00:00", 1)
    assert [entry.attributes["annex"] for entry in newest.match("730820", FIRST)] == ["3"]
    assert [entry.attributes["annex"] for entry in older.match("730820", FIRST)] == ["1a"]
    assert load_list(store, "us.s232", date(2026, 4, 5)) is None
    assert list_editions(store) == []


def test_lists_are_listed(tmp_path: Path, store: Path) -> None:
    """What lists are there, of which day and how long, by id and day."""
    for name, day in (("b", "2026-06-08"), ("a", "2026-04-06")):
        import_schedule(UsSection232(), _list_file(tmp_path / f"{name}.csv", "1b", day), store)

    assert list_product_lists(store) == [("us.s232", date(2026, 4, 6), 1), ("us.s232", date(2026, 6, 8), 1)]


def test_list_again(tmp_path: Path, store: Path) -> None:
    """Importing the same list again changes nothing."""
    source = _list_file(tmp_path / "list.csv", "1a", "2026-04-06")
    import_schedule(UsSection232(), source, store)

    assert not import_schedule(UsSection232(), source, store).changed


def test_time_of_import_is_now_by_default(tmp_path: Path, store: Path) -> None:
    """Without a time given the edition carries the time of the clock, in UTC."""
    before = datetime.now(UTC).replace(microsecond=0)
    import_schedule(UsHts(Stated("first", FIRST)), write_us(tmp_path / "hts.json"), store)

    (edition,) = list_editions(store, "us")

    assert before <= datetime.fromisoformat(edition.imported_at) <= datetime.now(UTC)
