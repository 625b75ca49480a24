"""Passwords and keys that `up` makes once and every later `up` uses again."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

from mailroom.domain.errors import ConfigurationError
from mailroom.local.lock import FileLock
from mailroom.local.state_folder import StateFolder, read_json, write_private

FILE = "generated.json"
AIRFLOW_PASSWORDS_FILE = "airflow-passwords.json"
AIRFLOW_USER = "admin"


def _password() -> str:
    """Make 160 random bits in letters and digits, which need no quoting in any URL, shell or option."""
    return secrets.token_hex(20)


def _key() -> str:
    """Make 256 random bits in URL-safe base64, the form that Fernet keys have too."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


_MAKERS = {
    "postgres_owner": _password,
    "postgres_login": _password,
    "postgres_airflow": _password,
    "postgres_ledger": _password,
    "mail": _password,
    "airflow_admin": _password,
    "airflow_fernet": _key,
    "airflow_jwt": _key,
    "airflow_api": _key,
    "audit_key": _key,
    "token_key": _key,
    "process_token": _key,
}


def generated(folder: StateFolder) -> dict[str, str]:
    """Return every generated password and key, making (only) those that are missing.

    Raises `ConfigurationError` when the file is there but not readable: making new ones then would
    lock us out of our own database.
    """
    path = folder.secrets / FILE
    known = read_json(path)
    if known is not None and known.keys() >= _MAKERS.keys():
        return dict(known)
    folder.create()
    with FileLock(folder.secrets / "lock").held(within=30):
        return _complete(folder, path)


def _complete(folder: StateFolder, path: Path) -> dict[str, str]:
    known = read_json(path)
    if known is None and path.exists():
        raise ConfigurationError(
            f"{path} cannot be read; restore it, or remove the state folder {folder.root} to start afresh.",
            code="generated_secrets",
        )
    values: dict[str, str] = dict(known or {})
    values |= {name: make() for name, make in _MAKERS.items() if name not in values}
    write_private(path, json.dumps(values, indent=2), durable=True)
    return values


def write_airflow_passwords(folder: StateFolder, values: dict[str, str]) -> None:
    """Write the file Airflow's SimpleAuthManager reads its users' passwords from."""
    passwords = {AIRFLOW_USER: values["airflow_admin"]}
    path = folder.secrets / AIRFLOW_PASSWORDS_FILE
    if read_json(path) != passwords:
        write_private(path, json.dumps(passwords))
