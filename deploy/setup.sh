#!/bin/sh
# Everything Python into .venv, from uv.lock. Needs Python 3.11 or newer and a way to PyPI; no root, no uv.
# Run by `make setup`; says nothing and takes no time when nothing has changed. What .venv has beyond uv.lock stays.
set -eu
cd "$(dirname "$0")/.."

uv_version=0.13.9
stamp=.venv/.yousu-setup

# Hard faults are told once, in one place, by name.
fail() {
    echo "setup: $1" >&2
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
right_uv() { [ "$("$1" --version 2>/dev/null | cut -d. -f1,2)" = "uv ${uv_version%.*}" ]; }

wanted="$(cat pyproject.toml uv.lock deploy/setup.sh | cksum)
$PWD"
if [ -x .venv/bin/yousu ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && new_enough .venv/bin/python; then
    exit 0
fi

if [ -f "$stamp" ] && [ "$(sed -n 2p "$stamp")" != "$PWD" ]; then
    rm -rf .venv # moved or copied here: its scripts point to where it was
fi

python=
for candidate in .venv/bin/python python3.13 python3.12 python3.11 python3; do
    if new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "no Python 3.11 or newer here: install python3 (Debian: apt-get install python3), then again"

# Four ways to uv, the tidiest first. Each is quiet about its failure: the next one may do.
by_venv() {
    "$python" -m venv --clear .tools/uv >/dev/null 2>&1 &&
        .tools/uv/bin/python -m pip install --quiet "uv==$uv_version" && uv=.tools/uv/bin/uv
}
by_pip() {
    rm -rf .tools/uv
    "$python" -m pip install --quiet --target .tools/uv "uv==$uv_version" 2>/dev/null && uv=.tools/uv/bin/uv
}
by_debians_pip() { # Debian strips pip from Python; its package holds it, and may be unpacked without being root
    rm -rf .tools/uv .tools/debian
    mkdir -p .tools/debian/lists/partial
    (
        cd .tools/debian
        apt-get download -qq python3-pip-whl || {
            apt-get update -qq -o "Dir::State::lists=$PWD/lists" -o "Dir::Cache=$PWD" &&
                apt-get download -qq -o "Dir::State::lists=$PWD/lists" -o "Dir::Cache=$PWD" python3-pip-whl
        }
        dpkg-deb -x python3-pip-whl_*.deb .
    ) >/dev/null 2>&1 || return 1
    wheel=$(echo .tools/debian/usr/share/python-wheels/pip-*.whl)
    PYTHONPATH=$wheel "$python" -m pip install --quiet --target .tools/uv "uv==$uv_version" && uv=.tools/uv/bin/uv
}

uv=
for candidate in .tools/uv/bin/uv uv; do
    if right_uv "$candidate"; then
        uv=$candidate
        break
    fi
done
if [ -z "$uv" ]; then
    echo "setup: fetching uv $uv_version into .tools/" >&2
    by_venv || by_pip || by_debians_pip || fail "could not fetch uv $uv_version with $python. Either Python here \
has neither venv nor pip (Debian, as root: apt-get install python3-venv), or PyPI cannot be reached; \
or put uv ${uv_version%.*} on the PATH yourself. Then again."
fi

set -- sync --quiet --frozen --inexact
if ! new_enough .venv/bin/python; then
    set -- "$@" --python "$(command -v "$python")"
fi
export UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}"
# VIRTUAL_ENV would make uv speak of another environment than ours
env -u VIRTUAL_ENV -u UV_PROJECT_ENVIRONMENT "$uv" "$@" ||
    fail "uv could not fill .venv (its words stand above)"
[ -x .venv/bin/yousu ] || fail ".venv is filled but has no yousu command"
echo "$wanted" >"$stamp"
