"""`yousu play` in its three modes: the same complaints end the same way, with the same ledger to the byte."""

from pathlib import Path

import orjson
import pytest

from tests.support.playing import Played, a_few, expected, played_by_command


@pytest.fixture(scope="module")
async def embedded(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Everything in one process, on SQLite."""
    return await played_by_command(a_few(), tmp_path_factory.mktemp("embedded"))


async def test_embedded_each_complaint_ends_as_it_must(embedded: Played) -> None:
    assert embedded.outcomes == expected(a_few())


async def test_the_ledger_has_a_row_for_each_complaint(embedded: Played) -> None:
    rows = orjson.loads(embedded.ledger)
    assert [row["序号"] for row in rows] == list(range(1, len(a_few()) + 1))
    assert {row["主要诉求"] for row in rows} == {sample["submission"]["content"] for sample in a_few()}


async def test_everyone_concerned_is_told(embedded: Played) -> None:
    assert all(line["notified"] > 1 for line in embedded.lines)


@pytest.mark.parametrize("flags", [(), ("--processes",)], ids=["in one process", "in six processes"])
async def test_on_rabbitmq_postgresql_and_redis_all_is_the_same_to_the_byte(
    embedded: Played, flags: tuple[str, ...], amqp_url: str, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    servers = {"YOUSU_AMQP_URL": amqp_url, "YOUSU_DATABASE_URL": database_url, "YOUSU_REDIS_URL": redis_url}
    played = await played_by_command(a_few(), tmp_path, *flags, environment=servers)
    assert played.outcomes == expected(a_few())
    assert played.lines == embedded.lines
    assert played.ledger == embedded.ledger
