"""A step from a package of its own: it goes on at once, fails or waits, as files in a folder tell it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from mailroom.domain.errors import ConfigurationError
from mailroom.domain.outcome import Advance
from mailroom.engine.step import Step

FOLDER = "STUMBLING_FOLDER"


def stumble(services: Any) -> Step:
    return Step("stumble", _load, lambda fact, context: Advance())


def _load(connection: Any, transactions: Sequence[Any], context: Any) -> Mapping[UUID, Any]:
    folder = Path(os.environ[FOLDER])
    if (folder / "fail").exists():
        raise ConfigurationError("told to fail")
    if (folder / "wait").exists():
        (folder / "process").write_text(str(os.getpid()))
        while (folder / "wait").exists():
            time.sleep(0.05)
    return {each.id: each.id for each in transactions}
