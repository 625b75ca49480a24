"""Values on Tryton's wire: JSON, in which dates, amounts and bytes are objects that name their class."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def encoded(method: str, arguments: tuple[Any, ...]) -> bytes:
    """Return the body of a call. The method stands first, so that a log or a proxy sees it."""
    call = {"method": method, "id": 0, "params": arguments}
    return json.dumps(call, default=_written, ensure_ascii=False, allow_nan=False).encode()


def decoded(body: bytes) -> Any:
    """Return what an answer holds; raises `ValueError` when it is no JSON of Tryton's."""
    try:
        return json.loads(body, object_hook=_read, parse_float=Decimal)
    except (KeyError, TypeError, ArithmeticError) as err:
        raise ValueError(f"a value in the answer cannot be read: {err}") from err


def _written(value: object) -> dict[str, Any]:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    if isinstance(value, bytes):
        return {"__class__": "bytes", "base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} has no form on Tryton's wire")


def _read(value: dict[str, Any]) -> Any:
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
        case "datetime":
            # Tryton's own clock, without a zone: only its day is used.
            return date(value["year"], value["month"], value["day"])
        case "bytes":
            return base64.b64decode(value["base64"])
        case _:
            return value
