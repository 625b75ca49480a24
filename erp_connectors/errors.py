"""A connector's errors, named for what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ConnectorError(Exception):
    """Carry a stable `code` and one clear sentence: what, where, what to do."""

    code = "connector"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class UploadRefusedError(ConnectorError):
    """The bill is not in the system and trying again would not help: a person must act.

    Codes in use: `unusable_bill` (the bill itself), `key_conflict` (the key already names another bill),
    `duplicate` (the system holds such a bill under another key), `too_long`, `refused` (the system's own
    rule), `sign_in` (credentials), `set_up` (a folder, table or right is missing).
    """

    code = "refused"


class NotReachableError(ConnectorError):
    """Nothing was sent, or what was sent is certain to have left no trace: try again later.

    `retry_after` is the number of seconds the system asked to wait, when it said so.
    """

    code = "not_reachable"

    def __init__(self, message: str, *, code: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class OutcomeUnknownError(ConnectorError):
    """The bill was sent and no answer came: look it up by its key before anything is sent again."""

    code = "outcome_unknown"


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """One wrong setting: its dotted path (`tables.header.columns.key`) and what is wrong with it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class SettingsError(ConnectorError):
    """The settings can't be used; `faults` lists all that is wrong, not only the first."""

    code = "settings"

    def __init__(self, faults: Sequence[SettingsFault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class UnknownConnectorError(ConnectorError):
    """No installed package offers a connector of this name."""

    code = "unknown_connector"
