"""What a database's error means for a bill, by where in its life it came."""

from __future__ import annotations

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    StatementError,
)

from erp_connectors.errors import (
    ConnectorError,
    NotReachableError,
    OutcomeUnknownError,
    UploadRefusedError,
)

# Classes of SQLSTATE (ISO 9075-2; PostgreSQL, appendix A) that pass by themselves: connection, rollback,
# resources, operator's intervention, system error.
_PASSING_CLASSES = frozenset({"08", "40", "53", "57", "58"})
_PASSING_STATES = frozenset({"55P03", "25006"})  # lock not available; read-only after a failover
# After these nobody knows what became of a COMMIT: connection, intervention, system error, unknown.
_SILENT_CLASSES = frozenset({"08", "57", "58"})
_COMPLETION_UNKNOWN = "40003"
_CODE_OF_CLASS = {"28": "sign_in", "42": "set_up", "3D": "set_up", "3F": "set_up"}
_TOO_LONG = frozenset({"22001", "22003"})
_SQLITE_NEEDS_A_PERSON = ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_ERROR", "SQLITE_NOTADB")
# libpq has no SQLSTATE for a refused sign-in, only these words.
_SIGN_IN_WORDS = ("authentication failed", "no pg_hba.conf entry", "no password supplied")
_SET_UP_WORDS = ("does not exist", "permission denied")


def on_connecting(err: DBAPIError) -> ConnectorError:
    """Return the error for a connection that was not made."""
    said = in_words(err)
    if any(words in said for words in _SIGN_IN_WORDS):
        return UploadRefusedError(f"the database does not let us in: {said}", code="sign_in")
    if any(words in said for words in _SET_UP_WORDS):
        return UploadRefusedError(f"the database is not set up for us: {said}", code="set_up")
    return NotReachableError(f"the database cannot be reached: {said}")


def before_commit(err: DBAPIError) -> ConnectorError:
    """Return the error for a statement that failed: a transaction that was not committed leaves no trace."""
    code = _refusal_code(err)
    if code is None:
        return NotReachableError(f"the database broke off and nothing was kept: {in_words(err)}")
    return UploadRefusedError(f"the database refused the bill: {in_words(err)}", code=code)


def of_value(err: Exception) -> UploadRefusedError:
    """Return the error for a value that the driver could not even send, for its column's type is another."""
    cause = err.orig if isinstance(err, StatementError) else err
    return UploadRefusedError(
        f"a column of the ledger is of another type than its mapping says: {cause}", code="set_up"
    )


def at_commit(err: DBAPIError) -> ConnectorError:
    """Return the error for a COMMIT that did not return: unknown, unless the database itself said no."""
    state = _sqlstate(err)
    if state is not None:
        silent = state[:2] in _SILENT_CLASSES or state == _COMPLETION_UNKNOWN
    else:
        silent = not _sqlite_name(err) or _sqlite_name(err).startswith("SQLITE_IOERR")
    if not silent:
        return before_commit(err)
    return OutcomeUnknownError(f"the database did not answer the commit of the bill: {in_words(err)}")


def is_duplicate(err: IntegrityError) -> bool:
    """Tell whether a unique index refused the row."""
    said = in_words(err).lower()
    return _sqlstate(err) == "23505" or "unique" in said or "duplicate" in said


def in_words(err: DBAPIError) -> str:
    """Return the database's own sentence. Only its first line: the others repeat the row's values."""
    return str(err.orig).strip().partition("\n")[0] or type(err.orig).__name__


def _refusal_code(err: DBAPIError) -> str | None:
    """Return the code of a refusal, or None when the fault may pass by itself."""
    if isinstance(err, IntegrityError):
        return "duplicate" if is_duplicate(err) else "refused"
    state = _sqlstate(err)
    return _code_by_class(err) if state is None else _code_by_state(state)


def _code_by_state(state: str) -> str | None:
    if state[:2] in _PASSING_CLASSES or state in _PASSING_STATES:
        return None
    return "too_long" if state in _TOO_LONG else _CODE_OF_CLASS.get(state[:2], "refused")


def _code_by_class(err: DBAPIError) -> str | None:
    if _sqlite_name(err).startswith(_SQLITE_NEEDS_A_PERSON) or isinstance(err, ProgrammingError):
        return "set_up"
    if isinstance(err, (OperationalError, InterfaceError, InternalError)):
        return None
    return "too_long" if isinstance(err, DataError) else "refused"


def _sqlstate(err: DBAPIError) -> str | None:
    state = getattr(err.orig, "sqlstate", None) or getattr(err.orig, "pgcode", None)
    return state if isinstance(state, str) else None


def _sqlite_name(err: DBAPIError) -> str:
    return str(getattr(err.orig, "sqlite_errorname", None) or "")
