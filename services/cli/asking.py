"""How the commands knock at a running house: at its address, as somebody who may."""

import json
import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import Annotated, Any

import httpx
import typer

LONGEST = 120.0
"""Seconds a door may take to answer."""

Url = Annotated[str, typer.Option("--url", envvar="YOUSU_URL", help="Where the house answers.")]
Token = Annotated[str, typer.Option("--token", envvar="YOUSU_TOKEN", help="A session's token.")]
User = Annotated[str, typer.Option("--user", help="Log in as; the password is asked for.")]
Password = Annotated[str, typer.Option("--password", envvar="YOUSU_PASSWORD", help="Better left to the prompt.")]

HERE = f"http://127.0.0.1:{os.environ.get('YOUSU_PORT', '8000')}"

NewClient = Callable[[str], httpx.Client]


def connect(url: str) -> httpx.Client:
    """A client of the house there; tests put another in its place."""
    return httpx.Client(base_url=url, timeout=LONGEST)


class Refused(RuntimeError):
    """The house did not do what was asked; the sentence says why."""


class House:
    """A running house, as one member of its staff meets it."""

    def __init__(self, url: str, token: str = "", user: str = "", password: str = "") -> None:
        self.url = url.rstrip("/")
        self._client = connect(self.url)
        if user and not token:
            password = password or typer.prompt("口令", hide_input=True)
            token = self.ask("POST", "/directory/api/login", json={"username": user, "password": password})["token"]
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """What a door answers; raises `Refused`."""
        answer = self.knock(method, path, **given)
        if answer.is_error:
            raise Refused(f"{method} {path}：{_told(answer)}")
        return answer.json()

    def knock(self, method: str, path: str, **given: Any) -> httpx.Response:
        """The answer as it is; raises `Refused` only where nobody answers."""
        try:
            return self._client.request(method, path, **given)
        except httpx.HTTPError as error:
            raise unreached(self.url, error) from error


def unreached(url: str, error: Exception) -> Refused:
    """Nobody answers there."""
    why = f"{type(error).__name__} {error}".strip()
    return Refused(f"连不上 {url}（{why}）：请确认服务已启动，或用 --url 指明地址。")


@contextmanager
def or_exit() -> Any:
    """End the command with the sentence of a refusal."""
    try:
        yield
    except Refused as refusal:
        sys.exit(str(refusal))


def say(line: Any) -> None:
    """Print one JSON line."""
    print(json.dumps(line, ensure_ascii=False))


def _told(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        faults = "；".join(f"{fault['field']} {fault['message']}" for fault in problem.get("errors", []))
        told = f"{problem['detail']}{faults}"
    except (ValueError, KeyError, TypeError, AttributeError):
        told = answer.text[:200]
    hint = {401: "请用 --user 登录，或给出 --token。", 403: "请换用有权限的账号。"}.get(answer.status_code, "")
    return f"{answer.status_code} {told}{hint if hint not in told else ''}"
