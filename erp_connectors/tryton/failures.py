"""What Tryton's answers mean for a bill: HTTP status codes, and `error` members of answers with status 200."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_connectors.errors import ConnectorError, NotReachableError, OutcomeUnknownError, UploadRefusedError

_LONGEST_SENTENCE = 400
_REFUSALS = {
    400: ("refused", "does not understand the request"),
    403: ("set_up", "does not let our user do this"),
    404: ("set_up", "knows no such database or address"),
    413: ("too_long", "takes no request of this size"),
    422: ("refused", "does not understand the request"),
}
_TRY_LATER = frozenset({429, 503})


class SignInNeededError(Exception):
    """The session is over, or never was: nothing was done with the request."""


def of_status(status: int, headers: Mapping[str, str], *, acts: bool) -> Exception:
    """Return the error for an answer whose status is not 200. `acts`: the request writes the bill."""
    if status == 401:
        return SignInNeededError()
    if status in _TRY_LATER:
        return NotReachableError(f"Tryton is busy (HTTP {status})", retry_after=_seconds(headers))
    if status in _REFUSALS:
        code, sentence = _REFUSALS[status]
        return UploadRefusedError(f"Tryton {sentence} (HTTP {status})", code=code)
    if 300 <= status < 400:
        return UploadRefusedError(f"the address is not Tryton's, it redirects (HTTP {status})", code="set_up")
    return unanswered(f"it answered with HTTP {status}", acts=acts)


def of_error(error: Any, *, method: str, acts: bool) -> ConnectorError:
    """Return the error for the `error` member of an answer.

    Tryton's own sentences are kept in the language of our user there. A warning is a question to a person
    (`UserWarning`); answering it would mean saying yes in somebody's name, so it is a refusal.
    """
    name, arguments = _parts(error)
    if name == "UserWarning" and len(arguments) >= 2:
        code = "duplicate" if str(arguments[0]).endswith("invoice_similar") else "refused"
        return UploadRefusedError(f"Tryton asks a person first: {_sentence(*arguments[1:3])}", code=code)
    if name == "UserError" and arguments:
        return UploadRefusedError(f"Tryton refused: {_sentence(*arguments[:2])}", code="refused")
    if name == "LoginException":
        return UploadRefusedError("Tryton wants more than a password to let our user in", code="sign_in")
    if name == "ConcurrencyException":
        return NotReachableError("somebody else in Tryton changed the same record at that moment, nothing was kept")
    model = method.removeprefix("model.").rpartition(".")[0]
    if name == repr(model):
        return UploadRefusedError(f"this Tryton has no {model}: a module is not activated", code="set_up")
    return unanswered("it failed inside", acts=acts)


def unanswered(words: str, *, acts: bool) -> ConnectorError:
    """Return the error for a request whose outcome nobody told us."""
    if acts:
        return OutcomeUnknownError(f"the bill was sent to Tryton and its outcome is not known: {words}")
    return NotReachableError(f"Tryton cannot be used now: {words}")


def _parts(error: Any) -> tuple[str, Sequence[Any]]:
    if not isinstance(error, list) or not error:
        return "", ()
    arguments = error[1] if len(error) > 1 and isinstance(error[1], list) else ()
    return str(error[0]), arguments


def _sentence(*parts: Any) -> str:
    words = " ".join(" ".join(str(part).split()) for part in parts if part)
    return words if len(words) <= _LONGEST_SENTENCE else f"{words[:_LONGEST_SENTENCE]}…"


def _seconds(headers: Mapping[str, str]) -> float | None:
    named = {name.lower(): value for name, value in headers.items()}
    wish = named.get("retry-after", "")
    return float(wish) if wish.isascii() and wish.isdigit() else None
