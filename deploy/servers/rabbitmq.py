"""A RabbitMQ node of our own: own name server (epmd), own cookie, 127.0.0.1 only, no plugins."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from deploy.servers.processes import end, living_in
from deploy.servers.server import Server, ask, program
from deploy.servers.state import Record, ServersError

_LIB = Path("/usr/lib/rabbitmq/bin")  # Debian's wrappers in /usr/sbin insist on the system's node and user
_NODE = "yousu@localhost"
_USER = "yousu"
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.-]{0,99}")
_PROTOCOL = b"AMQP\x00\x00\x09\x01"


def installed() -> bool:
    """Whether RabbitMQ and Erlang are here."""
    return all((program("rabbitmq-server", _LIB), program("epmd"), program("erl")))


class RabbitMQ(Server):
    """The private node; its only user is `yousu`, an administrator with a random password."""

    name: ClassVar[str] = "rabbitmq"
    port_names: ClassVar[tuple[str, ...]] = ("amqp", "distribution", "epmd")

    def command(self, name: str) -> list[str | Path]:
        """How one of RabbitMQ's or Erlang's programs is run."""
        return [program(name, _LIB) or name]

    @property
    def is_quick(self) -> bool:
        """Whether Erlang's own way to ask a node is there."""
        return program("erl_call") is not None

    def prepare(self, record: Record) -> str:
        """Writes the node's configuration and its cookie."""
        cookie = self.home / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(20))
            cookie.chmod(0o400)
        (self.home / "rabbitmq.conf").write_text(f"default_user = {_USER}\ndefault_pass = {record.secret}\n")
        (self.home / "enabled_plugins").write_text("[].\n")
        return f"amqp://{_USER}:{record.secret}@127.0.0.1:{record.ports['amqp']}/"

    def environment(self, ports: Mapping[str, int]) -> dict[str, str]:
        """Nothing is inherited but the PATH: a caller's RABBITMQ_* would lead to another node."""
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "PATH": os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/bin", "/usr/sbin", "/usr/bin", "/bin"]),
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "ERL_EPMD_PORT": str(ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            "RABBITMQ_NODENAME": _NODE,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(ports["amqp"]),
            "RABBITMQ_DIST_PORT": str(ports["distribution"]),
            "RABBITMQ_MNESIA_BASE": str(self.home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "no-rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.home / "no-advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_ALLOW_INPUT": "1",  # makes the script become the node instead of waiting for it
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-noinput {loopback}",
            "RABBITMQ_CTL_ERL_ARGS": loopback,
        }

    def spawn_all(self) -> None:
        """Starts epmd, unless it still runs, then the node, which would otherwise daemonise an epmd of its own."""
        record = self.record
        environment, port = self.environment(record.ports), record.ports["epmd"]
        kept = record.processes.get("epmd")
        if kept is None or not kept.alive:
            command = [*self.command("epmd"), "-port", str(port), "-address", "127.0.0.1"]
            self.spawn("epmd", command, environment)
            deadline = time.monotonic() + 10
            while self.record.processes["epmd"].alive and time.monotonic() < deadline:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.01)
                self._reap()
        self.spawn(self.name, self.command("rabbitmq-server"), environment)

    def _port_was_taken(self) -> bool:
        self._reap()
        return not self.record.processes["epmd"].alive or super()._port_was_taken()

    def answers(self) -> bool:
        """Whether it opens the AMQP handshake, which it does only once booted."""
        try:
            with socket.create_connection(("127.0.0.1", self.record.ports["amqp"]), timeout=2) as line:
                line.sendall(_PROTOCOL)
                return line.recv(1) == b"\x01"  # a method frame: connection.start
        except OSError:
            return False

    def stop(self, *, at_once: bool = False) -> None:
        """Ends the node and its epmd, also one that the node began by itself after it had missed ours for a minute."""
        super().stop(at_once=at_once)
        for stray in living_in(self.home):
            end(stray, signal.SIGTERM, patience=5)

    def ctl(self, *arguments: str) -> str:
        """Runs `rabbitmqctl` against this node (half a second each); its output, ServersError when it fails."""
        command = [*self.command("rabbitmqctl"), "--quiet", *arguments]
        return ask(command, self.environment(self.record.ports), seconds=60)

    def evaluate(self, erlang: str) -> str:
        """Evaluates Erlang inside the node: rabbitmqctl's power in milliseconds, where `erl_call` is there."""
        if not self.is_quick:
            return self.ctl("eval", erlang)
        call = [*self.command("erl_call"), "-sname", _NODE, "-e"]
        try:
            said = ask(call, self.environment(self.record.ports), words=f"{erlang}\n")
        except ServersError as error:
            if "failed to connect" not in str(error):
                raise
            return self.ctl("eval", erlang)  # a busy node does not always let it in; nothing has been evaluated
        if not said.startswith("{ok, "):
            raise ServersError(f"rabbitmq: {said}")
        return said.removeprefix("{ok, ").removesuffix("}")

    def new_vhost(self, name: str) -> str:
        """An empty virtual host in which our user may do everything; its URL."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a virtual host: {name!r}")
        self.evaluate(
            f'ok = rabbit_vhost:add(<<"{name}">>, <<"{_USER}">>), ok = rabbit_auth_backend_internal:set_permissions('
            f'<<"{_USER}">>, <<"{name}">>, <<".*">>, <<".*">>, <<".*">>, <<"{_USER}">>).'
        )
        return f"{self.url}{name}"

    def settle(self) -> None:
        """Has the node write down which quorum queues it has; without it a `kill` forgets those of the last 3 seconds.

        Tried on 3.10.8: Ra notes a new queue in a file that is flushed 3 seconds late; a queue declared just before a
        crash is known afterwards but answers nobody, for good. Messages in older queues are on disk when confirmed.
        """
        self.evaluate("ok = dets:sync(maps:get(directory_rev, maps:get(names, ra_system:fetch(quorum_queues)))).")

    def drop_vhost(self, name: str) -> None:
        """Removes a virtual host with everything in it; its connections are closed."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a virtual host: {name!r}")
        self.evaluate(f'rabbit_vhost:delete(<<"{name}">>, <<"{_USER}">>).')
