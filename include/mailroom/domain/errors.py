"""Errors named for what happens next: reject, hold, retry, ask."""

from __future__ import annotations


class MailroomError(Exception):
    """Carry a stable `code` and one clear sentence: what, where, what to do."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class RejectedInputError(MailroomError):
    """The input can never be used; trying again would not help."""

    code = "rejected_input"


class UnavailableError(MailroomError):
    """A neighbour (mailbox, store, ERP, database) does not answer; trying again can help.

    `retry_after` is the number of seconds the neighbour asked to wait, when it said so.
    """

    code = "unavailable"

    def __init__(self, message: str, *, code: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class ConfigurationError(MailroomError):
    """A setting is wrong; a person must change it before work goes on."""

    code = "configuration"


class UnknownIdError(MailroomError):
    """No such thing for this organization."""

    code = "not_found"


class NotAllowedError(MailroomError):
    """The actor has no authority for this."""

    code = "not_allowed"
