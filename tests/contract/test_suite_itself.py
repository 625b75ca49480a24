"""The contract suite can fail: each way of breaking a connector is caught by the test that is there for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from threading import Lock
from typing import Any, ClassVar

import pytest

from erp_connectors.interface import (
    Bill,
    BillSearch,
    BillState,
    Connector,
    DocumentType,
    Feature,
    FoundBill,
    Health,
    ListedSupplier,
    NotReachableError,
    OutcomeUnknownError,
    Receipt,
    SettingsError,
    SettingsFault,
    UploadRefusedError,
    comparable_number,
)
from erp_connectors.testing import ConnectorContract, Fault, StoredBill, StoredFile, StoredLine, a_bill
from erp_connectors.unusable import refuse_unusable

SPOILING: dict[str, Callable[[Bill], dict[str, Any]]] = {
    "floats": lambda bill: {"gross": Decimal(float(bill.gross) * 1.1 / 1.1)},
    "one line": lambda bill: {"lines": bill.lines[:1]},
    "one file": lambda bill: {"attachments": bill.attachments[:1]},
    "text files": lambda bill: {
        "attachments": tuple(replace(file, body=file.body.replace(b"\r\n", b"\n")) for file in bill.attachments)
    },
    "ascii": lambda bill: {
        "lines": tuple(
            replace(line, description=line.description.encode("ascii", "replace").decode()) for line in bill.lines
        )
    },
    "posts drafts": lambda _: {"draft": False},
}


@dataclass
class Books:
    """A ledger in memory, and what is wrong with the connector that writes into it."""

    wrong: str = ""
    bills: list[Bill] = field(default_factory=list)
    suppliers: list[ListedSupplier] = field(default_factory=lambda: [ListedSupplier("S-100", "Paper Mill Ltd")])
    fault: Fault | None = None
    lock: Lock = field(default_factory=Lock)

    def connector(self) -> Connector:
        return BookConnector({"books": self}, {})

    def stored(self) -> list[StoredBill]:
        return [self._stored(bill) for bill in self.bills]

    def _stored(self, bill: Bill) -> StoredBill:
        sign = -1 if bill.document_type is DocumentType.CREDIT_NOTE and self.wrong != "sign" else 1
        return StoredBill(
            invoice_number=bill.invoice_number,
            supplier=bill.supplier_code,
            issue_date=bill.issue_date,
            currency=bill.currency,
            payable=sign * bill.gross,
            tax=sign * bill.tax,
            draft=bill.draft,
            lines=tuple(StoredLine(line.description, sign * line.net) for line in bill.lines),
            files=tuple(StoredFile(file.filename, file.body) for file in bill.attachments),
        )

    @contextmanager
    def inject(self, fault: Fault) -> Iterator[None]:
        self.fault = fault
        yield
        self.fault = None

    def enter_by_hand(self, bill: Bill) -> None:
        self.bills.append(replace(bill, key=""))

    def enter_supplier(self, supplier: ListedSupplier) -> None:
        self.suppliers.append(supplier)


class BookConnector:
    """Right in every way, unless the books say how it is to be wrong."""

    accepts_key: ClassVar[bool] = True
    finds_by_key: ClassVar[bool] = True
    features: ClassVar[frozenset[Feature]] = frozenset({Feature.SEARCH_BILLS, Feature.LIST_SUPPLIERS})

    def __init__(self, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        faults = [SettingsFault(name, "is not known here") for name in settings if name != "books"]
        if faults:
            raise SettingsError(faults)
        self.books: Books = settings["books"]
        self.seen: set[str] = set()

    def check(self) -> Health:
        self._ask()
        if self.books.wrong == "check writes":
            self.books.bills.append(a_bill("TEST"))
        return Health("books in memory")

    def upload(self, bill: Bill) -> Receipt:
        if self.books.wrong != "takes anything":
            refuse_unusable(bill)
        self._ask(sending=True)
        with self.books.lock:
            there = self._there(bill)
            if there is not None:
                if there != replace(bill, attachments=there.attachments) and self.books.wrong != "no conflict":
                    raise UploadRefusedError("this key names another bill", code="key_conflict")
                return self._receipt(there, already_there=True)
            if self.books.fault is not Fault.REQUEST_LOST:
                self.books.bills.append(self._kept(bill))
                self.seen.add(bill.key)
        if self.books.fault in {Fault.ANSWER_LOST, Fault.REQUEST_LOST}:
            if self.books.wrong == "timeout means not sent":
                raise NotReachableError("the books did not answer")
            raise OutcomeUnknownError("the books did not answer")
        return self._receipt(self.books.bills[-1], already_there=False)

    def find(self, key: str) -> Receipt | None:
        if self.books.fault is Fault.UNREACHABLE and self.books.wrong == "absent means none":
            return None
        self._ask()
        like = self.books.wrong == "finds alike"
        found = (bill for bill in self.books.bills if bill.key == key or (like and bill.key.startswith(key)))
        return next((self._receipt(bill, already_there=True) for bill in found), None)

    def search_bills(self, search: BillSearch) -> list[FoundBill]:
        self._ask()
        return [_found(bill) for bill in self.books.bills if self._matches(bill, search)]

    def list_suppliers(self) -> list[ListedSupplier]:
        if self.books.wrong == "absent means nobody" and self.books.fault is Fault.UNREACHABLE:
            return []
        self._ask()
        bank = self.books.suppliers[-1].bank_accounts
        spoil = {
            "hides blocked": lambda each: [] if each.blocked else [each],
            "lists twice": lambda each: [each, each],
            "shifts accounts": lambda each: [replace(each, bank_accounts=bank)],
            "forgets tax numbers": lambda each: [replace(each, tax_ids=())],
        }.get(self.books.wrong, lambda each: [each])
        return [listed for each in self.books.suppliers for listed in spoil(each)]

    def close(self) -> None:
        if self.books.wrong == "closes once" and "closed" in self.seen:
            raise RuntimeError("closed already")
        self.seen.add("closed")

    def _there(self, bill: Bill) -> Bill | None:
        if self.books.wrong == "no key" or (self.books.wrong == "remembers" and bill.key not in self.seen):
            return None
        return next((kept for kept in self.books.bills if kept.key == bill.key), None)

    def _ask(self, *, sending: bool = False) -> None:
        if self.books.fault is Fault.UNREACHABLE:
            raise NotReachableError("the books are not here today")
        if sending and self.books.fault is Fault.ASKS_TO_WAIT:
            wait = None if self.books.wrong == "forgets the wait" else 2
            raise NotReachableError("the books are busy now", retry_after=wait)
        if sending and self.books.fault is Fault.REFUSES:
            if self.books.wrong == "mute":
                raise UploadRefusedError("no")
            raise UploadRefusedError("period 3 is closed")

    def _kept(self, bill: Bill) -> Bill:
        spoil = SPOILING.get(self.books.wrong)
        return bill if spoil is None else replace(bill, **spoil(bill))

    def _receipt(self, bill: Bill, *, already_there: bool) -> Receipt:
        evidence = {"gross": str(bill.gross), "currency": bill.currency, "attachments": str(len(bill.attachments))}
        if self.books.wrong == "tells names":
            evidence["supplier"] = bill.supplier_name
        state = BillState.DRAFT if bill.draft else BillState.POSTED
        return Receipt(f"B-{bill.key}", bill.key, state, already_there, evidence)

    def _matches(self, bill: Bill, search: BillSearch) -> bool:
        exact = self.books.wrong == "exact numbers"
        same = (lambda number: number) if exact else comparable_number
        return (
            (self.books.wrong == "any supplier" or bill.supplier_code == search.supplier_code)
            and (search.invoice_number is None or same(bill.invoice_number) == same(search.invoice_number))
            and search.gross in {None, bill.gross}
            and search.currency in {None, bill.currency}
            and (search.issued_from is None or search.issued_from <= bill.issue_date)
            and (search.issued_to is None or bill.issue_date <= search.issued_to)
        )


def _found(bill: Bill) -> FoundBill:
    return FoundBill(
        external_id=f"B-{bill.key}",
        external_reference=bill.key,
        state=BillState.DRAFT if bill.draft else BillState.POSTED,
        invoice_number=bill.invoice_number,
        issue_date=bill.issue_date,
        currency=bill.currency,
        gross=bill.gross,
        document_type=bill.document_type,
        key=bill.key or None,
    )


class TestARightConnectorKeepsTheContract(ConnectorContract):
    connector_class = BookConnector
    faults = frozenset(Fault)

    @pytest.fixture
    def system(self):
        return Books()


CAUGHT_BY = {
    "no key": "test_the_same_key_again_adds_nothing",
    "remembers": "test_the_system_guards_the_key_not_the_connector",
    "no conflict": "test_the_same_key_for_another_bill_is_refused",
    "finds alike": "test_another_key_is_not_found",
    "absent means none": "test_not_reachable_is_not_the_same_as_not_found",
    "timeout means not sent": "test_a_lost_answer_is_an_unknown_outcome",
    "forgets the wait": "test_a_busy_system_is_left_alone_for_as_long_as_it_asks",
    "mute": "test_a_refusal_is_a_sentence_for_a_person",
    "takes anything": "test_an_unusable_bill_is_refused_before_it_is_sent",
    "floats": "test_cents_are_exact",
    "one line": "test_every_line_arrives_in_order",
    "one file": "test_every_file_is_kept",
    "text files": "test_the_paper_can_be_read_back",
    "ascii": "test_words_of_any_language_arrive",
    "sign": "test_a_credit_note_lowers_what_we_owe",
    "posts drafts": "test_a_draft_stays_a_draft",
    "check writes": "test_check_names_the_system_and_writes_nothing",
    "closes once": "test_closing_twice_is_harmless",
    "tells names": "test_a_receipt_can_be_kept_in_the_event_log",
    "exact numbers": "test_a_bill_keyed_by_hand_is_found_by_its_number",
    "any supplier": "test_the_same_number_of_another_supplier_is_another_bill",
    "forgets tax numbers": "test_a_supplier_is_listed_with_what_proves_who_they_are",
    "hides blocked": "test_a_blocked_supplier_is_listed_as_blocked",
    "lists twice": "test_a_number_is_what_a_bill_names",
    "shifts accounts": "test_a_supplier_of_whom_little_is_known_is_listed_too",
    "absent means nobody": "test_a_list_nobody_answers_is_not_empty",
}

SUITE_OF_A_BAD_CONNECTOR = """
class Test_{name}(ConnectorContract):
    connector_class = BookConnector
    faults = frozenset(Fault)

    @pytest.fixture
    def system(self):
        return Books(wrong={wrong!r})
