"""The drill clock, and what production refuses."""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from pydantic import ValidationError

from shared import clock
from shared.settings import Settings, settings
from shared.workdays import CHINA
from tests.support.kernel import NOON


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A drill's clock."""
    path = tmp_path / "drill" / "clock.json"
    monkeypatch.setenv("YOUSU_DRILL_CLOCK", str(path))
    settings.cache_clear()
    yield path
    settings.cache_clear()


def near(instant: datetime) -> bool:
    return abs(instant - datetime.now(CHINA)) < timedelta(seconds=2)


def test_without_a_drill_the_clock_is_the_machines_and_cannot_be_moved() -> None:
    settings.cache_clear()
    assert near(clock.now())
    assert not clock.is_drill()
    with pytest.raises(RuntimeError, match="YOUSU_DRILL_CLOCK"):
        clock.set_drill(NOON)


def test_a_drill_that_was_not_set_yet_runs_as_the_machine(drill: Path) -> None:
    assert clock.is_drill()
    assert near(clock.now())


def test_time_stands_still_where_it_was_set_for_every_process(drill: Path) -> None:
    clock.set_drill(NOON)
    assert clock.now() == clock.now() == NOON
    assert near(clock.machine_now())
    drill.write_text(json.dumps({"now": "2026-11-23T05:00:00+00:00"}))  # another process
    assert clock.now() == NOON + timedelta(hours=1)
    assert clock.now().utcoffset() == timedelta(hours=8)


def test_time_runs_on_from_where_it_stood_when_that_is_later_and_else_as_the_machines(drill: Path) -> None:
    ahead = clock.machine_now() + timedelta(days=400)
    clock.set_drill(ahead)
    first = clock.let_run()
    assert timedelta() <= first - ahead < timedelta(seconds=2)
    assert clock.now() > first
    clock.set_drill(clock.machine_now() - timedelta(days=400))
    assert near(clock.let_run())


def test_who_reads_while_the_clock_is_moved_sees_the_one_instant_or_the_other(drill: Path) -> None:
    instants = [NOON + timedelta(minutes=n) for n in range(300)]
    clock.set_drill(instants[0])
    mover = Thread(target=lambda: [clock.set_drill(instant) for instant in instants])
    mover.start()
    seen = set()
    while mover.is_alive():
        seen.add(clock.now())
    mover.join()
    assert seen <= set(instants)
    assert [path.name for path in drill.parent.iterdir()] == [drill.name], "drafts are gone"


@pytest.mark.parametrize("setting", ["drill_clock", "sample"])
def test_production_refuses_the_drill_and_the_samples(setting: str, tmp_path: Path) -> None:
    keys = {"seal_keys": "k1:AAAA", "phone_index_key": "AAAA"}
    assert Settings(production=True, **keys)
    with pytest.raises(ValidationError, match="生产环境不能使用演练时钟或样例数据"):
        Settings(production=True, **keys, **{setting: tmp_path / "clock" if setting == "drill_clock" else True})


def test_production_refuses_to_make_its_own_keys() -> None:
    with pytest.raises(ValidationError, match="YOUSU_SEAL_KEYS"):
        Settings(production=True)


def test_a_key_is_made_at_first_use_and_kept_for_whoever_starts_next(tmp_path: Path) -> None:
    made = Settings(var=tmp_path).secret("seal_keys")
    assert Settings(var=tmp_path).secret("seal_keys") == made
    assert os.stat(tmp_path / "seal_keys.secret").st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["seal_keys.secret"]
