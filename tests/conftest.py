"""What every test may ask for."""

from __future__ import annotations

import os
import sys

import hypothesis
import pytest
import structlog

from tests.support import cheap
from tests.support.migrated import migrate

# A test says itself what it is given: a caller's YOUSU_AMQP_URL must not turn an embedded one into another.
for _name in [name for name in os.environ if name.startswith("YOUSU_") and name != "YOUSU_TEST_SERVERS"]:
    del os.environ[_name]

pytest_plugins = ["tests.support.servers"]

# httpx looks for it at each request to an app, in every folder of the path: a tenth of the time a request takes.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

cheap.statements_once()
cheap.doors_once()

hypothesis.settings.register_profile("yousu", deadline=None)  # a busy machine is slow, not wrong
hypothesis.settings.load_profile("yousu")

# What structlog does by itself draws a frame around every frame of an error, with its variables: seconds for each.
_plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[structlog.processors.add_log_level, _plain])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "servers: needs RabbitMQ, PostgreSQL or Redis (set by itself for the fixtures)")


@pytest.fixture(autouse=True)
def _migrated_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.house.migrate", migrate)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "servers" in getattr(item, "fixturenames", ()):
            item.add_marker("servers")
