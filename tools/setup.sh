#!/bin/sh
# Build .venv from the pinned requirements. Usage: tools/setup.sh requirements.txt STAMP
set -eu
requirements=$1
stamp=$2
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Mailroom needs Python 3.11 or newer; '$python' is not. Set PYTHON=/path/to/python3." >&2
    exit 1
}

make_venv() { "$python" -m venv .venv >/dev/null 2>&1 && .venv/bin/python -m pip --version >/dev/null 2>&1; }
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "setup: making .venv"
    rm -rf .venv
    if ! make_venv; then
        # Debian keeps venv's parts in a package of their own.
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "setup: installing python3-venv"
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
            rm -rf .venv
        fi
        make_venv || {
            echo "setup: '$python -m venv' does not work here. On Debian: apt-get install python3-venv" >&2
            exit 1
        }
    fi
fi

started=$(date +%s)
echo "setup: installing $(grep -c '==' "$requirements") packages from $requirements"
.venv/bin/python -m pip install -q --disable-pip-version-check "uv==0.13.9"
.venv/bin/uv pip install -q --python .venv/bin/python --require-hashes --compile-bytecode -r "$requirements"
.venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e . -e ./erp_connectors
.venv/bin/python -m compileall -q include erp_connectors dags plugins || true
touch "$stamp"
echo "setup: done in $(($(date +%s) - started)) s"
