"""Nightly upkeep: verify and anchor the audit chains, sweep orphan files, name work that has stalled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import structlog

from mailroom.bootstrap.services import Services
from mailroom.database.events import ChainVerdict, append_events, verify_chain
from mailroom.database.housekeeping import known_hashes, known_transactions, stalled
from mailroom.database.kept_answers import forget_answers
from mailroom.database.transactions import database_now
from mailroom.domain.errors import MailroomError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.ports import ObjectStore

log = structlog.get_logger()

SWEEP_AFTER = timedelta(hours=24)
"""How long a file without a row is kept: its row may be about to be written (reliability I6)."""
STALLED_HOURS = 1.0
ANSWER_HOURS = 72.0
"""How long a request that is sent again with its Idempotency-Key gets the same answer."""


class BrokenChainError(MailroomError):
    """An event log does not verify."""

    code = "audit_broken"


def anchors(store: ObjectStore, organization_id: UUID) -> dict[int, str]:
    """Return the heads that were kept outside the database, hash by sequence number."""
    found = {}
    for key in store.list(f"org/{organization_id}/audit/"):
        body = json.loads(store.get(key))
        found[int(body["seq"])] = str(body["hash"])
    return found


def verify(found: Services, organization_id: UUID) -> ChainVerdict:
    """Walk one organization's chain, against its anchors."""
    known = anchors(found.store, organization_id)
    with found.database.organization(organization_id) as connection:
        return verify_chain(connection, organization_id, found.audit_key, known)


def anchor(found: Services, organization_id: UUID, verdict: ChainVerdict, at: datetime) -> None:
    """Keep the chain's head in the object store, where the database's owner cannot rewrite it unseen."""
    if verdict.head_seq:
        body = {"seq": verdict.head_seq, "hash": verdict.head_hash, "at": at}
        key = f"org/{organization_id}/audit/{verdict.head_seq:012d}.json"
        found.store.put_if_absent(key, json.dumps(body, default=str).encode(), content_type="application/json")


def keep_house(found: Services) -> dict[str, Any]:
    """Do the nightly upkeep of every organization.

    Raises `BrokenChainError` after all are done when a chain does not verify.
    """
    done: dict[str, Any] = {"events": 0, "swept": 0, "stalled": 0}
    broken = []
    for slug, organization_id in found.setups.organizations().items():
        verdict = verify(found, organization_id)
        done["events"] += verdict.events
        with found.database.organization(organization_id) as connection:
            now = database_now(connection)
            late = stalled(connection, STALLED_HOURS)
            forget_answers(connection, ANSWER_HOURS)
        for row in late:
            log.warning("transaction stalled", organization=slug, transaction=str(row["id"]), step=row["step"])
        done["stalled"] += len(late)
        if verdict.fault is None:
            anchor(found, organization_id, verdict, now)
        else:
            broken.append(f"{slug}: {verdict.fault.what}")
        swept = _Sweep(found, organization_id, now).run()
        done["swept"] += swept
        with found.database.organization(organization_id) as connection:
            facts = {"swept": swept, "verified": verdict.events, "fault": verdict.fault and verdict.fault.seq}
            append_events(
                connection, organization_id, found.audit_key, [Event("housekept", now, "upkeep", facts=facts)]
            )
    if broken:
        raise BrokenChainError(f"an event log does not verify: {'; '.join(broken)}")
    return done


@dataclass(frozen=True, slots=True)
class _Sweep:
    """Removes files that had no row at one sweep and still have none a day later."""

    found: Services
    organization_id: UUID
    now: datetime

    def run(self) -> int:
        prefix = f"org/{self.organization_id}"
        orphans = [
            *self._without_row(f"{prefix}/objects/", 3, known_hashes),
            *self._without_row(f"{prefix}/tx/", 3, known_transactions),
        ]
        notebook = f"{prefix}/upkeep/orphans.json"
        seen = self._noted(notebook)
        gone = 0
        for key in orphans:
            if self.now - datetime.fromisoformat(seen.get(key, self.now.isoformat())) >= SWEEP_AFTER:
                self.found.store.delete(key)
                gone += 1
        noted = {key: seen.get(key, self.now.isoformat()) for key in orphans}
        if noted or seen:
            self.found.store.put(notebook, json.dumps(noted).encode(), content_type="application/json")
        return gone

    def _noted(self, notebook: str) -> dict[str, str]:
        try:
            return dict(json.loads(self.found.store.get(notebook)))
        except UnknownIdError:
            return {}

    def _without_row(self, prefix: str, part: int, known: Callable[..., set[str]]) -> list[str]:
        """Return keys whose `part`-th segment names nothing the database knows."""
        missing = []
        for keys in _chunks(self.found.store.list(prefix)):
            names = {key.split("/")[part] for key in keys}
            with self.found.database.organization(self.organization_id) as connection:
                there = known(connection, sorted(names))
            missing += [key for key in keys if key.split("/")[part] not in there]
        return missing


def _chunks(keys: Iterable[str], size: int = 1000) -> Iterable[list[str]]:
    iterator = iter(keys)
    while chunk := list(islice(iterator, size)):
        yield chunk
