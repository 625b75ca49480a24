"""The settings of `tryton`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from erp_connectors.errors import SettingsError, SettingsFault
from erp_connectors.settings_reader import SettingsReader

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Which Tryton, as whom, and how our words are called there.

    `company` is a name, needed when the user sees several. `journal` is a code; without it Tryton takes
    its own for expenses. `payment_term` is a term's name, `paper` for the due date printed on the bill, or
    None for the supplier's own term, and the paper's date where the supplier has none. `accounts` and
    `taxes` translate codes on bills into Tryton's account codes and names of taxes; what they do not name
    is taken as it is. `default_tax` is for lines without a code on a bill that has tax.
    `suppliers` is the category of parties that are suppliers; without it every party with a code is one.
    """

    url: SplitResult
    database: str
    user: str
    password: str
    company: str | None
    journal: str | None
    payment_term: str | None
    accounts: Mapping[str, str]
    taxes: Mapping[str, str]
    default_tax: str | None
    suppliers: str | None
    ca_file: str | None
    timeout_seconds: int
    connect_seconds: int

    @classmethod
    def read(cls, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Settings:
        """Return the settings, or raise `SettingsError` with every fault."""
        reader = SettingsReader(settings)
        found = cls(
            url=_url(reader),
            database=reader.text("database"),
            user=reader.text("user"),
            password=secrets.get("password", ""),
            company=_optional(reader, "company"),
            journal=_optional(reader, "journal"),
            payment_term=_optional(reader, "payment_term"),
            accounts=_words(reader, "accounts"),
            taxes=_words(reader, "taxes"),
            default_tax=_optional(reader, "default_tax"),
            suppliers=_optional(reader, "suppliers"),
            ca_file=_file(reader, "ca_file"),
            timeout_seconds=reader.seconds("timeout_seconds", 30),
            connect_seconds=reader.seconds("connect_seconds", 10),
        )
        if not found.password:
            reader.fault("", "the secret password is missing")
        for role in sorted(set(secrets) - {"password"}):
            reader.fault("", f"secret {role!r} is not used: Tryton wants a password only")
        reader.finish()
        return found

    @classmethod
    def faults(cls, settings: Mapping[str, Any]) -> Sequence[SettingsFault]:
        """Return everything that is wrong with these settings; secrets are not looked at."""
        try:
            cls.read(settings, {"password": "not looked at"})
        except SettingsError as err:
            return err.faults
        return ()


def _url(reader: SettingsReader) -> SplitResult:
    written = reader.text("url")
    try:
        url = urlsplit(written)
        usable = url.scheme in {"http", "https"} and bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        url, usable = urlsplit(""), False
    if not written:
        return url
    if not usable or url.query or url.fragment:
        reader.fault("url", "is not the address of a Tryton server, such as https://erp.example.com")
    elif url.username or url.password:
        reader.fault("url", "holds a user or password; they belong under user and the secret password")
    elif url.scheme == "http" and url.hostname not in LOOPBACK:
        reader.fault("url", "must begin with https://: the password and every bill would travel in the open")
    return url


def _optional(reader: SettingsReader, name: str) -> str | None:
    return reader.text(name) if reader.has(name) else None


def _words(reader: SettingsReader, name: str) -> dict[str, str]:
    nested = reader.mapping(name, required=False)
    found = {}
    for word in nested.names():
        # YAML reads a code such as 6800 as a number; it is a name all the same.
        value = nested.value(word)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            nested.fault(word, f"must be a text, not {value!r}")
            continue
        found[word] = value
    return found


def _file(reader: SettingsReader, name: str) -> str | None:
    path = _optional(reader, name)
    if path is not None and not Path(path).is_file():
        reader.fault(name, f"there is no file {path}")
        return None
    return path