"""
IMPORTS = """
import pytest
from erp_connectors.testing import ConnectorContract, Fault
from tests.contract.test_suite_itself import BookConnector, Books
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    """Return what the suite says of every bad connector, from one run of pytest inside this one."""
    folder = tmp_path_factory.mktemp("bad")
    suites = [SUITE_OF_A_BAD_CONNECTOR.format(name=wrong.replace(" ", "_"), wrong=wrong) for wrong in CAUGHT_BY]
    (folder / "test_bad_connectors.py").write_text(IMPORTS + "".join(suites))
    results = Results()
    pytest.main([str(folder), "-q", "-p", "no:cacheprovider", f"--rootdir={folder}"], plugins=[results])
    return results


@pytest.mark.parametrize(("wrong", "test"), CAUGHT_BY.items(), ids=CAUGHT_BY.keys())
def test_a_bad_connector_is_caught_by_the_test_for_it(wrong, test, results):
    suite = f"Test_{wrong.replace(' ', '_')}"

    assert test in results.failed[suite]
    assert results.passed[suite]


class Results:
    """The names of an inner run's tests by their class, without their parameters."""

    def __init__(self) -> None:
        self.failed: dict[str, set[str]] = defaultdict(set)
        self.passed: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        suite, _, test = report.location[2].partition(".")
        if report.when == "call" or report.failed:
            (self.failed if report.failed else self.passed)[suite].add(test.partition("[")[0])


def test_what_is_not_claimed_is_not_tested():
    class Modest(BookConnector):
        accepts_key = False
        finds_by_key = False
        features = frozenset()

    class Suite(ConnectorContract):
        connector_class = Modest

    assert Suite.test_the_same_key_again_adds_nothing is None
    assert Suite.test_looking_clears_up_a_lost_answer is None
    assert Suite.test_our_own_bill_is_found_with_its_key is None
    assert Suite.test_a_lost_answer_is_an_unknown_outcome is not None


def test_a_suite_that_cannot_lose_an_answer_is_no_suite():
    with pytest.raises(TypeError, match="answer_lost"):

        class Suite(ConnectorContract):
            connector_class = BookConnector
            faults = frozenset({Fault.UNREACHABLE, Fault.REFUSES})
