"""The private servers' parts, as far as they need no server."""

from __future__ import annotations

import signal
import socket
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from deploy.servers import Servers, ServersError, debian, install, missing
from deploy.servers import __main__ as command
from deploy.servers.postgres import Postgres
from deploy.servers.processes import Process, end, wait_until_gone
from deploy.servers.rabbitmq import RabbitMQ
from deploy.servers.state import State
from shared.ports import free_port


@pytest.fixture
def family() -> Iterator[subprocess.Popen[bytes]]:
    """A shell that ignores SIGTERM, with a child; both last until they are ended."""
    script = "trap '' TERM; sleep 600 & echo ready; wait"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        assert shell.stdout.readline() == b"ready\n"
        whole = Process.of(shell.pid)
        yield shell
        end(whole, signal.SIGKILL, patience=1)


def test_a_free_port_is_its_servers_also_while_that_is_down_and_none_the_kernel_gives_to_clients() -> None:
    port = free_port()
    first_of_clients = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert 1024 <= port < first_of_clients
    for _ in range(2):
        with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
            pass
        with socket.socket() as stranger, pytest.raises(OSError, match="Address already in use"):
            stranger.bind(("127.0.0.1", port))


def test_no_port_is_given_twice_before_anybody_listens_there() -> None:
    assert len({free_port() for _ in range(300)}) == 300


def test_a_process_of_another_birth_is_a_stranger(family: subprocess.Popen[bytes]) -> None:
    mine = Process.of(family.pid)
    stranger = Process(mine.pid, mine.started - 1)
    assert mine.alive
    assert not stranger.alive
    stranger.send(signal.SIGKILL)
    assert mine.alive


def test_ending_a_process_ends_what_it_has_begotten_even_paused_and_deaf(family: subprocess.Popen[bytes]) -> None:
    shell = Process.of(family.pid)
    members = shell.family()
    assert len(members) == 2
    shell.send(signal.SIGSTOP)
    end(shell, signal.SIGTERM, patience=0.1)
    assert wait_until_gone(members, 0) == []
    assert family.wait() == -signal.SIGKILL


def test_no_process_has_a_pid_that_nobody_has() -> None:
    with pytest.raises(ProcessLookupError):
        Process.of(2**22 + 1)


def test_what_runs_is_noted_for_its_owner_only(tmp_path: Path) -> None:
    with State(tmp_path, temporary=True).change("redis") as record:
        record.url, record.ports, record.processes = "redis://x", {"redis": 1}, {"redis": Process(2, 3)}
    again = State(tmp_path)
    assert again.read() == {"redis": record}
    assert again.temporary
    assert stat.S_IMODE(again.file.stat().st_mode) == 0o600
    assert not record.alive


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 104\n"])
def test_while_installing_nothing_is_started_and_afterwards_the_policy_is_as_before(
    tmp_path: Path, before: str | None
) -> None:
    policy = tmp_path / "policy-rc.d"
    if before is not None:
        policy.write_text(before)
    with suppress(KeyboardInterrupt), debian.no_service_starts(policy):
        assert subprocess.run([policy, "redis-server", "start"], check=False).returncode == 101
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ([] if before is None else ["policy-rc.d"])
    assert before is None or policy.read_text() == before


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 104\n"])
def test_an_installation_killed_half_way_is_put_right_by_the_next(tmp_path: Path, before: str | None) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text(debian._OURS)
    if before is not None:
        (tmp_path / "policy-rc.d.before-yousu").write_text(before)
    with debian.no_service_starts(policy):
        pass
    assert policy.exists() == (before is not None)
    assert before is None or policy.read_text() == before
    assert not (tmp_path / "policy-rc.d.before-yousu").exists()


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A root's machine without Redis whose apt can renew its lists only; the commands it was given."""
    given: list[str] = []

    def renew_only(words: Sequence[str]) -> bool:
        given.append(words[0])
        return words[0] == "update"

    monkeypatch.setattr(debian, "_LOCK", tmp_path / "lock")
    monkeypatch.setattr(debian, "_POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(debian, "missing", lambda browser=False: ["redis"])
    monkeypatch.setattr(debian, "_known", lambda names: True)
    monkeypatch.setattr(debian, "_apt", renew_only)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: None if name == "systemctl" else name)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return given


def test_apts_lists_are_renewed_only_when_needed(apt: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def do_all(words: Sequence[str]) -> bool:
        apt.append(words[0])
        return True

    monkeypatch.setattr(debian, "_apt", do_all)
    install()
    assert apt == ["install"]
    apt.clear()
    monkeypatch.setattr(debian, "_known", lambda names: False)
    install()
    assert apt == ["update", "install"]


def test_what_cannot_be_installed_is_named(apt: list[str]) -> None:
    assert install() == ["redis"]
    assert apt.count("update") == 3


def test_who_is_not_root_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(debian, "missing", lambda browser=False: ["redis"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert command.main(["install"]) == 1
    assert "redis-server" in capsys.readouterr().err


def test_a_server_that_is_not_here_is_named_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("deploy.servers.together.missing", lambda: ["rabbitmq"])
    with pytest.raises(ServersError, match="rabbitmq-server"):
        Servers(tmp_path / "none").start()
    assert not (tmp_path / "none").exists()


def test_what_is_missing_is_a_name_it_can_be_installed_by() -> None:
    assert set(missing(browser=True)) <= {"rabbitmq", "postgres", "redis", "chromium", "fonts"}


@pytest.mark.parametrize("name", ["", "Robert'); DROP", 'a"b', "x" * 64])
def test_a_name_that_would_say_more_than_a_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Postgres(State(tmp_path)).new_database(name)


@pytest.mark.parametrize("name", ["", 'a">>, b', "/", "x" * 101])
def test_a_virtual_hosts_name_too(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        RabbitMQ(State(tmp_path)).new_vhost(name)


def test_a_command_that_makes_no_sense_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["run", "--"]) == 2
    with pytest.raises(SystemExit):
        command.main(["run", "--only", "kafka", "--", "true"])
    assert "rabbitmq,postgres,redis" in capsys.readouterr().err


def test_servers_that_were_not_started_say_so(tmp_path: Path) -> None:
    with pytest.raises(ServersError, match="not started"):
        Servers().state  # noqa: B018
    with pytest.raises(ServersError, match="not started"):
        Postgres(State(tmp_path)).url  # noqa: B018
    with pytest.raises(ValueError, match="kafka"):
        Servers(only=["kafka"])
