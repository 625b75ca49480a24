"""A client of Tryton's JSON-RPC for tests: what a clerk does there, without the connector."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
from datetime import date
from decimal import Decimal
from typing import Any

from tests.servers.tryton.template import DATABASE, PASSWORD


class Clerk:
    """Somebody signed in to Tryton."""

    def __init__(self, port: int, login: str = "mailroom") -> None:
        self._port = port
        self._headers = {"Content-Type": "application/json"}
        user, session, _ = self._ask("common.db.login", login, {"password": PASSWORD})
        token = base64.b64encode(f"{login}:{user}:{session}".encode()).decode()
        self._headers["Authorization"] = f"Session {token}"
        self._context = self._ask("model.res.user.get_preferences", True, {})

    def call(self, method: str, *arguments: Any) -> Any:
        """Return what a model's method returns; amounts and dates go and come in Tryton's own form."""
        return self._ask(f"model.{method}", *arguments, self._context)

    def one(self, model: str, field: str, value: str) -> int:
        """Return the id of the one record that has this value."""
        (found,) = self.call(f"{model}.search", [[field, "=", value]])
        return int(found)

    def _ask(self, method: str, *arguments: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        body = json.dumps({"id": 0, "method": method, "params": arguments}, default=_form)
        connection.request("POST", f"/{DATABASE}/rpc/", body, self._headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        found = json.loads(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)
        assert "error" not in found, found["error"]
        return found["result"]


def _form(value: object) -> dict[str, Any]:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    assert isinstance(value, date)
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
