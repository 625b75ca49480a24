"""How the mailboxes are, and the report of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from mailroom.database.messages import HANDED_IN, mailbox_health
from mailroom.database.reporting import report_of
from mailroom.domain.errors import UnknownIdError
from mailroom.reporting.publish import KIND
from mailroom.web.api.principal import Parts, Principal, Reader
from mailroom.web.api.told import MailboxesTold, ReportTold
from mailroom.web.services import ApiServices

router = APIRouter(tags=["overview"])

FileName = Annotated[str, Path(max_length=100, pattern=r"^[a-z0-9_]+\.[a-z]{3,4}$")]
_TYPES = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
}


@router.get("/mailboxes", response_model=MailboxesTold, summary="How the mailboxes are")
def mailboxes(who: Reader, services: Parts) -> dict[str, Any]:
    """Return each mailbox folder with its last good poll and its last error."""
    with services.database.organization(who.organization_id) as connection:
        return {"items": [row for row in mailbox_health(connection) if row["name"] != HANDED_IN]}


@router.get("/reports/{day}", response_model=ReportTold, summary="The report of a day")
def report(who: Reader, services: Parts, day: date) -> dict[str, Any]:
    """Return a day's numbers and files; 404 while there is no report of that day."""
    found = _report(services, who, day)
    prefix = str(found["object_prefix"])
    names = [key.removeprefix(prefix) for key in services.store.list(prefix)]
    files = [{"name": name, "href": f"/api/v1/reports/{day}/files/{quote(name)}"} for name in names]
    return {**found, "files": files}


@router.get("/reports/{day}/files/{name}", summary="One file of a report", response_class=Response)
def report_file(who: Reader, services: Parts, day: date, name: FileName) -> Response:
    """Return a file of the report as a download."""
    body = services.store.get(f"{_report(services, who, day)['object_prefix']}{name}")
    headers = {
        "Content-Disposition": f'attachment; filename="{day}-{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(body, media_type=kind, headers=headers)


def _report(services: ApiServices, who: Principal, day: date) -> dict[str, Any]:
    with services.database.organization(who.organization_id) as connection:
        found = report_of(connection, KIND, day)
    if found is None:
        raise UnknownIdError(f"there is no report of {day}")
    return found
