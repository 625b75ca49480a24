"""Errors as answers: one envelope, a stable code, one sentence, and the id to ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from mailroom.domain.errors import (
    ConfigurationError,
    MailroomError,
    NotAllowedError,
    RejectedInputError,
    UnavailableError,
    UnknownIdError,
)

log = structlog.get_logger()

_BY_KIND: Sequence[tuple[type[MailroomError], int]] = (
    (UnknownIdError, 404),
    (NotAllowedError, 409),
    (RejectedInputError, 422),
    (UnavailableError, 503),
    (ConfigurationError, 503),
)
_BY_CODE = {"no_authority": 403}
_WORDS = {
    400: ("bad_request", "The request could not be read."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address cannot be used that way."),
}


class ApiError(Exception):
    """An answer that is no success, with its status and headers."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def correlation_id(request: Request) -> str:
    """Return the id that this request's answer and log lines carry."""
    return str(request.scope.get("correlation_id", ""))


def error_body(
    code: str, message: str, correlation: str, details: Sequence[Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """Return the envelope."""
    error: dict[str, Any] = {"code": code, "message": message, "correlation_id": correlation}
    return {"error": error | ({"details": list(details)} if details else {})}


def register_errors(app: FastAPI) -> None:
    """Answer every error of this application with the envelope."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(MailroomError, _mailroom_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)


async def _api_error(request: Request, err: Exception) -> JSONResponse:
    assert isinstance(err, ApiError)
    return JSONResponse(
        error_body(err.code, err.message, correlation_id(request)), status_code=err.status, headers=err.headers
    )


async def _mailroom_error(request: Request, err: Exception) -> JSONResponse:
    assert isinstance(err, MailroomError)
    status = _BY_CODE.get(err.code) or next((code for kind, code in _BY_KIND if isinstance(err, kind)), 500)
    message, headers = err.message, {}
    if status >= 500:
        log.warning("request failed", code=err.code)
        # What a neighbour or a setting said is for the log; a caller can only wait or ask.
        message = "Something that this needs is not available; nothing was changed. Please try again."
        headers = {"Retry-After": str(int(getattr(err, "retry_after", None) or 30))}
    return JSONResponse(error_body(err.code, message, correlation_id(request)), status_code=status, headers=headers)


async def _invalid(request: Request, err: Exception) -> JSONResponse:
    """Name each field that is wrong; what was sent is not repeated."""
    assert isinstance(err, RequestValidationError)
    details = [
        {"field": ".".join(str(place) for place in each["loc"]), "message": str(each["msg"])} for each in err.errors()
    ]
    message = "Some of what was sent cannot be used; see details."
    return JSONResponse(error_body("invalid", message, correlation_id(request), details[:20]), status_code=422)


async def _http_error(request: Request, err: Exception) -> JSONResponse:
    assert isinstance(err, HTTPException)
    code, message = _WORDS.get(err.status_code, ("error", "This could not be done."))
    return JSONResponse(
        error_body(code, message, correlation_id(request)), status_code=err.status_code, headers=dict(err.headers or {})
    )
