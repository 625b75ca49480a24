"""Score how mail is read on a folder of sample mails with their truth: python tests/mail_accuracy.py DIR.

Attachments are compared with what two independent parsers agree on, automatic mail and trimmed replies with the
truth that comes with the samples. The folder is not part of the project; without it nothing is measured.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailroom.approvals.reply_text import new_text
from mailroom.domain.rfc822 import read_mail
from mailroom.domain.rfc822.automatic import AutomaticKind, automatic


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many were right, and the names of the others."""

    right: int
    of: int
    wrong: tuple[str, ...]

    @property
    def value(self) -> float:
        return self.right / self.of


def measure(samples: Path) -> dict[str, Share]:
    """Return the share that is right of attachments, automatic mail and replies."""
    lines = (samples / "emails" / "dev" / "expectations.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {
        "attachments": _share(
            samples, [one for one in records if one["kind"] == "mime" and one["expect"]["agree_bytes"]], _has_all_files
        ),
        "automatic mail": _share(samples, [one for one in records if one["kind"] == "dsn"], _is_told_apart),
        "people's mail": _share(samples, [one for one in records if one["kind"] == "reply"], _is_a_persons),
        "new text of replies": _share(samples, [one for one in records if one["kind"] == "reply"], _is_trimmed),
    }


def _share(samples: Path, records: list[dict], is_right) -> Share:
    wrong = tuple(
        one["file"] for one in records if not is_right(one["expect"], (samples / one["file"]).read_bytes(), one)
    )
    return Share(len(records) - len(wrong), len(records), wrong)


def _has_all_files(expected: dict, raw: bytes, record: dict) -> bool:
    found = {part.sha256 for part in read_mail(raw).parts}
    return all(part["sha256"] in found for part in expected["attachments_stdlib"])


def _is_told_apart(expected: dict, raw: bytes, record: dict) -> bool:
    found = automatic(read_mail(raw))
    wanted = AutomaticKind.AUTO_REPLY if expected["klass"] == "auto_reply" else AutomaticKind.BOUNCE
    return found is not None and found.kind is wanted


def _is_a_persons(expected: dict, raw: bytes, record: dict) -> bool:
    return automatic(read_mail(raw)) is None


def _is_trimmed(expected: dict, raw: bytes, record: dict) -> bool:
    source = read_mail(raw) if record["file"].endswith(".eml") else raw.decode("utf-8")
    return new_text(source).split() == expected["visible_reply"].split()


@pytest.mark.skipif(not os.environ.get("MAILROOM_SAMPLES"), reason="MAILROOM_SAMPLES names no folder of samples")
def test_sample_mails_are_read_well():
    found = measure(Path(os.environ["MAILROOM_SAMPLES"]))

    assert {name: share.wrong for name, share in found.items() if share.value < 0.95} == {}


if __name__ == "__main__":
    for name, share in measure(Path(sys.argv[1])).items():
        print(f"{name:20} {share.right}/{share.of}", *share.wrong[:5])
