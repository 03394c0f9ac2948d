"""The commands an administrator types, against doors that answer by heart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.cli import asking
from services.cli.__main__ import app
from services.cli.doctor import faults
from services.cli.submit import by_http
from shared.security.operators import is_from_operator
from shared.settings import SERVICES

Answer = Callable[[httpx.Request], httpx.Response]
Asked = list[tuple[str, str, str | None]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every request, as method, path and authorization; the doors answer from `ANSWERS`."""
    requests: Asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append((request.method, request.url.path, request.headers.get("authorization")))
        status, body = ANSWERS[request.url.path](request)
        return httpx.Response(status, text=body) if isinstance(body, str) else httpx.Response(status, json=body)

    def connect(url: str) -> httpx.Client:
        return httpx.Client(base_url=url, transport=httpx.MockTransport(answer))

    monkeypatch.setattr(asking, "connect", connect)
    return requests


def _rebuild(request: httpx.Request) -> tuple[int, Any]:
    after = json.loads(request.content)["after"]
    return 200, {"rebuilt": 500, "changed": 1, "next": "a" if after is None else None}


def _gauges(_: httpx.Request) -> tuple[int, Any]:
    lines = [f'yousu_store_up{{service="{name}"}} 1.0\nyousu_dead{{service="{name}"}} 0.0' for name in SERVICES]
    return 200, "# HELP\n" + "\n".join(lines) + "\n"


_DUE = ["SQ-2023-0002"]
"""Whose time is over, until they are erased."""


def _erase(request: httpx.Request) -> tuple[int, Any]:
    number = json.loads(request.content)["number"]
    if number in _DUE:
        _DUE.remove(number)
    return 200, {"complaint_id": "1", "number": number}


CASE = {"title": "甲", "score": 9.5, "id": "1", "problem": "乙", "state": "published"}
ANSWERS: dict[str, Callable[[httpx.Request], tuple[int, Any]]] = {
    "/directory/api/login": lambda _: (200, {"token": "t"}),
    "/directory/api/administrators": lambda r: (
        (201, {"username": json.loads(r.content)["username"]})
        if is_from_operator(r.headers["x-yousu-operator"], "guan") and b"Neuer-Mond-2026" in r.content
        else (403, {"detail": "只有运维人员可以办理。"})
    ),
    "/intake/api/erasures": _erase,
    "/intake/api/erasures/due": lambda _: (200, {"numbers": [*_DUE]}),
    "/intake/api/erasures/rejected": lambda _: (200, {"forgotten": 3}),
    "/directory/api/announce": lambda r: (
        (200, {"announced": 7}) if r.headers.get("authorization") else (401, {"detail": "请先登录。"})
    ),
    "/intake/api/ledger/rebuild": _rebuild,
    "/casebook/api/cases/import": lambda r: (200, {"published": len(json.loads(r.content)), "given": 1}),
    "/casebook/api/cases": lambda _: (200, [CASE]),
    "/metrics": _gauges,
    "/health/ready": lambda _: (200, "ready"),
}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words])
    return result.exit_code, result.output


def test_the_directory_is_announced_as_whoever_logs_in(asked: Asked) -> None:
    assert run("directory", "announce", "--user", "admin", "--password", "p") == (0, '{"announced": 7}\n')
    assert asked[-1] == ("POST", "/directory/api/announce", "Bearer t")


def test_the_first_administrator_is_made_with_the_password_read_and_the_operators_word(asked: Asked) -> None:
    result = CliRunner().invoke(app, ["admin", "create", "guan", "--center", "sq"], input="Neuer-Mond-2026\n")
    assert (result.exit_code, result.output) == (0, '{"username": "guan"}\n')


def test_a_refusal_ends_the_command_with_its_sentence(asked: Asked) -> None:
    result = CliRunner().invoke(app, ["directory", "announce"])
    assert result.exit_code == 1
    assert "请先登录。" in result.output


def test_the_ledger_is_rebuilt_to_its_end(asked: Asked) -> None:
    assert run("ledger", "rebuild", "--token", "t") == (0, '{"rebuilt": 1000, "changed": 2}\n')
    assert len(asked) == 2


def test_who_complained_is_erased_by_number_and_all_whose_time_is_over(asked: Asked) -> None:
    why = ["--reason", "保存期满", "--token", "t"]
    done = CliRunner().invoke(app, ["privacy", "erase", "SQ-2023-0001", *why])
    assert json.loads(done.output) == {"complaint_id": "1", "number": "SQ-2023-0001"}
    done = CliRunner().invoke(app, ["privacy", "expire", "--closed-before", "2023-11-01", "--dry-run", *why])
    assert json.loads(done.output) == {"number": "SQ-2023-0002"}
    done = CliRunner().invoke(app, ["privacy", "expire", "--closed-before", "2023-11-01", *why])
    assert [json.loads(line) for line in done.output.splitlines()] == [
        {"complaint_id": "1", "number": "SQ-2023-0002"},
        {"forgotten": 3},
    ]


def test_cases_are_imported_and_found(asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([CASE, CASE]))
    assert run("casebook", "import", str(file)) == (0, '{"published": 2, "given": 2}\n')
    code, line = run("casebook", "similar", "房产证", "--top", "1")
    assert code == 0
    assert {name: json.loads(line)[name] for name in ("title", "score")} == {"title": "甲", "score": 9.5}
    file.write_text("{")
    assert run("casebook", "import", str(file))[0] == 1


def test_the_doctor_finds_a_house_in_order(asked: Asked) -> None:
    code, said = run("doctor")
    assert (code, said[:6]) == (0, "✓ 一切正常")


def test_the_doctor_says_what_to_do_where_nobody_answers() -> None:
    code, said = run("doctor", "--url", "http://127.0.0.1:9")
    assert code == 1
    assert "请确认服务已启动" in said


@pytest.mark.parametrize(
    ("gauges", "word"),
    [
        ({"store_up": 0, "dead": 5}, "数据库"),
        ({"unsent": 3, "oldest_unsent_seconds": 90}, "RabbitMQ"),
        ({"parked": 2}, "搁置"),
        ({"dead": 2}, "重放"),
        ({"unsent": 3, "oldest_unsent_seconds": 1}, None),
    ],
)
def test_each_number_that_is_wrong_says_what_to_do(gauges: dict[str, float], word: str | None) -> None:
    said = list(faults("sla", gauges))
    assert len(said) == (1 if word else 0)
    assert word is None or word in said[0]


def test_submitting_where_nobody_answers_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "submissions.jsonl"
    file.write_text("{}\n")
    code, said = run("submit", str(file), "--url", "http://127.0.0.1:9")
    assert code == 1
    assert "请确认服务已启动" in said


async def test_what_became_of_a_line_is_told_by_its_place_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.MockTransport(lambda request: httpx.Response(201, json={"number": request.content.decode()}))
    client = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **given: client(**given, transport=answer))
    told = [line async for line in by_http([b"a", b"", b"  ", b"b"], "web", None, "http://house")]
    assert [(line["line"], line["number"]) for line in told] == [(1, "a"), (4, "b")]
