"""The story in three acts: mailboxes are opened, mails go their ways, the report is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from mailroom.database.standing import mailboxes_read_since, mails_recorded_since
from mailroom.database.transactions import database_now
from mailroom.demo.cues import cues, send
from mailroom.demo.post_office import Received
from mailroom.demo.scene import NotReachedError, Scene
from mailroom.demo.standing import Standing, standings_of
from mailroom.demo.story import StoryMail, first_mails
from mailroom.reporting.publish import TEMPLATE

DAGS = frozenset(
    {"intake_mailboxes", "process_invoices", "deliver_outbox", "follow_up", "report_daily", "housekeeping"}
)


def open_mailboxes(scene: Scene) -> None:
    """Wait until Airflow knows the DAGs and each mailbox was read once: from then on its mail is work."""
    scene.show.act("Airflow reads the DAGs and looks into each mailbox for the first time")
    scene.wait_for(lambda: _missing_dags(scene))
    mailboxes = [(mailbox.name, owner) for mailbox, owner in scene.found.mailboxes()]

    def unread() -> str | None:
        for name, owner in mailboxes:
            with scene.found.database.organization(owner) as connection:
                if name not in mailboxes_read_since(connection, scene.began):
                    return f"intake_mailboxes to read {name}"
        return None

    scene.wait_for(unread)


def _missing_dags(scene: Scene) -> str | None:
    broken = scene.airflow.import_errors()
    if broken:
        raise NotReachedError(f"Airflow cannot read {'; '.join(broken)}.")
    missing = DAGS - scene.airflow.dags()
    return f"Airflow to read {', '.join(sorted(missing))}" if missing else None


@dataclass
class MailsAct:
    """Send the mails, do what people do, and wait until each mail is where it must end."""

    scene: Scene
    told: list[StoryMail] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    _answers: dict[str, Received] = field(default_factory=dict)

    def play(self) -> list[Standing]:
        """Return where each mail ended, in the order in which they were sent."""
        self.scene.show.act("Mails arrive; the DAGs take each one to its end, people answer")
        self.told = first_mails(self.scene.telling)
        send(self.scene, self.told)
        open_cues = cues(self.scene, self._reached)

        def missing() -> str | None:
            nonlocal open_cues
            self._look()
            waiting = []
            for cue in open_cues:
                sent = cue.act()
                if sent is None:
                    waiting.append(cue)
                else:
                    self.told += sent
            open_cues = waiting
            return self._missing([cue.waits_for for cue in waiting])

        try:
            self.scene.wait_for(missing)
        except NotReachedError as err:
            raise NotReachedError(f"{err.message} {self._left()}".strip()) from err
        return self.standings

    def _look(self) -> None:
        self.standings = standings_of(self.scene.found, self.told)
        self.scene.show.mails(self.standings)

    def _reached(self, key: str) -> bool:
        return any(each.mail.key == key and each.reached for each in self.standings)

    def _missing(self, waits_for: Sequence[str]) -> str | None:
        if waits_for:
            return ", ".join(waits_for)
        behind = [each for each in self.standings if not each.reached]
        if behind or len(self.standings) < len(self.told):
            return ", ".join(f"{each.mail.title} ({each.words()})" for each in behind) or "the last mails to be sent"
        unanswered = [mail.sender for mail in self.told if mail.answered and not self._is_answered(mail)]
        return f"deliver_outbox to answer {', '.join(unanswered)}" if unanswered else None

    def _is_answered(self, mail: StoryMail) -> bool:
        if mail.key not in self._answers:
            for received in self.scene.post.inbox(mail.answered or ""):
                replies_to = str(received.mail["In-Reply-To"] or "").strip()
                if replies_to == mail.message_id and mail.answer in received.text:
                    self._answers[mail.key] = received
        return mail.key in self._answers

    def _left(self) -> str:
        behind = (
            f"{each.mail.title} ({each.mail.message_id}) stands at: {each.words()}."
            for each in self.standings
            if not each.reached
        )
        return " ".join(behind)


def report_the_day(scene: Scene) -> dict[str, date]:
    """Have Airflow make and mail today's report of every customer; returns the day by customer."""
    scene.show.act("Airflow makes the daily report and mails it")
    with scene.found.database.dispatch() as connection:
        before = database_now(connection)
    slugs = list(scene.found.setups.organizations())
    days = {
        slug: before.astimezone(scene.found.setup(scene.found.organization(slug)).customer.zone).date()
        for slug in slugs
    }
    alike = len(set(days.values())) == 1
    wanted = [("", days[slugs[0]])] if alike else list(days.items())
    for slug, day in wanted:
        params = {"day": day.isoformat(), "organization": slug, "mail": True}
        run = scene.airflow.trigger("report_daily", params)
        scene.wait_for(lambda run=run: _unfinished(scene, run))  # type: ignore[misc]
    for slug in slugs:
        with scene.found.database.organization(scene.found.organization(slug)) as connection:
            readers = mails_recorded_since(connection, TEMPLATE, before)
        # A reader gets one mail a day: an earlier run of the story may have sent it.
        for reader in readers:
            scene.wait_for(lambda slug=slug, reader=reader: _unmailed(scene, slug, reader))  # type: ignore[misc]
            scene.show.note(f"the report of {slug} was mailed to {reader}")
    return days


def _unfinished(scene: Scene, run: str) -> str | None:
    state = scene.airflow.state("report_daily", run)
    if state == "failed":
        raise NotReachedError(f"The DAG report_daily failed (run {run}).")
    return None if state == "success" else f"report_daily ({state})"


def _unmailed(scene: Scene, slug: str, reader: str) -> str | None:
    files = (name for mail in scene.post.inbox(reader) for name in mail.filenames())
    arrived = any(name.startswith(f"daily-report-{slug}") for name in files)
    return None if arrived else f"deliver_outbox to mail the report to {reader}"
