"""Build, once, what the tests' Tryton is started from: an environment of its own, and a filled database.

    python -m tests.servers.tryton.template

Tryton is GPL: it lives in .venv-tryton, is started as a process and spoken to over HTTP, and nothing imports it.
The database takes a minute to make (Tryton writes its modules, views and translations into it), so it is kept
under .cache/tryton by the hash of what it is made from, and copied for each run of the tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
ENVIRONMENT = ROOT / ".venv-tryton"
CACHE = ROOT / ".cache" / "tryton"
DATABASE = "acme"
PASSWORD = "for-tests-only-8"
MODULES = ("account_invoice", "bank", "purchase", "stock")
LANGUAGE = "de"

_REQUIREMENTS = ROOT / "requirements-tryton.txt"
_COMPANY = Path(__file__).with_name("company.py")
_CONFIGURATION = """
[database]
uri = sqlite://
path = {folder}
[attachment]
filestore = False
[web]
listen = 127.0.0.1:{port}
"""


def template() -> Path:
    """Return where the filled database is, or would be."""
    made_from = hashlib.sha256(_REQUIREMENTS.read_bytes() + _COMPANY.read_bytes() + Path(__file__).read_bytes())
    return CACHE / f"{made_from.hexdigest()[:16]}.sqlite"


def why_not() -> str | None:
    """Return why Tryton can't be used on this machine; None when it can."""
    return None if template().exists() and _stamp().exists() else "Tryton is not built (run make tryton)."


def write_configuration(folder: Path, port: int = 0) -> Path:
    """Write trytond.conf for a database in a folder, and return where it is."""
    path = folder / "trytond.conf"
    path.write_text(_CONFIGURATION.format(folder=folder, port=port))
    return path


def build() -> None:
    """Build what is missing; another process that builds already is waited for."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _stamp().exists():
            _build_environment()
        if not template().exists():
            _build_database()


def _build_environment() -> None:
    _say("installing Tryton into .venv-tryton")
    _run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))
    python = str(ENVIRONMENT / "bin" / "python")
    pinned = ("--require-hashes", "-r", str(_REQUIREMENTS))
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv:
        _run(uv, "pip", "install", "-q", "--python", python, "--compile-bytecode", *pinned)
    else:
        _run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *pinned)
    _stamp().touch()


def _build_database() -> None:
    started = time.monotonic()
    _say("filling its database, once (half a minute to two minutes)")
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        folder = Path(name)
        configuration = str(write_configuration(folder))
        made = folder / f"{DATABASE}.sqlite"
        made.touch()
        secret = folder / "admin"
        secret.write_text(f"{PASSWORD}\n")
        _run(
            *(str(ENVIRONMENT / "bin" / "trytond-admin"), "-c", configuration, "-d", DATABASE),
            *("--email", "admin@example.com", "-l", LANGUAGE, "--activate-dependencies", "-u", *MODULES),
            TRYTONPASSFILE=str(secret),
        )
        _run(str(ENVIRONMENT / "bin" / "python"), str(_COMPANY), configuration, DATABASE, PASSWORD)
        for old in CACHE.glob("*.sqlite"):
            old.unlink()
        made.rename(template())
    _say(f"done in {time.monotonic() - started:.0f} s")


def _stamp() -> Path:
    return ENVIRONMENT / f".ready-{hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()[:16]}"


def _run(*command: str, **environ: str) -> None:
    subprocess.run(command, env={**os.environ, **environ}, check=True, capture_output=True, text=True)


def _say(words: str) -> None:
    print(f"tryton: {words}", flush=True)


if __name__ == "__main__":
    try:
        build()
    except (OSError, subprocess.CalledProcessError) as err:
        said = (getattr(err, "stderr", None) or str(err)).strip().splitlines()
        _say(f"it can't be built here, so its tests are skipped: {said[-1] if said else err}")
