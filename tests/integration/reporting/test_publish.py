"""The report of 3 March 2026 as files, row, event and mail."""

import csv
import io
import json
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.events import verify_chain
from mailroom.database.outbox import OutboxItem
from mailroom.domain.errors import UnavailableError
from mailroom.engine.setup import CustomerSetup
from mailroom.reporting.publish import ReportNotMadeError, due_reports, make_report, report_letter
from mailroom.settings.customers import ReportPolicy
from tests.integration.reporting.made_up import AUDIT_KEY, MadeUp, a_setup

DAY = date(2026, 3, 3)
BERLIN = ZoneInfo("Europe/Berlin")
FORMULA = '=HYPERLINK("http://evil.example/pay","Pay now")'


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 3, hour, minute, tzinfo=BERLIN)


class Everyone:
    """One setup for whoever asks."""

    def __init__(self, setup: CustomerSetup | None) -> None:
        self.setup = setup

    def of(self, _organization_id: object) -> CustomerSetup | None:
        return self.setup


class FullStore(DirectoryStore):
    """A store whose disk is full."""

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        raise UnavailableError("The document store is full.", code="disk_full")


class Tags(HTMLParser):
    """The elements and the visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(word for word in self.words if word)


@pytest.fixture
def told(customer: MadeUp) -> MadeUp:
    """Return a customer with one held invoice, one posted, and mails that try to do harm."""
    customer.mailbox("invoices", read_at=datetime.now(UTC), since=at(0))
    held = customer.invoice(at(8), "+INV-1", supplier=FORMULA, gross="1204.10")
    customer.move(held, at(9), "held", "on_hold", reason="possible_duplicate")
    customer.posted(customer.invoice(at(8), "INV-2", gross="-50.00"), at(9), straight_through=True)
    customer.mail(at(10), "unidentified", "no_attachment", subject=FORMULA, sender="@SUM(1)")
    customer.mail(at(11), "quarantined", "nested_too_deep", subject='<img src=x onerror="alert(1)">')
    return customer


def make(customer: MadeUp, store: DirectoryStore, *, mail: bool = True, day: date = DAY, **changes: object):
    return make_report(
        customer.database,
        store,
        a_setup(**changes),
        customer.organization_id,
        day,
        mail=mail,
        audit_key=AUDIT_KEY,
        notes=("Virus scanning is off.",),
    )


def test_the_files_are_kept_under_the_organization_and_the_day(told: MadeUp, store: DirectoryStore):
    files = make(told, store)

    prefix = f"org/{told.organization_id}/reports/daily/2026-03-03/"
    assert files.html == f"{prefix}report.html"
    assert files.xlsx == f"{prefix}report.xlsx"
    assert set(files.keys) <= set(store.list(prefix))
    assert f"{prefix}exceptions.csv" in files.csv


def test_the_page_says_first_what_needs_somebody(told: MadeUp, store: DirectoryStore):
    page = Tags(store.get(make(told, store).html).decode()).text

    places = [
        page.index(words)
        for words in (
            "Virus scanning is off.",
            "3 things need somebody",
            "It may be a copy of another invoice",
            "2 mails seen",
            "it balances",
            "straight through",
        )
    ]
    assert places == sorted(places)
    assert "1,204.10 EUR" in page
    assert "-50.00 EUR" in page


def test_outside_text_is_inert_on_the_page_and_in_the_mail(told: MadeUp, store: DirectoryStore):
    page = store.get(make(told, store).html).decode()
    (row,) = told.rows("SELECT content FROM outbox WHERE recipient = 'cfo@acme.example'")

    for html in (page, row.content["rendered"]["html"]):
        elements = Tags(html).elements
        assert not {"script", "a", "iframe", "form", "link"} & {tag for tag, _ in elements}
        assert all(
            (attributes.get("src") or "data:").startswith("data:image/png")
            for tag, attributes in elements
            if tag == "img"
        )
        assert not any(name.startswith("on") for _, attributes in elements for name in attributes)
        assert "http://evil" not in html
        assert "<img src=x" not in html


def test_the_mail_is_readable_without_images(told: MadeUp, store: DirectoryStore):
    make(told, store)
    (row,) = told.rows("SELECT content FROM outbox WHERE recipient = 'cfo@acme.example'")
    rendered = row.content["rendered"]

    assert "<img" not in rendered["html"]
    assert rendered["subject"] == "Acme GmbH: 3 need somebody on 03 Mar 2026"
    assert "NEEDS SOMEBODY: 3" in rendered["text"]
    assert "2 seen = 1 quarantined + 1 unidentified" in rendered["text"]
    assert [each["filename"].rpartition(".")[2] for each in row.content["attachments"]] == ["xlsx", "png", "png"]
    assert all(store.exists(each["key"]) for each in row.content["attachments"])


def test_the_workbook_holds_numbers_dates_and_no_formula(told: MadeUp, store: DirectoryStore):
    book = openpyxl.load_workbook(io.BytesIO(store.get(make(told, store).xlsx)))

    assert book.sheetnames[:2] == ["Summary", "Exceptions"]
    sheet = book["Exceptions"]
    row = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert (row["Amount"].value, row["Amount"].data_type) == (1204.1, "n")
    assert (row["Since"].value, row["Since"].is_date) == (at(9).replace(tzinfo=None), True)
    assert row["Supplier"].value == f"'{FORMULA}"
    assert row["Invoice"].value == "'+INV-1"
    assert sheet.freeze_panes == "A2"
    for sheet in book:
        for cell in (cell for cells in sheet.iter_rows() for cell in cells):
            assert cell.data_type != "f"
            assert not str(cell.value if isinstance(cell.value, str) else "").startswith(("=", "+", "-", "@"))


def test_the_csv_files_hold_no_formula(told: MadeUp, store: DirectoryStore):
    files = make(told, store)

    cells = []
    for key in files.csv:
        rows = list(csv.reader(io.StringIO(store.get(key).decode("utf-8-sig"))))
        assert len({len(row) for row in rows}) == 1
        cells += [cell for row in rows for cell in row]
    assert "-50.00" in cells
    assert f"'{FORMULA}".replace("http:", "http[:]").replace("evil.example", "evil[.]example") in cells
    assert not [
        cell for cell in cells if cell.startswith(("=", "+", "@", "\t")) or (cell[:1] == "-" and cell != "-50.00")
    ]


def test_a_reader_gets_one_mail_a_day_however_often_the_report_is_made(told: MadeUp, store: DirectoryStore):
    first = make(told, store)
    second = make(told, store)

    assert (first.mails, second.mails) == (2, 0)
    rows = told.rows("SELECT recipient, template, state, count(*) FROM outbox GROUP BY 1, 2, 3 ORDER BY 1")
    assert [tuple(row) for row in rows] == [
        ("ap@acme.example", "daily_report", "waiting", 1),
        ("cfo@acme.example", "daily_report", "waiting", 1),
    ]
    assert len(told.rows("SELECT 1 FROM reports")) == 1


def test_the_report_is_an_event_and_the_chain_still_holds(told: MadeUp, store: DirectoryStore):
    make(told, store)

    (row,) = told.rows("SELECT body FROM events WHERE kind = 'report_made'")
    facts = json.loads(row.body)["facts"]
    assert (facts["day"], facts["needs"], facts["mails_seen"], facts["balances"]) == ("2026-03-03", 3, 2, True)
    with told.database.organization(told.organization_id) as connection:
        assert verify_chain(connection, told.organization_id, AUDIT_KEY).fault is None


def test_the_rows_figures_name_nobody(told: MadeUp, store: DirectoryStore):
    make(told, store)

    (row,) = told.rows("SELECT figures, object_prefix FROM reports")
    assert row.figures["posted"] == [{"currency": "EUR", "amount": "-50.00", "bills": 1}]
    assert row.figures["dispositions"] == {"quarantined": 1, "unidentified": 1}
    assert "evil" not in json.dumps(row.figures)


def test_in_shadow_mode_nothing_is_sent(told: MadeUp, store: DirectoryStore):
    files = make(told, store, mode="shadow")

    assert {row.state for row in told.rows("SELECT state FROM outbox")} == {"suppressed"}
    assert "Shadow mode" in store.get(files.html).decode()


def test_without_mail_only_the_files_are_made(told: MadeUp, store: DirectoryStore):
    files = make(told, store, mail=False)

    assert store.exists(files.html)
    assert told.rows("SELECT 1 FROM outbox") == []


def test_when_it_cannot_be_made_a_mail_says_so_once_and_the_error_is_recorded(told: MadeUp, tmp_path):
    for _ in range(2):
        with pytest.raises(ReportNotMadeError, match="The document store is full"):
            make(told, FullStore(tmp_path / "full"))

    rows = told.rows("SELECT recipient, template, content FROM outbox ORDER BY recipient")
    assert [(row.recipient, row.template) for row in rows] == [
        ("ap@acme.example", "report_failed"),
        ("cfo@acme.example", "report_failed"),
        ("clerk@acme.example", "report_failed"),
    ]
    assert rows[0].content["context"] == {"day": "2026-03-03", "message": "The document store is full."}
    events = told.rows("SELECT body FROM events WHERE kind = 'report_failed'")
    assert json.loads(events[0].body)["facts"]["error"] == "disk_full"
    assert told.rows("SELECT 1 FROM reports") == []


def test_the_report_mail_is_composed_as_it_was_rendered(told: MadeUp, store: DirectoryStore):
    make(told, store)
    with told.database.organization(told.organization_id) as connection:
        row = told.rows("SELECT * FROM outbox LIMIT 1")[0]
        item = OutboxItem(
            row.id,
            told.organization_id,
            None,
            row.template,
            row.recipient,
            row.internet_message_id,
            row.content,
            0,
            row.created_at,
        )
        letter = report_letter(connection, item, a_setup().customer)

    assert letter.subject == "Acme GmbH: 3 need somebody on 03 Mar 2026"
    assert letter.html == row.content["rendered"]["html"]


@pytest.fixture
def settled(customer: MadeUp, owner_url: str) -> MadeUp:
    """Return a customer that has been here since 1 January 2026."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    with create_engine(owner_url, poolclass=NullPool).begin() as owner:
        owner.execute(text("UPDATE organizations SET created_at = '2026-01-01'"))
    return customer


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # Berlin is an hour ahead of UTC on 4 March; the report is wanted at 06:00 there.
        (datetime(2026, 3, 4, 4, 59, tzinfo=UTC), []),
        (datetime(2026, 3, 4, 5, 0, tzinfo=UTC), [DAY]),
        (datetime(2026, 3, 4, 22, 59, tzinfo=UTC), [DAY]),
        (datetime(2026, 3, 4, 23, 1, tzinfo=UTC), []),
    ],
)
def test_a_report_is_due_on_the_customers_morning(settled: MadeUp, now: datetime, due: list[date]):
    found = due_reports(settled.database, Everyone(a_setup()), now)

    assert [each.day for each in found] == due


