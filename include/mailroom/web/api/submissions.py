"""Hand a document in: as a form with files, or as JSON (S3-050)."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from mailroom.intake.commit import IntakeCommit
from mailroom.intake.submission import HandedIn, Received, Reception, names_of
from mailroom.web.api.asked import StartAsked
from mailroom.web.api.errors import ApiError, correlation_id, error_body
from mailroom.web.api.once import OnlyOnce, Told
from mailroom.web.api.principal import Parts, Starter
from mailroom.web.api.told import ErrorAnswer, StartedTold

router = APIRouter(prefix="/transactions", tags=["transactions"])

MOST_FILES = 20
_MULTIPART = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "maxItems": MOST_FILES,
        },
        "sender": {"type": "string", "description": "Whose invoice it is, as far as known: a mail address."},
    },
}


def _json_schema() -> dict[str, Any]:
    """Return the schema with its parts in place: references would point out of the OpenAPI document."""
    schema = StartAsked.model_json_schema()
    schema["properties"]["files"]["items"] = schema.pop("$defs")["FileAsked"]
    return schema


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _json_schema()},
            "multipart/form-data": {"schema": _MULTIPART},
        },
    }
}

_OTHER: dict[int | str, dict[str, Any]] = {415: {"model": ErrorAnswer, "description": "Neither a form nor JSON"}}


async def _read(request: Request) -> tuple[tuple[tuple[str, bytes], ...], str | None]:
    """Return the files and the sender. Raises `RequestValidationError`, or `ApiError` 415 for another form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(await request.body())
    if kind == "multipart/form-data":
        return await _from_form(request)
    raise ApiError(415, "unsupported_media_type", "Send multipart/form-data with `files`, or application/json.")


def _from_json(body: bytes) -> tuple[tuple[tuple[str, bytes], ...], str | None]:
    try:
        asked = StartAsked.model_validate(json.loads(body))
        files = tuple((each.filename, base64.b64decode(each.content_base64, validate=True)) for each in asked.files)
    except ValidationError as err:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in err.errors()]) from err
    except (ValueError, RecursionError, binascii.Error) as err:
        raise _wrong("content_base64" if isinstance(err, binascii.Error) else "", "cannot be decoded") from err
    return files, asked.sender


async def _from_form(request: Request) -> tuple[tuple[tuple[str, bytes], ...], str | None]:
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=10, max_part_size=64 * 1024)
    except HTTPException as err:
        raise _wrong("", "this is no form that can be read") from err
    files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    if not files:
        raise _wrong("files", "send at least one file")
    found = tuple([((each.filename or "document")[:200], await each.read()) for each in files])
    sender = form.get("sender")
    if sender is None or sender == "":
        return found, None
    try:
        named = {"files": [{"filename": "x", "content_base64": "eA=="}], "sender": sender}
        return found, StartAsked.model_validate(named).sender
    except ValidationError as err:
        raise _wrong("sender", "this is no mail address") from err


def _wrong(field: str, message: str) -> RequestValidationError:
    return RequestValidationError(
        [{"loc": ("body", *([field] if field else [])), "msg": message, "type": "value_error"}]
    )


Uploaded = Annotated[tuple[tuple[tuple[str, bytes], ...], str | None], Depends(_read)]


@router.post(
    "", response_model=StartedTold, status_code=201, summary="Hand a document in", responses=_OTHER, openapi_extra=_BODY
)
def start(request: Request, who: Starter, services: Parts, once: OnlyOnce, uploaded: Uploaded) -> Response:
    """Open a transaction for each invoice in the files: a PDF, an XML, a picture, or an XML with its PDF.

    What holds no invoice is kept and answered with 422 and the reason; `details` names the message it is kept as.
    """
    files, sender = uploaded
    content = [names_of(files), sender]
    kept = once.look_up(services, who)
    if kept is not None:
        return once.again(kept, once.digest(content))
    commit = IntakeCommit(services.database, services.store, services.setups, services.audit_key)
    reception = Reception(commit, services.setups, services.inspect, services.virus_scanner)
    handed_in = HandedIn(files, f"{who.key_id}:{once.key}", who.actor, sender)
    disposal = reception.look_at(who.organization_id, handed_in)
    return once.run(
        services,
        who,
        content,
        lambda connection: _told(reception.take(connection, who.organization_id, disposal, who.actor), request),
    )


def _told(received: Received, request: Request) -> Told:
    if received.transactions:
        body = {
            "message_id": str(received.message_id),
            "disposition": received.disposition,
            "reason": received.reason,
            "transactions": [str(key) for key in received.transactions],
        }
        return Told(body, 201)
    words = received.message or "It holds no invoice."
    details = [{"field": "message_id", "message": str(received.message_id)}]
    return Told(error_body(received.reason, f"No transaction: {words}", correlation_id(request), details), 422)
