"""The private servers for real: they answer, stand beside each other, come back, and leave nothing behind."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aio_pika
import asyncpg
import pytest
from redis.asyncio import Redis

from deploy.servers import Servers, ServersError
from deploy.servers.processes import Process, end, living_in, wait_until_gone
from deploy.servers.server import ask
from tests.support.servers import require

pytestmark = pytest.mark.servers

COMMAND = [sys.executable, "-m", "deploy.servers"]
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1, as /proc/net/tcp writes them


def everything_of(servers: Servers) -> list[Process]:
    roots = [process for record in servers.state.read().values() for process in record.processes.values()]
    return [member for root in roots for member in root.family()]


def listeners_on(port: int) -> set[str]:
    lines = [line.split() for file in ("tcp", "tcp6") for line in Path("/proc/net", file).read_text().splitlines()[1:]]
    listening = [fields[1].split(":") for fields in lines if fields[3] == "0A"]
    return {address for address, number in listening if int(number, 16) == port}


async def rows(database_url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


async def put(amqp_url: str, body: bytes) -> None:
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue.name)


async def take(amqp_url: str) -> bytes:
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", passive=True)
        message = await queue.get(timeout=10)
        await message.ack()
        return message.body


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder PostgreSQL's user may pass through, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="yousu-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def own() -> Iterator[Servers]:
    """A second complete set, beside the one all tests share, which may be broken."""
    require("rabbitmq", "postgres", "redis")
    with Servers() as servers:
        yield servers


async def test_each_answers_a_client_in_a_place_of_the_tests_own(
    amqp_url: str, database_url: str, redis_url: str
) -> None:
    await put(amqp_url, "有诉即办".encode())
    assert (await take(amqp_url)).decode() == "有诉即办"
    assert (await rows(database_url, "SELECT count(*) FROM pg_class WHERE relname = 'mark'"))[0][0] == 0
    async with Redis.from_url(redis_url) as redis:
        assert await redis.dbsize() == 0
        await redis.set("mark", "1")


async def test_the_next_test_finds_its_place_empty(amqp_url: str, database_url: str, redis_url: str) -> None:
    with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
        await take(amqp_url)
    async with Redis.from_url(redis_url) as redis:
        assert await redis.dbsize() == 0


def test_what_is_committed_is_on_disk(servers: Servers) -> None:
    require("postgres")
    assert [servers.postgres.query(f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]
    assert servers.postgres.query("SHOW max_connections") == "300"


def test_nobody_but_us_has_a_key_and_nothing_listens_to_the_network(own: Servers) -> None:
    assert own.rabbitmq.ctl("list_users", "--no-table-headers").split() == ["yousu", "[administrator]"]
    ports = [port for record in own.state.read().values() for port in record.ports.values()]
    assert len(ports) == 5
    for port in ports:
        assert listeners_on(port)
        assert listeners_on(port) <= LOOPBACK


def test_two_sets_stand_side_by_side(servers: Servers, own: Servers) -> None:
    mine = {port for record in own.state.read().values() for port in record.ports.values()}
    others = {port for record in servers.state.read().values() for port in record.ports.values()}
    assert not mine & others
    assert all(server.answers() for server in (*servers.servers, *own.servers))
    own.new_vhost("only-here")
    assert "only-here" in own.rabbitmq.ctl("list_vhosts")
    assert "only-here" not in servers.rabbitmq.ctl("list_vhosts")


async def test_what_was_accepted_outlives_a_crash(own: Servers) -> None:
    database, vhost = own.new_database("crash"), own.new_vhost("crash")
    await rows(database, "CREATE TABLE kept AS SELECT 42 AS answer")
    await put(vhost, b"42")
    own.rabbitmq.settle()
    for server in own.servers:
        before = server.process
        server.kill()
        assert not before.alive
        assert not server.answers()
    for server in own.servers:
        server.restart()
    assert (await rows(database, "SELECT answer FROM kept"))[0]["answer"] == 42
    assert await take(vhost) == b"42"


def test_a_frozen_server_answers_again_when_it_goes_on(own: Servers) -> None:
    own.postgres.pause()
    assert not own.postgres.answers()
    own.postgres.resume()
    assert own.postgres.answers()


@pytest.mark.parametrize("mode", ["smart", "fast", "immediate"])
def test_postgresql_restarts_in_every_mode(own: Servers, mode: str) -> None:
    before = own.postgres.process
    own.postgres.restart(mode)  # type: ignore[arg-type]
    assert not before.alive
    assert own.postgres.answers()


def test_a_database_can_be_copied(own: Servers) -> None:
    own.new_database("original")
    assert own.new_database("copy", template="original").endswith("/copy")
    with pytest.raises(ServersError, match="already exists"):
        own.new_database("copy")


def test_a_set_that_stops_leaves_nothing_and_the_other_goes_on(servers: Servers, own: Servers) -> None:
    with Servers(only=["postgres", "redis"]) as third:
        processes = everything_of(third)
        assert len(processes) > 2
        folder = third.state.folder
    assert wait_until_gone(processes, 0) == []
    assert not folder.exists()
    assert all(server.answers() for server in (*servers.servers, *own.servers))


def test_a_node_that_stops_takes_its_name_server_along() -> None:
    require("rabbitmq")
    with Servers(only=["rabbitmq"]) as node:
        processes, ports = everything_of(node), node.rabbitmq.record.ports
        assert set(node.rabbitmq.record.processes) == {"epmd", "rabbitmq"}
        end(node.rabbitmq.record.processes["epmd"], signal.SIGKILL, patience=1)
        ask(["epmd", "-daemon"], node.rabbitmq.environment(ports))  # as the node does itself, within a minute
        replaced = living_in(node.rabbitmq.home)
        assert set(replaced) - set(processes)
    assert wait_until_gone(replaced, 0) == []
    assert wait_until_gone(processes, 0) == []
    assert [port for port in ports.values() if listeners_on(port)] == []


def test_a_port_taken_in_between_is_left_to_its_taker(monkeypatch: pytest.MonkeyPatch) -> None:
    require("redis")
    with socket.socket() as taker:
        taker.bind(("127.0.0.1", 0))
        taken = taker.getsockname()[1]
        with monkeypatch.context() as patched:
            patched.setattr("deploy.servers.server.free_port", iter([taken, *range(20_100, 20_200)]).__next__)
            with Servers(only=["redis"]) as servers:
                assert servers.redis.record.ports["redis"] != taken
                assert servers.redis.answers()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    require("redis")
    monkeypatch.setattr("deploy.servers.redis._DATABASES", -1)
    servers = Servers(only=["redis"])
    with pytest.raises(ServersError, match="databases"):
        servers.start()
    assert not servers.state.folder.exists()


def test_a_folder_that_is_given_keeps_its_data_and_can_be_started_again(open_folder: Path) -> None:
    require("postgres")
    with Servers(open_folder, only=["postgres"]) as servers:
        servers.new_database("kept")
        with pytest.raises(ServersError, match="already running"):
            Servers(open_folder, only=["postgres"]).start()
    with Servers(open_folder, only=["postgres"]) as servers:
        assert servers.postgres.query("SELECT 1 FROM pg_database WHERE datname = 'kept'") == "1"


def test_from_the_shell_they_stay_until_they_are_stopped(open_folder: Path) -> None:
    require("redis")

    def tell(word: str, *more: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, word, "--folder", str(open_folder), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    started = json.loads(tell("start", "--only", "redis").stdout)
    process = Process(**started["servers"]["redis"]["processes"]["redis"])
    assert process.alive
    assert tell("status").stdout == '{"redis": "answers"}\n'
    assert tell("stop").returncode == 0
    assert not process.alive
    assert tell("status").returncode == 1


def test_run_gives_its_command_the_urls_and_returns_its_code() -> None:
    require("redis")
    script = 'echo "$YOUSU_REDIS_URL"; exit 7'
    done = subprocess.run(
        [*COMMAND, "run", "--only", "redis", "--", "sh", "-c", script], stdout=subprocess.PIPE, text=True, check=False
    )
    assert done.stdout.startswith("redis://:")
    assert done.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_run_leaves_no_server_behind_when_it_is_ended(number: signal.Signals) -> None:
    require("postgres", "redis")
    script = 'echo "$YOUSU_TEST_SERVERS"; exec cat'
    with subprocess.Popen(
        [*COMMAND, "run", "--only", "postgres,redis", "--", "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout is not None
        servers = Servers.attach(Path(run.stdout.readline().strip()))
        processes = everything_of(servers)
        run.send_signal(number)
        code = run.wait()
        assert wait_until_gone(processes, 15 if number == signal.SIGKILL else 0) == []
        assert code == (-number if number == signal.SIGKILL else 128 + number)
        assert number == signal.SIGKILL or not servers.state.folder.exists()
