"""What partners rely on: the messages they read and write have committed schemas, and none says more than it may."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from shared.events import catalogue, partners

BAD = Path(__file__).parents[1] / "data" / "bad_submissions.jsonl"
FOLDER = catalogue.FOLDER / catalogue.PARTNERS
PERSONAL = {"petitioner", "content", "name", "phone", "address", "query_code", "contact_person", "other_contact"}


@pytest.mark.parametrize("name", partners.schemas())
def test_a_partners_schema_is_one_and_has_not_drifted(name: str) -> None:
    schema = partners.schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert not catalogue.drifted(FOLDER, {name: schema}), "only before its first release: .venv/bin/yousu contracts"


def test_no_schema_is_left_of_a_message_nobody_sends() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(partners.schemas())


@pytest.mark.parametrize("kind", [partners.LevelSupervised, partners.LevelReported])
def test_what_is_above_learns_nothing_of_the_petitioner(kind: type[partners.PartnerMessage]) -> None:
    assert not PERSONAL & set(kind.model_fields)


def test_what_is_accepted_fits_the_published_submission() -> None:
    check = Draft202012Validator(json.loads((FOLDER / "submission.v1.json").read_text()))
    lines = [json.loads(line) for line in BAD.read_text().splitlines()]
    for line in lines:
        if line["expect"] in ("accepted", "duplicate"):
            check.validate(line["body"])
