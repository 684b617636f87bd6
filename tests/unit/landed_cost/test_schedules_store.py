"""Editions on disk: imported whole or not at all, never overwritten, in force by date."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from landed_cost.schedules import ScheduleError
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import (
    ImportReport,
    import_schedule,
    list_editions,
    load,
    load_list,
    remove,
    rollback,
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


def test_rollback(tmp_path: Path, store: Path) -> None:
    """Rolling back deletes what is newer and says what that was."""
    for month, name in enumerate(("first", "second", "third"), 6):
        _import(tmp_path, store, name, date(2026, month, 1))

    assert [edition.id for edition in rollback(store, "US", "first")] == ["third", "second"]
    assert [edition.id for edition in list_editions(store)] == ["first"]
    assert rollback(store, "US", "first") == []


@pytest.mark.parametrize("verb", [remove, rollback])
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
