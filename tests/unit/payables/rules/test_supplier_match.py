from __future__ import annotations

from uuid import uuid4

from mailroom.database.suppliers import Supplier
from mailroom.payables.rules.supplier_match import SupplierBook, SupplierKeys


def a_supplier(number: str, name: str, **facts) -> Supplier:
    return Supplier(uuid4(), number, name, **{key: tuple(value) for key, value in facts.items()})


NORTH = a_supplier(
    "1", "Nordlicht Papier GmbH", tax_ids=["DE136695976"], accounts=["DE89370400440532013000"],
    email_domains=["nordlicht.example"], aliases=["NoPa"],
)  # fmt: skip
SOUTH = a_supplier("2", "Südwind Tinte AG", tax_ids=["DE129273398"], email_domains=["suedwind.example"])
BRANCH = a_supplier(
    "3", "Nordlicht Papier Filiale Bremen", tax_ids=["DE136695976"], accounts=["NL91ABNA0417164300"],
    email_domains=["nordlicht.example"],
)  # fmt: skip


def found(book: list[Supplier], **keys: str) -> str | None:
    match = SupplierBook(book).match(SupplierKeys(**keys))
    return match.supplier.number if match.supplier else None


def test_each_strong_key_alone_is_enough():
    book = [NORTH, SOUTH]
    assert found(book, tax_id="de 136 695 976") == "1"
    assert found(book, bank_account="DE89 3704 0044 0532 0130 00") == "1"
    assert found(book, name="nordlicht papier") == "1"
    assert found(book, name="NOPA") == "1"


def test_a_mail_domain_or_a_likeness_alone_is_not():
    assert found([NORTH, SOUTH], sender="x@nordlicht.example") is None
    assert found([NORTH, SOUTH], name="Nordlicht Papiere GmbH") is None


def test_a_likeness_and_the_mail_domain_together_are():
    assert found([NORTH, SOUTH], name="Nordlicht Papiere GmbH", sender="x@mail.nordlicht.example") == "1"


def test_branches_that_share_a_tax_id_are_told_apart_by_another_key():
    book = [NORTH, BRANCH]
    assert found(book, tax_id="DE136695976") is None
    assert found(book, tax_id="DE136695976", bank_account="NL91ABNA0417164300") == "3"
    assert found(book, tax_id="DE136695976", name="Nordlicht Papier GmbH") == "1"


def test_candidates_of_an_ambiguous_match_are_named_best_first():
    match = SupplierBook([BRANCH, NORTH]).match(SupplierKeys(tax_id="DE136695976"))

    assert match.is_ambiguous
    assert [each.supplier.number for each in match.rivals] == ["1", "3"]


def test_keys_that_contradict_each_other_are_for_a_person():
    assert found([NORTH, SOUTH], name="Südwind Tinte AG", bank_account="DE89370400440532013000") is None


def test_a_free_mail_domain_says_nothing():
    hobby = a_supplier("4", "Gartenbau Iris", email_domains=["gmail.com"])
    assert found([hobby], name="Gartenbau Irris", sender="fraud@gmail.com") is None


def test_nobody_matches_an_invoice_without_keys():
    assert found([NORTH, SOUTH]) is None
    assert found([]) is None
