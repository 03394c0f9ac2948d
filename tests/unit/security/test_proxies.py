"""Who a request comes from, behind proxies that are named and others; and what the log says of those."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.types import Scope
from structlog.testing import capture_logs

from shared.settings import Settings
from shared.web.proxies import MOST_TOLD, Proxies

KEYS = {"production": True, "seal_keys": "k1:AAAA", "phone_index_key": "AAAA"}


def came_from(house: Proxies, peer: str, *, said: str = "203.0.113.9") -> str:
    """Whom the house takes a request for that this peer passes on."""
    seen: list[str] = []

    async def look(scope: Scope, *_: Any) -> None:
        seen.append(scope["client"][0])

    house.app = look  # type: ignore[assignment]
    headers = [(b"x-forwarded-for", said.encode())] if said else []
    asyncio.run(house({"type": "http", "client": (peer, 5000), "headers": headers}, None, None))  # type: ignore[arg-type]
    return seen[0]


def house(named: str) -> Proxies:
    """A house that believes these."""
    return Proxies(None, named)  # type: ignore[arg-type]


def test_a_named_proxy_is_believed_and_another_one_is_told_once_and_by_name() -> None:
    behind = house("127.0.0.1,10.1.0.0/16")
    with capture_logs() as told:
        assert came_from(behind, "10.1.7.7") == "203.0.113.9"
        assert came_from(behind, "10.2.0.1") == came_from(behind, "10.2.0.1") == "10.2.0.1"
        assert came_from(behind, "10.2.0.2", said="") == "10.2.0.2"
    assert [(entry["event"], entry["address"]) for entry in told] == [("not believed", "10.2.0.1")]
    assert "FORWARDED_ALLOW_IPS" in told[0]["todo"]


def test_whoever_reaches_the_house_cannot_fill_its_log() -> None:
    behind = house("127.0.0.1")
    with capture_logs() as told:
        for n in range(MOST_TOLD + 5):
            came_from(behind, f"10.2.0.{n}")
    assert len(told) == MOST_TOLD


def test_to_believe_anybody_is_told_at_the_start_and_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as told:
        house("*")
    assert [entry["event"] for entry in told] == ["anybody is believed"]
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert Settings().forwarded_allow_ips == "*"
    with pytest.raises(ValidationError, match="冒充"):
        Settings(**KEYS)  # type: ignore[arg-type]


@pytest.mark.parametrize("named", ["nginx", "10.0.0.1/8", "127.0.0.1,*", ""])
def test_what_uvicorn_would_silently_take_for_nobody_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", named)
    with pytest.raises(ValidationError, match="IP 地址或网段"):
        Settings()