def test_the_hour_is_the_customers_choice(settled: MadeUp):
    late = a_setup(report=ReportPolicy(at="11:30"))

    assert due_reports(settled.database, Everyone(late), datetime(2026, 3, 4, 10, 29, tzinfo=UTC)) == []
    assert due_reports(settled.database, Everyone(late), datetime(2026, 3, 4, 10, 30, tzinfo=UTC)) != []


def test_a_report_that_was_made_is_not_due(settled: MadeUp, store: DirectoryStore):
    make(settled, store)

    assert due_reports(settled.database, Everyone(a_setup()), datetime(2026, 3, 4, 9, tzinfo=UTC)) == []


def test_a_report_made_while_the_day_lasted_does_not_stand_in_for_the_day(settled: MadeUp, store: DirectoryStore):
    make(settled, store)
    settled.rows("UPDATE reports SET made_at = :at RETURNING id", at=at(15))

    assert len(due_reports(settled.database, Everyone(a_setup()), datetime(2026, 3, 4, 9, tzinfo=UTC))) == 1


def test_what_was_mailed_while_the_day_lasted_does_not_stand_in_for_the_mornings_mail(
    customer: MadeUp, store: DirectoryStore
):
    today = datetime.now(BERLIN).date()
    make(customer, store, day=today)

    assert {row.key_kind for row in customer.rows("SELECT template AS key_kind FROM outbox")} == {"daily_report"}
    before = {row.dedupe_key for row in customer.rows("SELECT dedupe_key FROM outbox")}
    make(customer, store, day=DAY)
    after = {row.dedupe_key for row in customer.rows("SELECT dedupe_key FROM outbox")}
    assert len(after - before) == 2


def test_a_report_that_failed_is_left_alone_for_an_hour(settled: MadeUp, tmp_path):
    yesterday_of = datetime.now(UTC)
    setup = a_setup(report=ReportPolicy(at="00:00"))
    (due,) = due_reports(settled.database, Everyone(setup), yesterday_of)
    with pytest.raises(ReportNotMadeError):
        make(settled, FullStore(tmp_path / "full"), day=due.day, mail=False)

    assert due_reports(settled.database, Everyone(setup), datetime.now(UTC)) == []


def test_a_customer_without_a_usable_configuration_has_no_report_due(settled: MadeUp):
    assert due_reports(settled.database, Everyone(None), datetime(2026, 3, 4, 9, tzinfo=UTC)) == []


def test_an_organization_has_no_report_of_a_day_before_it_existed(customer: MadeUp):
    setup = a_setup(report=ReportPolicy(at="00:00"))

    assert due_reports(customer.database, Everyone(setup), datetime.now(UTC)) == []
