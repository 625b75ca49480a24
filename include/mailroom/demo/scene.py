"""What the story is played with, and how it waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mailroom.bootstrap import Services
from mailroom.demo.airflow_api import AirflowApi
from mailroom.demo.keepsakes import Keepsakes
from mailroom.demo.post_office import PostOffice
from mailroom.demo.show import Show
from mailroom.demo.story import Telling
from mailroom.domain.errors import MailroomError

LOOK_EVERY = 0.5


class NotReachedError(MailroomError):
    """Something that must happen in the story did not happen in time."""

    code = "not_reached"


@dataclass(frozen=True, slots=True)
class Scene:
    """A running stack with its cast on file, the story's own mail programs, and whoever watches.

    `patience` is how many seconds each act may take.
    """

    found: Services
    post: PostOffice
    airflow: AirflowApi
    telling: Telling
    show: Show
    keep: Keepsakes
    began: datetime
    patience: float

    def wait_for(self, missing: Callable[[], str | None]) -> None:
        """Ask again and again what is missing, until nothing is; raises `NotReachedError` with the last answer."""
        deadline = time.monotonic() + self.patience
        while (words := missing()) is not None:
            if time.monotonic() > deadline:
                raise NotReachedError(f"Not reached within {self.patience:.0f} s: {words}.")
            self.show.waiting(words)
            time.sleep(LOOK_EVERY)
