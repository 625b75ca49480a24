"""A calendar that is none is named before it is needed."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from mailroom.bootstrap.check import check_configuration

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("calendar", "named"),
    [("country: XX", "XX"), ("country: DE, subdivision: ZZ", "DE-ZZ"), ("closed: ['31-12']", "31-12")],
)
def test_the_file_and_the_line_are_named(tmp_path: Path, calendar: str, named: str):
    copytree(ROOT / "config", tmp_path / "config")
    path = tmp_path / "config" / "customers" / "globex.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "calendar:\n  country: GB\n  subdivision: ENG\n", f"calendar: {{{calendar}}}\n"
    )
    path.write_text(text, encoding="utf-8")

    _, faults = check_configuration({"MAILROOM_CONFIG_DIR": str(tmp_path / "config")})

    (fault,) = [each for each in faults if each.file == str(path)]
    assert named in fault.what
    assert text.splitlines()[fault.line - 1].startswith("calendar:")
