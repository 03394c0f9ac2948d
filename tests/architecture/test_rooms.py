"""Every service has the same rooms, so who knows one knows all."""

import importlib
from pathlib import Path

import pytest

from shared.settings import SERVICES
from tests.architecture.code import ROOT

ALWAYS_A_FILE = {"__init__", "app", "consumers"}
ALWAYS_A_FOLDER = {"templates", "migrations"}
EITHER = {"domain", "tables", "store", "usecases", "api", "pages", "jobs"}

every_service = pytest.mark.parametrize("service", SERVICES)


def _entries(service: str) -> list[Path]:
    return [path for path in (ROOT / "services" / service).iterdir() if path.name != "__pycache__"]


@every_service
def test_a_service_has_exactly_these_rooms(service: str) -> None:
    rooms = sorted(path.stem for path in _entries(service))
    assert rooms == sorted(ALWAYS_A_FILE | ALWAYS_A_FOLDER | EITHER)


@every_service
def test_a_room_is_one_module_or_a_package(service: str) -> None:
    for path in _entries(service):
        is_module = path.suffix == ".py"
        is_package = path.is_dir() and (path / "__init__.py").is_file()
        if path.stem in ALWAYS_A_FILE:
            assert is_module, path
        elif path.stem in ALWAYS_A_FOLDER:
            assert path.is_dir(), path
        else:
            assert is_module or is_package, path


@every_service
def test_an_empty_room_is_kept_by_git(service: str) -> None:
    assert all(any(path.iterdir()) for path in _entries(service) if path.is_dir()), "put a .gitkeep into it"


@every_service
def test_a_service_says_what_it_owns_hears_and_announces(service: str) -> None:
    docstring = importlib.import_module(f"services.{service}").__doc__ or ""
    assert docstring.startswith(f"{service}: ")
    at = [docstring.find(heading) for heading in ("\nI own: ", "\nI hear: ", "\nI announce: ")]
    assert -1 < at[0] < at[1] < at[2], docstring


@every_service
def test_a_service_has_one_line_of_migrations(service: str) -> None:
    found = sorted(path.stem for path in (ROOT / "services" / service / "migrations").glob("*.py"))
    assert [name[: len(service) + 5] for name in found] == [f"{service}_{n:04}" for n in range(1, len(found) + 1)]
    assert found, "a service without tables of its own is none"


def test_there_is_no_service_the_house_does_not_know() -> None:
    folders = {path.name for path in (ROOT / "services").iterdir() if (path / "app.py").exists()}
    assert folders == set(SERVICES)
