"""What is written for readers says what the code does."""

from services.cli.contracts import write_contracts


def test_the_readmes_table_of_events_and_the_schemas_are_those_of_the_code() -> None:
    assert write_contracts(check=True) == [], "run `yousu contracts` and read what has changed"
