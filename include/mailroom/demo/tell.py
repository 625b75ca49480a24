"""Tell the whole story on a stage, check how it ended, and keep what there is to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from mailroom.database.events import events_of_transaction
from mailroom.demo import cast, screenshots
from mailroom.demo.acts import MailsAct, open_mailboxes, report_the_day
from mailroom.demo.airflow_api import AirflowApi, DagRun
from mailroom.demo.bills import LedgerBill, as_text, ledger_bills
from mailroom.demo.keepsakes import Keepsakes
from mailroom.demo.post_office import PostOffice
from mailroom.demo.scene import Scene
from mailroom.demo.show import Show
from mailroom.demo.stage import Stage, next_run
from mailroom.demo.standing import Standing
from mailroom.demo.story import Telling
from mailroom.demo.verdict import audit_verdicts, ledger_faults, run_faults, runs_as_text
from mailroom.local.listening import LOOPBACK

PATIENCE = 240.0
"""Seconds each act may take; on two cores the longest takes under one minute."""


@dataclass(frozen=True, slots=True)
class Told:
    """How the story ended: `faults` is empty when all is as expected."""

    run: int
    standings: tuple[Standing, ...]
    bills: tuple[LedgerBill, ...]
    runs: tuple[DagRun, ...]
    audit: tuple[str, ...]
    faults: tuple[str, ...]


def tell(stage: Stage, show: Show, out: Path, *, patience: float = PATIENCE) -> Told:
    """Play the story; raises `NotReachedError` when it does not come to its end in time."""
    keep = Keepsakes(out)
    keep.clear()
    settings = stage.stack.settings
    telling = Telling(next_run(stage.folder), datetime.now(UTC))
    post = PostOffice(LOOPBACK, settings.port_imap, settings.port_smtp, stage.stack.mail.password)
    airflow = AirflowApi(*stage.airflow_login)
    scene = Scene(stage.found, post, airflow, telling, show, keep, stage.began, patience)
    try:
        open_mailboxes(scene)
        act = MailsAct(scene)
        standings = act.play()
        days = report_the_day(scene)
        return _ended(scene, stage.environ, standings, days)
    finally:
        _keep_runs(scene)
        airflow.close()
        post.close()


def _keep_runs(scene: Scene) -> list[DagRun]:
    runs = scene.airflow.runs_since(scene.began)
    scene.keep.text("dag-runs.txt", runs_as_text(runs))
    return runs


def _ended(scene: Scene, environ: Mapping[str, str], standings: Sequence[Standing], days: Mapping[str, date]) -> Told:
    scene.show.act("What there is to look at is saved")
    bills = ledger_bills(environ["MAILROOM_LEDGER_URL"], environ["MAILROOM_SECRET_LEDGER_PASSWORD"])
    scene.keep.text("ledger.txt", as_text(bills))
    runs = _keep_runs(scene)
    audit, broken = audit_verdicts(scene)
    _keep_reports(scene, days)
    _keep_mails(scene, standings)
    _keep_events(scene, standings)
    mails = [each.mail for each in standings]
    faults = [*ledger_faults(bills, mails), *run_faults(scene, runs), *broken]
    return Told(scene.telling.run, tuple(standings), tuple(bills), tuple(runs), tuple(audit), tuple(faults))


def _keep_reports(scene: Scene, days: Mapping[str, date]) -> None:
    for slug, day in days.items():
        prefix = f"org/{scene.found.organization(slug)}/reports/daily/{day}/"
        for key in scene.found.store.list(prefix):
            scene.keep.file(f"report/{slug}/{key.removeprefix(prefix)}", scene.found.store.get(key))


def _keep_mails(scene: Scene, standings: Sequence[Standing]) -> None:
    """Save what Mailroom wrote to anybody; its own mailboxes hold what was written to it."""
    addresses = [each.email for each in (*cast.PEOPLE, *cast.SUPPLIERS)]
    addresses += [each.mail.answered for each in standings if each.mail.answered]
    customers = (scene.found.setup(key).customer for key in scene.found.setups.organizations().values())
    addresses += [reader for customer in customers for reader in customer.report.recipients]
    found = [mail for address in dict.fromkeys(addresses) for mail in scene.post.inbox(address)]
    scene.keep.received(found)


def _keep_events(scene: Scene, standings: Sequence[Standing]) -> None:
    """Save the event log of the invoice that was approved by mail."""
    for each in standings:
        if each.mail.key != "approve":
            continue
        with scene.found.database.organization(scene.found.organization(each.mail.organization)) as connection:
            for paper in each.papers:
                assert paper.row.transaction_id is not None
                events = events_of_transaction(connection, paper.row.transaction_id)
                lines = "\n".join(_event_line(event) for event in events)
                scene.keep.text(f"events-{paper.row.reference}.txt", lines)


def _event_line(event: Mapping[str, Any]) -> str:
    """Return one event of the log in a line: its place in the chain, when, what, who, and its facts."""
    facts = ", ".join(f"{name}: {value}" for name, value in (event.get("facts") or {}).items() if value)
    return f"{event['seq']:5}  {event['at'][:23]}  {event['kind']:20}  {event['actor']:24}  {facts}"


def take_pictures(out: Path) -> list[Path]:
    """Take PNGs of the pages and the reports; needs no running stack."""
    pages = [(path, 760, 1250) for path in sorted((out / "pages").glob("*.html"))]
    reports = [(path, 1100, 2400) for path in sorted((out / "report").glob("*/report.html"))]
    requests = sorted((out / "mails" / "from-mailroom").glob("*approval-needed*.html"))
    return screenshots.take([*pages, *reports, *((path, 760, 1250) for path in requests[:1])])
