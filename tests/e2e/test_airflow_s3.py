"""The same way through on S3: every file of an invoice goes into a bucket, and none beside it."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from tests.e2e.office import Office, open_office
from tests.servers.fixtures import s3
from tests.servers.s3 import S3Server

__all__ = ["s3"]

pytestmark = pytest.mark.xdist_group("airflow")
BUCKET = "mailroom-e2e"


@pytest.fixture(scope="module")
def office(s3: S3Server) -> Iterator[Office]:
    s3.make_bucket(BUCKET)
    store = {"MAILROOM_S3_URL": f"s3://{BUCKET}/production", "MAILROOM_S3_ENDPOINT_URL": s3.endpoint_url}
    with open_office(store) as opened:
        yield opened


def test_an_invoice_by_mail_ends_in_the_ledger_and_its_files_in_the_bucket(office: Office, s3: S3Server):
    paper = office.post_one()

    [bill] = office.bills(paper.number)
    assert (bill.gross, bill.files) == (paper.gross_total, 1)
    [(folder,)] = office.rows("SELECT working_directory FROM transactions WHERE reference = :r", r=paper.number)
    client = boto3.client("s3", endpoint_url=s3.endpoint_url)
    keys = [each["Key"] for each in client.list_objects_v2(Bucket=BUCKET)["Contents"]]
    inside = {key.removeprefix(f"production/{folder}/") for key in keys if key.startswith(f"production/{folder}/")}
    assert "transaction.json" in inside
    assert any(name.endswith(".pdf") for name in inside)
    assert all(key.startswith("production/org/") for key in keys)
    assert not any(path.is_file() for path in office.stage.folder.objects.rglob("*"))
