"""The published contracts: what travels today can be read tomorrow, and the schemas say what the code does."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from services.cli import contracts
from services.cli.contracts import write_contracts
from shared.events import Event, catalogue, from_wire
from tests.contracts.goldens import FOLDER, golden_of

EVENTS = list(catalogue.contracts().values())
every_event = pytest.mark.parametrize("event", EVENTS, ids=[event.full_type() for event in EVENTS])

HOW = """
A published version never changes its shape: what is in queues, outboxes and archives was written by it.
Declare version=2 beside it. Only before its first release may it change: then run `.venv/bin/yousu contracts`;
for its golden file, delete the old one and run `.venv/bin/python -m tests.contracts.goldens`."""


@every_event
def test_an_event_has_a_golden_file(event: type[Event]) -> None:
    assert golden_of(event).exists(), f"{event.full_type()} has no golden: .venv/bin/python -m tests.contracts.goldens"


def test_no_golden_file_is_left_of_an_event_nobody_declares() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} <= {event.full_type() for event in EVENTS}


@every_event
def test_a_golden_event_is_read_whole_and_written_the_same(event: type[Event]) -> None:
    wire = golden_of(event).read_bytes()
    read = from_wire(wire)
    assert type(read) is event
    assert json.loads(read.to_wire()) == json.loads(wire), HOW
    assert from_wire(read.to_wire()) == read


@every_event
def test_a_golden_event_fills_every_field(event: type[Event]) -> None:
    data = _data(event)
    assert set(data) == set(event.model_fields) - {"event_id", "at", "center", "subject", "caused_by"}, HOW
    assert not list(_empty(data)), "a golden shows every optional field"


@every_event
def test_a_golden_event_fits_the_committed_schema(event: type[Event]) -> None:
    schema = json.loads((catalogue.FOLDER / f"{event.full_type()}.json").read_text())
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(_data(event))


@every_event
def test_a_schema_has_not_drifted_from_the_code(event: type[Event]) -> None:
    name = f"{event.full_type()}.json"
    assert not catalogue.drifted(catalogue.FOLDER, {name: event.data_schema()}), HOW


@every_event
def test_a_schema_is_one(event: type[Event]) -> None:
    schema = event.data_schema()
    assert validator_for(schema) is Draft202012Validator
    Draft202012Validator.check_schema(schema)


def test_the_asyncapi_document_has_not_drifted_from_the_code() -> None:
    assert catalogue.ASYNCAPI not in write_contracts(check=True), (
        "who hears what has changed: .venv/bin/yousu contracts"
    )


def test_no_schema_is_left_of_an_event_nobody_declares() -> None:
    named = {f"{event.full_type()}.json" for event in EVENTS} | {catalogue.ASYNCAPI}
    assert {path.name for path in catalogue.FOLDER.glob("*.json")} == named


def test_everything_the_asyncapi_document_points_to_is_there() -> None:
    document = json.loads((catalogue.FOLDER / catalogue.ASYNCAPI).read_text())
    for reference in _references(document):
        if reference.startswith("#/"):
            _look_up(document, reference)
        else:
            assert (catalogue.FOLDER / reference).exists(), reference


def test_a_document_that_says_something_else_or_is_missing_has_drifted(tmp_path: Path) -> None:
    catalogue.write(tmp_path, {"kept.json": {"a": 1}, "changed.json": {"a": 1}})
    current = {"kept.json": {"a": 1}, "changed.json": {"a": 2}, "missing.json": {}}
    assert catalogue.drifted(tmp_path, current) == ["changed.json", "missing.json"]


def test_the_command_writes_what_has_drifted_and_then_nothing_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("<!-- events -->\n<!-- /events -->\n")
    monkeypatch.setattr(contracts, "README", readme)
    assert {catalogue.ASYNCAPI, readme.name} <= set(write_contracts(tmp_path))
    assert write_contracts(tmp_path, check=True) == []
    assert "| intake | `complaint.registered.v1` | " in readme.read_text()


def _data(event: type[Event]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(golden_of(event).read_bytes())["data"]
    return data


def _empty(value: Any, path: str = "data") -> list[str]:
    """Fields that hold nothing; what the working-day calendar leaves empty is its own."""
    if isinstance(value, dict):
        return [hit for name, each in value.items() if name != "calendar" for hit in _empty(each, f"{path}.{name}")]
    if isinstance(value, list):
        return [hit for each in value for hit in _empty(each, path)] if value else [path]
    return [path] if value is None or value == "" else []


def _references(document: Any) -> list[str]:
    if isinstance(document, dict):
        own = [document["$ref"]] if "$ref" in document else []
        return own + [hit for each in document.values() for hit in _references(each)]
    return [hit for each in document for hit in _references(each)] if isinstance(document, list) else []


def _look_up(document: Any, reference: str) -> None:
    for part in reference.removeprefix("#/").split("/"):
        document = document[part]
