"""A signed-in session with Tryton: calls methods of its models, and signs in again when a session is over."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from erp_connectors.errors import ConnectorError, NotReachableError, UploadRefusedError
from erp_connectors.tryton import failures
from erp_connectors.tryton.failures import SignInNeededError
from erp_connectors.tryton.settings import Settings
from erp_connectors.tryton.transport import NoAnswerError, NotSentError, Transport
from erp_connectors.tryton.wire import decoded, encoded

Record = dict[str, Any]
Domain = list[Any]


@dataclass(frozen=True, slots=True)
class _SignedIn:
    authorization: str
    context: Mapping[str, Any]


class Session:
    """Calls one database of one server as one user; may be used by several threads at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._transport = Transport(settings)
        self._signing_in = threading.Lock()
        self._signed_in: _SignedIn | None = None

    @property
    def company(self) -> int:
        """Return the company the bills are for, as Tryton's id."""
        return int(self._sign_in_once().context["company"])

    def series(self) -> str:
        """Return the server's version, such as `8.0`; needs no sign-in."""
        return str(self._ask("/rpc/", "common.server.version", (), {}))

    def call(self, method: str, *arguments: Any, acts: bool = False) -> Any:
        """Return what a method returns. `acts`: it writes the bill, so silence is an unknown outcome.

        Raises `UploadRefusedError`, `NotReachableError`, and `OutcomeUnknownError` only with `acts`.
        """
        signed_in = self._sign_in_once()
        try:
            return self._as(signed_in, method, arguments, acts=acts)
        except SignInNeededError:
            # The session ended; Tryton says so before it does anything, so the same may be sent again.
            signed_in = self._sign_in(signed_in)
        try:
            return self._as(signed_in, method, arguments, acts=acts)
        except SignInNeededError:
            raise UploadRefusedError("Tryton ends our user's session at once", code="sign_in") from None

    def search_read(
        self, model: str, domain: Domain, fields: Sequence[str], *, order: Domain | None = None, page: int = 500
    ) -> list[Record]:
        """Return these fields of every record in the domain, asked for page by page."""
        found: list[Record] = []
        while True:
            arguments = (domain, len(found), page, order or [["id", "ASC"]], list(fields))
            rows = self.call(f"model.{model}.search_read", *arguments)
            found.extend(rows)
            if len(rows) < page:
                return found

    def close(self) -> None:
        """Sign out, if the server listens; a session left over ends by itself."""
        signed_in, self._signed_in = self._signed_in, None
        if signed_in is not None:
            try:
                headers = {"Authorization": signed_in.authorization}
                self._ask(self._path(), "common.db.logout", (), headers)
            except (ConnectorError, SignInNeededError):
                return

    def _sign_in_once(self) -> _SignedIn:
        return self._sign_in(None)

    def _sign_in(self, worn_out: _SignedIn | None) -> _SignedIn:
        """Return the session in use, or a new one when there is none but the one that is worn out."""
        with self._signing_in:
            if self._signed_in is None or self._signed_in is worn_out:
                self._signed_in = None
                self._signed_in = self._new_session()
            return self._signed_in

    def _new_session(self) -> _SignedIn:
        user = self._settings.user
        try:
            login = self._ask(self._path(), "common.db.login", (user, {"password": self._settings.password}, None), {})
        except SignInNeededError:
            raise UploadRefusedError(
                "Tryton does not let our user in: wrong name or password", code="sign_in"
            ) from None
        token = base64.b64encode(f"{user}:{login[0]}:{login[1]}".encode()).decode()
        headers = {"Authorization": f"Session {token}"}
        # Tryton speaks the language of the context, not of the user; a client passes the preferences on.
        context = dict(self._ask(self._path(), "model.res.user.get_preferences", (True, {}), headers))
        context["company"] = self._company(context, headers)
        return _SignedIn(headers["Authorization"], context)

    def _company(self, context: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        wanted, model = self._settings.company, "company.company"
        if wanted is None:
            if not context.get("company"):
                raise UploadRefusedError("our user in Tryton has no company; name one in the settings", code="set_up")
            return int(context["company"])
        domain = [["party.name", "=", wanted]]
        found = self._ask(self._path(), f"model.{model}.search", (domain, 0, 2, None, context), headers)
        if len(found) != 1:
            raise UploadRefusedError(f"our user in Tryton sees no company named {wanted!r}", code="set_up")
        return int(found[0])

    def _as(self, signed_in: _SignedIn, method: str, arguments: tuple[Any, ...], *, acts: bool) -> Any:
        headers = {"Authorization": signed_in.authorization}
        return self._ask(self._path(), method, (*arguments, signed_in.context), headers, acts=acts)

    def _ask(
        self, path: str, method: str, arguments: tuple[Any, ...], headers: Mapping[str, str], *, acts: bool = False
    ) -> Any:
        try:
            answer = self._transport.post(path, encoded(method, arguments), headers)
        except NotSentError as err:
            if err.by_setup:
                raise UploadRefusedError(f"Tryton is not to be trusted: {err}", code="set_up") from err
            raise NotReachableError(f"Tryton cannot be reached: {err}") from err
        except NoAnswerError as err:
            raise failures.unanswered(str(err), acts=acts) from err
        if answer.status != 200:
            raise failures.of_status(answer.status, answer.headers, acts=acts)
        try:
            found = decoded(answer.body)
            if "error" not in found:
                return found["result"]
        except (ValueError, KeyError, TypeError) as err:
            raise failures.unanswered("its answer cannot be read", acts=acts) from err
        raise failures.of_error(found["error"], method=method, acts=acts)

    def _path(self) -> str:
        return f"/{quote(self._settings.database, safe='')}/rpc/"
