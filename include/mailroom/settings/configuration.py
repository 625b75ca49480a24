"""The whole configuration folder: shared pieces, and one bundle for each customer whose files are sound."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mailroom.settings.base import Policy
from mailroom.settings.connectors import ConnectorEntry
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.faults import Fault, did_you_mean
from mailroom.settings.loading import load_file
from mailroom.settings.mailboxes import OPERATOR, Mailbox
from mailroom.settings.processes import ProcessPolicy, changed
from mailroom.settings.retry import RetryPolicy
from mailroom.settings.screening import ScreeningPolicy
from mailroom.settings.sla import SlaPolicy

FOLDERS: dict[str, type[Policy]] = {
    "processes": ProcessPolicy,
    "retry": RetryPolicy,
    "sla": SlaPolicy,
    "screening": ScreeningPolicy,
    "connectors": ConnectorEntry,
    "mailboxes": Mailbox,
    "customers": CustomerPolicy,
}
"""Folders under config/ and what a file in each holds."""

OPERATOR_SLUG = "operator"
"""The organization that shared mailboxes belong to until a rule says whose a mail is."""


class CustomerBundle(Policy):
    """Everything that decides one customer's work, whole: what is hashed, and kept as the last good one."""

    customer: CustomerPolicy
    processes: dict[str, ProcessPolicy]
    retries: dict[str, RetryPolicy]
    sla: SlaPolicy
    screening: ScreeningPolicy
    mailboxes: tuple[Mailbox, ...] = ()
    connector: ConnectorEntry | None = None

    @property
    def hash(self) -> str:
        """Return SHA-256 over the bundle as canonical JSON, 16 hex digits."""
        body = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was found under the configuration folder.

    `bundles` holds the sound customers by slug; `faulty` names the others. A faulty file stops only
    the customers that use it.
    """

    bundles: dict[str, CustomerBundle]
    faulty: frozenset[str]
    faults: tuple[Fault, ...]
    processes: dict[str, ProcessPolicy] = field(default_factory=dict)


def load_configuration(folder: Path, environment: Mapping[str, str]) -> Configuration:
    """Read every file under `folder` and bind each customer's pieces together."""
    faults: list[Fault] = []
    if not folder.is_dir():
        faults.append(Fault(str(folder), 1, "the configuration folder does not exist (MAILROOM_CONFIG_DIR)."))
    shelves = {name: _Shelf.read(folder / name, model, environment) for name, model in FOLDERS.items()}
    for shelf in shelves.values():
        faults += shelf.faults
    customers = shelves["customers"]
    bundles: dict[str, CustomerBundle] = {}
    for slug, (customer, path) in customers.pieces.items():
        bundle, found = _Binder(shelves, customer, path).bind()
        faults += found
        if bundle is not None:
            bundles[slug] = bundle
    faults += _ownerless(shelves["mailboxes"], customers)
    faulty = frozenset(customers.names()) - frozenset(bundles)
    processes = {name: process for name, (process, _) in shelves["processes"].pieces.items()}
    return Configuration(bundles, faulty, tuple(sorted(faults)), processes)


@dataclass(slots=True)
class _Shelf:
    """The files of one folder: the good ones by name, the names of the broken ones, and all faults."""

    pieces: dict[str, tuple[Any, Path]] = field(default_factory=dict)
    broken: dict[str, Path] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path, model: type[BaseModel], environment: Mapping[str, str]) -> _Shelf:
        shelf = cls()
        for path in sorted(folder.glob("*.y*ml")):
            piece, faults = load_file(path, model, environment)
            shelf.faults += faults
            if piece is None:
                shelf.broken[path.stem] = path
                continue
            name = getattr(piece, "name", path.stem)
            name = getattr(piece, "organization", name) if isinstance(piece, CustomerPolicy) else name
            if name != path.stem:
                what = f"the file is called {path.name} and describes {name!r}; the two must agree."
                shelf.faults.append(Fault(str(path), 1, what))
                shelf.broken[path.stem] = path
                continue
            shelf.pieces[name] = (piece, path)
        return shelf

    def names(self) -> set[str]:
        return {*self.pieces, *self.broken}


@dataclass(slots=True)
class _Binder:
    """Binds one customer's file to the pieces it names."""

    shelves: dict[str, _Shelf]
    customer: CustomerPolicy
    path: Path
    faults: list[Fault] = field(default_factory=list)

    def bind(self) -> tuple[CustomerBundle | None, list[Fault]]:
        customer = self.customer
        processes = {name: self._process(name) for name in customer.processes}
        steps = [step for process in processes.values() if process for step in process.steps]
        retries = {step.retry: self._piece("retry", step.retry) for step in steps}
        sla = self._piece("sla", customer.sla)
        screening = self._piece("screening", customer.screening)
        connector = self._piece("connectors", customer.posting.connector) if customer.posting else None
        mailboxes = self._mailboxes()
        if self.faults:
            return None, self.faults
        bundle = CustomerBundle(
            customer=customer,
            processes={name: process for name, process in processes.items() if process},
            retries=retries,
            sla=sla,
            screening=screening,
            mailboxes=mailboxes,
            connector=connector,
        )
        return bundle, []

    def _process(self, name: str) -> ProcessPolicy | None:
        process = self._piece("processes", name)
        if process is None:
            return None
        try:
            return changed(process, self.customer.processes[name])
        except ValueError as err:
            self._fault(f"{err}.", f"  {name}:")
            return None

    def _piece(self, folder: str, name: str) -> Any:
        shelf = self.shelves[folder]
        if name in shelf.pieces:
            return shelf.pieces[name][0]
        if name in shelf.broken:
            self._fault(f"{folder}/{name} has faults of its own, so this customer stands still.", name)
        else:
            self._fault(f"there is no {folder}/{name}.yaml.", name, did_you_mean(name, shelf.names()))
        return None

    def _mailboxes(self) -> tuple[Mailbox, ...]:
        wanted = OPERATOR if self.customer.organization == OPERATOR_SLUG else self.customer.organization
        boxes: Iterable[Mailbox] = (box for box, _ in self.shelves["mailboxes"].pieces.values())
        return tuple(box for box in boxes if box.organization == wanted)

    def _fault(self, what: str, near: str, suggestion: str | None = None) -> None:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if near in text), 1)
        self.faults.append(Fault(str(self.path), line, what, suggestion))


def _ownerless(mailboxes: _Shelf, customers: _Shelf) -> list[Fault]:
    known = customers.names() | {OPERATOR}
    faults = []
    for box, path in mailboxes.pieces.values():
        for slug in {box.organization, *(rule.organization for rule in box.whose)} - known:
            what = f"mailbox {box.name!r} belongs to {slug!r}, which has no file under customers/."
            faults.append(Fault(str(path), 1, what, did_you_mean(slug, known)))
    return faults


def editor_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each kind of file, by file name, for editors."""
    names = {"processes": "process", "mailboxes": "mailbox", "connectors": "connector", "customers": "customer"}
    return {f"{names.get(folder, folder)}.json": model.model_json_schema() for folder, model in FOLDERS.items()}
