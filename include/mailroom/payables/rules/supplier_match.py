"""Find the supplier an invoice comes from: scored over several keys, since each alone can mislead.

A tax id can stand for several branches (requirements C62), a name can be borrowed, a mail domain shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from rapidfuzz import fuzz, process

from mailroom.database.suppliers import Supplier
from mailroom.payables.rules.accounts import normal_account, normal_tax_id
from mailroom.payables.rules.domains import FREE_MAIL, domain_of
from mailroom.payables.rules.names import name_words

TAX_ID, BANK_ACCOUNT, SAME_NAME, LIKE_NAME, MAIL_ADDRESS, MAIL_DOMAIN = 60, 50, 45, 35, 30, 25
ENOUGH = 45
"""A tax id, an account or the very name is enough; a likeness needs a second key."""
MARGIN = 15
"""The best must lead the next by this much, or a person chooses."""


@dataclass(frozen=True, slots=True)
class SupplierKeys:
    """What an invoice and its mail tell about who sent it."""

    name: str | None = None
    tax_id: str | None = None
    bank_account: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate, its score, and the keys that spoke for it."""

    supplier: Supplier
    score: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupplierMatch:
    """The supplier found, or the candidates a person must choose from; `rivals` are best first."""

    supplier: Supplier | None
    rivals: tuple[Scored, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether several suppliers fit."""
        return self.supplier is None and bool(self.rivals)


@dataclass
class SupplierBook:
    """All suppliers of an organization, ready to be looked up by any key."""

    suppliers: Sequence[Supplier]
    likeness: int = 90
    _by_key: dict[tuple[str, str], list[Supplier]] = field(init=False, repr=False)
    _names: list[str] = field(init=False, repr=False)
    _known: dict[SupplierKeys, SupplierMatch] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key = defaultdict(list)
        for supplier in self.suppliers:
            for key in set(_keys_of(supplier)):
                self._by_key[key].append(supplier)
        self._names = [name for kind, name in self._by_key if kind == "name"]

    def match(self, keys: SupplierKeys) -> SupplierMatch:
        """Return the supplier these keys point to."""
        if keys not in self._known:
            self._known[keys] = _decide(self._scores(keys))
        return self._known[keys]

    def by_id(self, supplier_id: UUID | None) -> Supplier | None:
        """Return a supplier by id."""
        return next((each for each in self.suppliers if each.id == supplier_id), None)

    def domains(self) -> Iterable[tuple[str, Supplier]]:
        """Yield each mail domain on file with its supplier."""
        for (kind, value), suppliers in self._by_key.items():
            if kind == "domain":
                yield from ((value, supplier) for supplier in suppliers)

    def _scores(self, keys: SupplierKeys) -> list[Scored]:
        points: dict[Supplier, dict[str, int]] = defaultdict(dict)
        for label, score, suppliers in self._hits(keys):
            for supplier in suppliers:
                points[supplier][label] = max(score, points[supplier].get(label, 0))
        scored = [Scored(supplier, sum(found.values()), tuple(found)) for supplier, found in points.items()]
        return sorted(scored, key=lambda each: (-each.score, each.supplier.number))

    def _hits(self, keys: SupplierKeys) -> Iterable[tuple[str, int, Sequence[Supplier]]]:
        if keys.tax_id:
            tax_id = normal_tax_id(keys.tax_id)
            yield "tax id", TAX_ID, self._by_key.get(("tax", tax_id), ())
            yield "tax id", TAX_ID, self._by_key.get(("tax", tax_id[2:]), ()) if tax_id[:2].isalpha() else ()
        if keys.bank_account:
            yield "bank account", BANK_ACCOUNT, self._by_key.get(("bank", normal_account(keys.bank_account)), ())
        yield from self._name_hits(keys.name)
        domain = domain_of(keys.sender)
        if domain and keys.sender:
            yield "mail", MAIL_ADDRESS, self._by_key.get(("mail", keys.sender.strip().lower()), ())
            for part in _parents(domain) if domain not in FREE_MAIL else ():
                yield "mail", MAIL_DOMAIN, self._by_key.get(("domain", part), ())

    def _name_hits(self, name: str | None) -> Iterable[tuple[str, int, Sequence[Supplier]]]:
        words = " ".join(name_words(name or ""))
        if not words:
            return
        yield "name", SAME_NAME, self._by_key.get(("name", words), ())
        close = process.extract(
            words, self._names, scorer=fuzz.token_sort_ratio, processor=None, score_cutoff=self.likeness, limit=5
        )
        for found, _, _ in close:
            yield "name", LIKE_NAME, self._by_key[("name", found)]


def _decide(scored: Sequence[Scored]) -> SupplierMatch:
    fitting = [each for each in scored if each.score >= ENOUGH]
    if not fitting:
        return SupplierMatch(None)
    best = fitting[0]
    rivals = tuple(each for each in fitting if best.score - each.score < MARGIN)
    if len(rivals) > 1:
        return SupplierMatch(None, rivals)
    return SupplierMatch(best.supplier, (), best.keys)


def _keys_of(supplier: Supplier) -> Iterable[tuple[str, str]]:
    for name in supplier.names:
        if words := " ".join(name_words(name)):
            yield "name", words
    for tax_id in supplier.tax_ids:
        yield "tax", normal_tax_id(tax_id)
    for account in supplier.accounts:
        yield "bank", normal_account(account)
    for domain in supplier.email_domains:
        yield "domain", domain.strip().lower().lstrip("@")
    if supplier.email:
        yield "mail", supplier.email.strip().lower()


def _parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]
