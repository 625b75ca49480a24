"""One Great Expectations suite over a run's whole batch of invoices: it reports, it never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from babel.core import get_global
from babel.numbers import get_territory_currencies
from stdnum import iban

from mailroom.database.reporting import invoices_of_batch, save_data_check
from mailroom.database.session import Database
from mailroom.database.transactions import database_now
from mailroom.domain.money import CENT

if TYPE_CHECKING:
    import pandas as pd

log = structlog.get_logger()

SUITE = "invoices"
REQUIRED = ("supplier", "invoice_number", "issue_date", "currency", "gross_total")
MOST_IDS = 100
"""Ids of unexpected rows that are kept per check."""


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """What is plausible for a batch: gross amounts in size, dates around the day of the check."""

    smallest_amount: Decimal = CENT
    largest_amount: Decimal = Decimal("10000000")
    oldest: timedelta = timedelta(days=5 * 366)
    furthest_ahead: timedelta = timedelta(days=31)
    longest_term: timedelta = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One expectation: how many rows it does not hold for, and the first of their transaction ids."""

    check: str
    expectation: str
    success: bool
    unexpected_count: int
    unexpected_ids: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the result without values: ids and counts only."""
        return {
            "check": self.check,
            "expectation": self.expectation,
            "success": self.success,
            "unexpected_count": self.unexpected_count,
            "unexpected_ids": list(self.unexpected_ids),
        }


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """What the suite found in a batch; a batch of none holds."""

    run: str
    records: int
    results: tuple[CheckResult, ...]

    @property
    def success(self) -> bool:
        """Tell whether every expectation holds."""
        return all(result.success for result in self.results)


def check_batch(
    database: Database,
    organization_id: UUID,
    transaction_ids: Sequence[UUID],
    *,
    run: str,
    limits: BatchLimits | None = None,
) -> BatchVerdict:
    """Check the invoices of a run as a whole and keep the results under `run`; a second call replaces them.

    Transactions without a read invoice are left out. Raises `UnavailableError` when Postgres is out of reach.
    """
    with database.organization(organization_id) as connection:
        rows = invoices_of_batch(connection, transaction_ids)
        today = database_now(connection).date()
    results = check_rows(rows, today, limits or BatchLimits()) if rows else ()
    verdict = BatchVerdict(run, len(rows), results)
    with database.organization(organization_id) as connection:
        save_data_check(
            connection,
            organization_id,
            suite=SUITE,
            run=run,
            success=verdict.success,
            records=verdict.records,
            results=[result.as_json() for result in results],
        )
    failed = [result.check for result in results if not result.success]
    log.info("batch checked", organization=str(organization_id), run=run, records=len(rows), failed=failed)
    return verdict


def check_rows(rows: Sequence[dict[str, Any]], today: date, limits: BatchLimits) -> tuple[CheckResult, ...]:
    """Run the suite over invoice rows and return one result per expectation, in the suite's order."""
    # Great Expectations takes 1.6 s and 160 MB to import: only a process that checks batches pays for it.
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    suite = gx.ExpectationSuite(name=SUITE, expectations=_expectations(today, limits))
    asset = context.data_sources.add_pandas(SUITE).add_dataframe_asset(SUITE)
    batch = asset.add_batch_definition_whole_dataframe(SUITE).get_batch({"dataframe": _frame(rows)})
    found = batch.validate(
        suite,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]},
    )
    results = {result.check: result for result in map(_result, found.results)}
    return tuple(results[check] for check in (each.meta["check"] for each in suite.expectations if each.meta))


def _result(found: Any) -> CheckResult:
    config = found.expectation_config
    indexes = found.result.get("unexpected_index_list") or []
    ids = list(dict.fromkeys(str(each["id"]) for each in indexes))
    if found.exception_info.get("exception_message"):
        log.warning("expectation could not be checked", check=config.meta["check"])
    return CheckResult(
        check=config.meta["check"],
        expectation=config.type,
        success=bool(found.success),
        unexpected_count=int(found.result.get("unexpected_count") or 0),
        unexpected_ids=tuple(ids[:MOST_IDS]),
    )


def _expectations(today: date, limits: BatchLimits) -> list[Any]:
    gxe: Any = import_module("great_expectations.expectations")

    def check(name: str) -> dict[str, Any]:
        return {"meta": {"check": name}}

    newest = today + limits.furthest_ahead
    return [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, **check(f"{name}_present")) for name in REQUIRED),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="gross_total",
            column_B="net_and_tax",
            ignore_row_if="either_value_is_missing",
            **check("gross_is_net_plus_tax"),
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="currency", value_set=sorted(currencies_in_use()), **check("currency_in_iso_4217")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="issue_date", min_value=today - limits.oldest, max_value=newest, **check("issue_date_plausible")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="days_to_pay", min_value=0, max_value=limits.longest_term.days, **check("due_date_after_issue_date")
        ),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["supplier", "number_normalised"],
            ignore_row_if="any_value_is_missing",
            **check("number_unique_per_supplier"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="gross_cents",
            min_value=_cents(limits.smallest_amount),
            max_value=_cents(limits.largest_amount),
            **check("amount_in_range"),
        ),
        gxe.ExpectColumnValuesToBeInSet(column="iban_is_valid", value_set=["yes"], **check("iban_valid")),
    ]


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the batch; amounts stay exact decimals, missing values are None."""
    import pandas as pd

    return pd.DataFrame([_record(row) for row in rows], dtype=object)


def _record(row: dict[str, Any]) -> dict[str, Any]:
    gross, net, tax = row["gross_total"], row["net_total"], row["tax_total"]
    issued, due = row["issue_date"], row["due_date"]
    return {
        "id": str(row["transaction_id"]),
        "supplier": _supplier(row),
        "invoice_number": row["invoice_number"] or None,
        "number_normalised": row["number_normalised"] or None,
        "issue_date": issued,
        "currency": row["currency"] or None,
        "gross_total": gross,
        "net_and_tax": None if net is None or tax is None else net + tax,
        "gross_cents": None if gross is None else _cents(abs(gross)),
        "days_to_pay": None if issued is None or due is None else (due - issued).days,
        "iban_is_valid": _iban_verdict(row["bank_account"]),
    }


def _cents(amount: Decimal) -> int:
    """Return hundredths: limits are compared as whole numbers, Great Expectations would make them floats."""
    return int(amount / CENT)


def _supplier(row: dict[str, Any]) -> str | None:
    return str(row["supplier_id"] or row["vendor_tax_id"] or row["vendor_name"] or "") or None


def _iban_verdict(account: str | None) -> str | None:
    """Return yes or no for what looks like an IBAN (ISO 13616: country, two check digits); None for any other."""
    compact = "".join((account or "").split()).upper()
    if not (compact[:2].isalpha() and compact[2:4].isdigit()):
        return None
    return "yes" if iban.is_valid(compact) else "no"


@lru_cache(maxsize=1)
def currencies_in_use() -> frozenset[str]:
    """Return the ISO 4217 codes that are legal tender somewhere today (Unicode CLDR)."""
    territories = get_global("territory_currencies")
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))
