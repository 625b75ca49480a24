from __future__ import annotations

from erp_connectors.interface import ListedSupplier
from mailroom.payables.supplier_file import BadRow, SupplierRow
from mailroom.payables.supplier_list import listed_supplier_rows


def test_a_listed_supplier_becomes_a_row_with_its_accounts_apart():
    (row,) = listed_supplier_rows(
        [
            ListedSupplier(
                number="70001",
                name="Nordlicht Papier GmbH",
                emails=("billing@nordlicht.example", "old@nordlicht.example"),
                phones=("+49301234567",),
                tax_ids=("DE136695976",),
                bank_accounts=("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
            )
        ]
    )

    assert row == SupplierRow(
        1,
        {
            "number": "70001",
            "name": "Nordlicht Papier GmbH",
            "status": "active",
            "tax_ids": ["DE136695976"],
            "email": "billing@nordlicht.example",
            "phone": "+49301234567",
        },
        ("DE89370400440532013000",),
    )


def test_what_the_system_does_not_know_leaves_what_is_on_file():
    (row,) = listed_supplier_rows([ListedSupplier("1", "One", blocked=True)])

    assert isinstance(row, SupplierRow)
    assert row.values == {"number": "1", "name": "One", "status": "blocked"}


def test_what_cannot_be_used_is_named_with_its_place_and_the_others_are_kept():
    found = list(
        listed_supplier_rows(
            [
                ListedSupplier("", "Nobody"),
                ListedSupplier("1", "One"),
                ListedSupplier("1", "One again"),
                ListedSupplier("2", "Two", bank_accounts=("DE89370400440532013001",)),
            ]
        )
    )

    assert [each.line for each in found] == [1, 2, 3, 4]
    assert [isinstance(each, BadRow) for each in found] == [True, False, True, True]
    assert "no number" in found[0].message
    assert "in the list before" in found[2].message
    assert "cannot exist" in found[3].message
