"""RabbitMQ, PostgreSQL and Redis for tests: one set for the run, and in it something fresh for every test.

`make test` starts the set once and names its servers.json in YOUSU_TEST_SERVERS; a bare `pytest` starts a set itself
when a test first asks. What this machine does not have is skipped, and with CI=true a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from deploy.servers import NAMES, Servers, missing, packages

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
_numbers = count(1)


def without(*names: str) -> None:
    """Ends the test for want of these: skipped, or failed where everything has to be there (CI=true)."""
    reason = f"not on this machine: {', '.join(names)} (Debian: {' '.join(packages(names))}; make test as root)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def require(*names: str) -> None:
    """Goes on only where these are installed: rabbitmq, postgres, redis, chromium, fonts."""
    if absent := [name for name in missing(browser=True) if name in names]:
        without(*absent)


def _fresh_name() -> str:
    return f"test_{_WORKER}_{os.getpid()}_{next(_numbers)}"


def _need(servers: Servers, name: str) -> None:
    if name not in servers.only:
        without(name)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The set all tests share, with as many of the three as this machine has. Not to be killed: see `Servers()`."""
    if running := os.environ.get("YOUSU_TEST_SERVERS"):
        yield Servers.attach(Path(running))
        return
    absent = missing()
    with Servers(only=[name for name in NAMES if name not in absent]) as own:
        yield own


@pytest.fixture
def database_url(servers: Servers) -> Iterator[str]:
    """A PostgreSQL database of the test's own, empty."""
    _need(servers, "postgres")
    name = _fresh_name()
    yield servers.new_database(name)
    servers.postgres.drop_database(name)


@pytest.fixture
def amqp_url(servers: Servers) -> Iterator[str]:
    """A RabbitMQ virtual host of the test's own, empty."""
    _need(servers, "rabbitmq")
    name = _fresh_name()
    yield servers.new_vhost(name)
    servers.rabbitmq.drop_vhost(name)


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """A Redis database of the worker's own, emptied for the test."""
    _need(servers, "redis")
    # The first is of those who start a house of their own on these servers, beside whatever other workers empty.
    return servers.redis.new_database(1 + int(_WORKER.removeprefix("gw")))
