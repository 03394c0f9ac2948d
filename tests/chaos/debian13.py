"""RabbitMQ 4, as Debian 13 has it: in a small Debian in a folder, made once with debootstrap, entered by chroot."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from deploy.servers import Servers
from deploy.servers.rabbitmq import RabbitMQ
from deploy.servers.server import program

RELEASE = "trixie"
MIRROR = "http://deb.debian.org/debian"
PROGRAMS = ("usr/lib/rabbitmq/bin", "usr/bin", "usr/sbin")
NO_SERVICES = "#!/bin/sh\nexit 101\n"


def make(root: Path) -> None:
    """A Debian 13 with RabbitMQ in this folder, unless it is there already; nothing in it is started."""
    if _found(root, "rabbitmq-server"):
        return
    if program("debootstrap") is None:
        raise SystemExit("debootstrap is not on this machine (Debian: apt-get install debootstrap)")
    root.parent.mkdir(parents=True, exist_ok=True)
    if not (root / "usr/bin/apt-get").exists():
        _run("debootstrap", "--variant=minbase", RELEASE, str(root), MIRROR)
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text(NO_SERVICES)
    policy.chmod(0o755)
    for name in ("resolv.conf", "hosts"):
        (root / "etc" / name).write_bytes(Path("/etc", name).read_bytes())
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends rabbitmq-server"
    with _mounted(root, Path("/proc"), Path("/dev")):
        _run("chroot", str(root), "sh", "-c", f"apt-get update -qq && {install}")


@contextlib.contextmanager
def seeing(root: Path, folder: Path) -> Iterator[None]:
    """Within, this folder is to be seen there, under the same name."""
    with _mounted(root, Path("/proc"), Path("/dev"), folder):
        yield


@contextlib.contextmanager
def _mounted(root: Path, *paths: Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for path in paths:
            there = root / path.relative_to("/")
            there.mkdir(parents=True, exist_ok=True)
            _run("mount", "--bind", str(path), str(there))
            stack.callback(subprocess.run, ["umount", "-l", str(there)], check=False)
        yield


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _found(root: Path, name: str) -> Path | None:
    found = (root / folder / name for folder in PROGRAMS)
    return next((path for path in found if path.exists()), None)


class RabbitMQ4(RabbitMQ):
    """The private node, run in there."""

    root: ClassVar[Path]

    def command(self, name: str) -> list[str | Path]:
        """Entering the folder first."""
        found = _found(self.root, name)
        return ["chroot", self.root, f"/{found.relative_to(self.root)}" if found else name]

    @property
    def is_quick(self) -> bool:
        """Whether Erlang's own way to ask a node is in there."""
        return _found(self.root, "erl_call") is not None


class Servers4(Servers):
    """The private servers, with RabbitMQ 4 among them."""

    rabbitmq_class = RabbitMQ4
