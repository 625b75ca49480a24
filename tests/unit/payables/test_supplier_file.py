from __future__ import annotations

import pytest

from mailroom.domain.errors import RejectedInputError
from mailroom.payables.supplier_file import BadRow, SupplierRow, supplier_rows

HEAD = "number,name,aliases,email_domains,bank_accounts,status\n"


def rows(text: str, encoding: str = "utf-8") -> list[SupplierRow | BadRow]:
    return list(supplier_rows(text.encode(encoding)))


def test_a_row_becomes_a_supplier_with_its_accounts_apart():
    (row,) = rows(
        HEAD + "70001,Nordlicht Papier GmbH,NoPa; Nordlicht,@Nordlicht.example,DE89 3704 0044 0532 0130 00,active\n"
    )

    assert isinstance(row, SupplierRow)
    assert row.values == {
        "number": "70001",
        "name": "Nordlicht Papier GmbH",
        "aliases": ["NoPa", "Nordlicht"],
        "email_domains": ["nordlicht.example"],
        "status": "active",
    }
    assert row.accounts == ("DE89370400440532013000",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_umlauts_survive_every_usual_encoding_and_delimiter(encoding: str, delimiter: str):
    (row,) = rows(f"number{delimiter}name\r\n1{delimiter}Müller\r\n", encoding)

    assert row.values["name"] == "Müller"


def test_a_bad_row_is_reported_with_its_line_and_the_others_are_kept():
    found = rows(
        HEAD
        + "1,One,,,,\n"
        + ",No number,,,,\n"
        + '2,"Two\nlines",,,,\n'
        + "3,Three,,,DE00370400440532013000,\n"
        + "4,Four\n"
        + "\n"
        + "1,One again,,,,\n"
        + "5,Five,,no domain,,\n"
        + "6,Six,,,,asleep\n"
    )

    assert [(row.line, type(row).__name__) for row in found] == [
        (2, "SupplierRow"),
        (3, "BadRow"),
        (4, "SupplierRow"),
        (6, "BadRow"),
        (7, "BadRow"),
        (9, "BadRow"),
        (10, "BadRow"),
        (11, "BadRow"),
    ]


def test_a_column_that_is_not_there_leaves_what_is_on_file_and_an_empty_cell_clears_it():
    (row,) = rows("number,name,department\n1,One,\n")

    assert row.values == {"number": "1", "name": "One", "department": None}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("nummer,name\n1,One\n", "'nummer' is not known"),
        ("number\n1\n", "'name' is missing"),
        ("number,name,name\n1,a,b\n", "stands twice"),
    ],
)
def test_a_head_that_cannot_be_used_is_refused_with_a_sentence(text: str, words: str):
    with pytest.raises(RejectedInputError, match=words):
        rows(text)
