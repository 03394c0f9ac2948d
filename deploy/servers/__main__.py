"""python -m deploy.servers install | start | stop | status | run -- COMMAND…."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from deploy.servers.debian import install, missing, packages
from deploy.servers.state import ServersError
from deploy.servers.together import NAMES, Servers

_GRACE = 30.0  # seconds a command has to end after it was told to


def _names(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, text.split(",")))
    if not names or set(names) - set(NAMES):
        raise argparse.ArgumentTypeError(f"of {','.join(NAMES)}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.servers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("install", help="install what is missing from Debian's packages (root)")
    one.add_argument("--browser", action="store_true", help="Chromium and Chinese fonts too")
    for name, says in (
        ("start", "start servers that stay"),
        ("stop", "stop them"),
        ("status", "say how they are"),
        ("run", "start servers, run a command, stop them"),
    ):
        one = commands.add_parser(name, help=says)
        one.add_argument("--folder", type=Path, required=name != "run")
        if name in ("start", "run"):
            one.add_argument("--only", type=_names, default=NAMES, help="rabbitmq,postgres,redis")
            one.add_argument("--available", action="store_true", help="do without those this machine does not have")
        if name == "run":
            one.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND…")
    return parser


def _install(*, browser: bool) -> int:
    left = install(browser=browser)
    if not left:
        return 0
    why = "" if os.geteuid() == 0 else " (not root, so nothing was installed)"
    print(f"not on this machine{why}: {', '.join(left)}; Debian: {' '.join(packages(left))}", file=sys.stderr)
    print("tests that need them are skipped; with CI=true they fail", file=sys.stderr)
    return 1


def _to_start(arguments: argparse.Namespace) -> tuple[str, ...]:
    absent = missing() if arguments.available else []
    left_out = [name for name in arguments.only if name in absent]
    if left_out:
        print(f"going on without: {', '.join(left_out)}", file=sys.stderr)
    return tuple(name for name in arguments.only if name not in left_out)


def _start(arguments: argparse.Namespace) -> int:
    servers = Servers(arguments.folder, _to_start(arguments), guarded=False).start()
    print(servers.state.file.read_text())
    return 0


def _status(folder: Path) -> int:
    found = Servers.attach(folder)
    said = {server.name: "answers" if server.process.alive and server.answers() else "down" for server in found.servers}
    print(json.dumps(said))
    return 0 if said and set(said.values()) == {"answers"} else 1


def _from_terminal() -> bool:
    """Whether Ctrl-C reaches our command without us: we are a terminal's foreground group."""
    try:
        with open("/dev/tty", "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


class _Told(BaseException):
    """A signal that asks us to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _tell(number: int, _frame: FrameType | None) -> None:
    raise _Told(number)


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _follow(command: Sequence[str], environment: dict[str, str]) -> int:
    """Runs the command to its end; signals for us are passed on to it."""
    child = subprocess.Popen(command, env=environment)  # noqa: S603
    patience: float | None = None
    heard = False
    while True:
        try:
            code = child.wait(patience)
            return code if code >= 0 else 128 - code
        except subprocess.TimeoutExpired:
            child.kill()
            patience = None
        except _Told as told:
            if told.number != signal.SIGINT or heard or not _from_terminal():
                child.send_signal(told.number)
            heard, patience = True, _GRACE


def _run(arguments: argparse.Namespace) -> int:
    words = arguments.words[1:] if arguments.words[:1] == ["--"] else arguments.words
    if not words:
        print("run: no command given", file=sys.stderr)
        return 2
    _on_signals(_tell)
    try:
        with Servers(arguments.folder, _to_start(arguments)) as servers:
            try:
                return _follow(words, {**os.environ, **servers.environment()})
            finally:
                _on_signals(signal.SIG_IGN)  # the stopping is not to be stopped half-way
    except _Told as told:
        return 128 + told.number
    except FileNotFoundError as error:
        print(f"run: {error}", file=sys.stderr)
        return 127


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    given = _parser().parse_args(arguments)
    try:
        match given.command:
            case "install":
                return _install(browser=given.browser)
            case "start":
                return _start(given)
            case "stop":
                Servers.attach(given.folder).stop()
                return 0
            case "status":
                return _status(given.folder)
            case _:
                return _run(given)
    except ServersError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
