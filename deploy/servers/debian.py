"""What the servers and the browser tests need from Debian's packages, and how it is put in place."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.servers import postgres, rabbitmq, redis

_POLICY = Path("/usr/sbin/policy-rc.d")
_OURS = "#!/bin/sh\n# Written by deploy/servers while it installs; nothing is started meanwhile.\nexit 101\n"
_LOCK = Path("/run/lock/yousu-install.lock")
_APT = ("apt-get", "-q", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0")


def _chromium() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def _cjk_fonts() -> bool:
    roots = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
    return any(next(root.rglob("*CJK*"), None) for root in roots if root.is_dir())


@dataclass(frozen=True)
class _Part:
    here: Callable[[], bool]
    package: str
    units: tuple[str, ...] = ()  # what Debian would start at the next boot


_SERVERS: Mapping[str, _Part] = {
    "rabbitmq": _Part(
        rabbitmq.installed, "rabbitmq-server", ("rabbitmq-server.service", "epmd.socket", "epmd.service")
    ),
    "postgres": _Part(postgres.installed, "postgresql", ("postgresql.service",)),
    "redis": _Part(redis.installed, "redis-server", ("redis-server.service",)),
}
_BROWSER: Mapping[str, _Part] = {"chromium": _Part(_chromium, "chromium"), "fonts": _Part(_cjk_fonts, "fonts-noto-cjk")}
_PARTS: Mapping[str, _Part] = {**_SERVERS, **_BROWSER}


def missing(*, browser: bool = False) -> list[str]:
    """Names of the parts this machine does not have: rabbitmq, postgres, redis; with `browser` chromium, fonts."""
    return [name for name, part in (_PARTS if browser else _SERVERS).items() if not part.here()]


def packages(names: Iterable[str]) -> list[str]:
    """The Debian packages that bring these parts."""
    return [_PARTS[name].package for name in names]


@contextmanager
def no_service_starts(policy: Path) -> Iterator[None]:
    """Has Debian start no service meanwhile; afterwards the policy is what it was, or none as before.

    A run killed half-way leaves its policy and the one it set aside; the next run puts that right.
    """
    aside = policy.with_name(policy.name + ".before-yousu")
    if aside.exists() or aside.is_symlink():
        aside.replace(policy)
    elif policy.is_file() and policy.read_text(errors="replace") == _OURS:
        policy.unlink()
    there = policy.exists() or policy.is_symlink()
    if there:
        policy.replace(aside)
    try:
        policy.write_text(_OURS)
        policy.chmod(0o755)
        yield
    finally:
        if there:
            aside.replace(policy)
        else:
            policy.unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One installation at a time on this machine."""
    _LOCK.parent.mkdir(parents=True, exist_ok=True)
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _apt(arguments: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603
        [*_APT, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    return done.returncode == 0


def _known(names: Sequence[str]) -> bool:
    """Whether apt has heard of all these packages; on a new machine its lists are empty."""
    told = subprocess.run(["apt-cache", "show", "--no-all-versions", *names], capture_output=True, check=False)  # noqa: S603, S607
    return told.returncode == 0


def _fetch(names: Sequence[str]) -> bool:
    """Installs these packages; renews apt's lists first where it has none, and after a failure.

    Lists older than the archive name files that are gone. What a renewal says of itself does not count: a source
    that has nothing to do with us may be the one that fails.
    """
    for pause in (None, 0, 5, 15):
        if pause is not None:
            time.sleep(pause)
            _apt(["update"])
        elif not _known(names):
            continue
        if _apt(["install", "-y", "--no-install-recommends", *names]):
            return True
    return False


def install(*, browser: bool = False) -> list[str]:
    """Installs the parts that are missing, as root on Debian; returns what is missing still.

    Starts nothing, neither now nor at the next boot, and leaves alone what was installed already.
    """
    if not missing(browser=browser) or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return missing(browser=browser)
    with _alone(), no_service_starts(_POLICY):
        wanted = missing(browser=browser)
        if wanted and not _fetch(packages(wanted)):
            for name in wanted:  # one that cannot be had does not keep the others away
                _apt(["install", "-y", "--no-install-recommends", *packages([name])])
        left = missing(browser=browser)
        _keep_from_booting([name for name in wanted if name not in left])
    return left


def _keep_from_booting(names: Iterable[str]) -> None:
    """What we installed is not for the system to start at its next boot."""
    units = [unit for name in names for unit in _PARTS[name].units]
    if units and shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", "--quiet", *units], capture_output=True, check=False)  # noqa: S603, S607
