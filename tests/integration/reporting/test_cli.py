"""`mailroom report daily`, as a program of its own, with the repository's example configuration."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from mailroom.adapters.directory import DirectoryStore

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environ(login_url: str, organization: UUID, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "MAILROOM_DATABASE_URL": login_url,
        "MAILROOM_S3_URL": f"file://{tmp_path / 'objects'}",
        "MAILROOM_CONFIG_DIR": str(ROOT / "config"),
        "MAILROOM_SECRET_AUDIT_KEY": "for-tests-only",
        "MAILROOM_SECRET_TOKEN_KEY": "for-tests-only",
    }


def mailroom(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mailroom.cli.main", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_it_says_where_the_files_are_and_copies_them(environ: dict[str, str], organization: UUID, tmp_path: Path):
    out = tmp_path / "out"

    done = mailroom(environ, "report", "daily", "--date", "2026-03-03", "--organization", "acme", "--out", str(out))

    assert done.returncode == 0, done.stderr
    key = f"org/{organization}/reports/daily/2026-03-03/report.html"
    assert key in done.stdout
    assert DirectoryStore(tmp_path / "objects").exists(key)
    assert {"report.html", "report.xlsx", "exceptions.csv"} <= {path.name for path in (out / "acme").iterdir()}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--date", "3.3.2026"), "'3.3.2026' is no date"),
        (("--organization", "nobody"), "'nobody'"),
    ],
)
def test_a_wrong_word_is_one_clear_sentence(environ: dict[str, str], words: tuple[str, ...], sentence: str):
    done = mailroom(environ, "report", "daily", *words)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
