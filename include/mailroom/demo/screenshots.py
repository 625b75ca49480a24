"""Pictures of saved pages, where a Chromium is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 30.0


def browser() -> str | None:
    """Return an installed Chromium's path, or None."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def take(pages: Iterable[tuple[Path, int, int]]) -> list[Path]:
    """Take a PNG beside each (page, width, height in pixels) and return those that were made."""
    program = browser()
    if program is None:
        return []
    made: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="mailroom-") as profile:
        for page, width, height in pages:
            picture = page.with_suffix(".png")
            flags = ["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage"]
            if os.geteuid() == 0:
                flags.append("--no-sandbox")  # Chromium refuses to run as root with it; the pages are our own
            command = [
                program, *flags, f"--user-data-dir={profile}", f"--window-size={width},{height}",
                f"--screenshot={picture}", page.absolute().as_uri(),
            ]  # fmt: skip
            try:
                subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
            except (OSError, subprocess.TimeoutExpired):
                return made
            if picture.exists():
                made.append(picture)
    return made
