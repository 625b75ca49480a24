"""TXT records: from the DNS, or from a zone file in the local profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import dns.exception
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.resolver
import dns.zone

from mailroom.domain.errors import ConfigurationError, UnavailableError

TextLookup = Callable[[str], bytes | None]
"""Returns the first TXT record of a name, its strings joined, or None. Raises `UnavailableError`."""


def resolved_text(seconds: float = 5.0) -> TextLookup:
    """Return a look-up in the DNS; an answer takes at most so many seconds."""
    resolver = dns.resolver.Resolver()
    resolver.lifetime = seconds

    def look_up(name: str) -> bytes | None:
        try:
            answers = resolver.resolve(name, dns.rdatatype.TXT)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError):
            return None
        except dns.exception.DNSException as err:
            raise UnavailableError(f"The DNS does not answer for {name}.", code="dns_unavailable") from err
        return next((b"".join(answer.strings) for answer in answers), None)

    return look_up


def zone_text(path: Path) -> TextLookup:
    """Return a look-up in a zone file (RFC 1035 master format, owner names absolute); it is read at each change."""

    def look_up(name: str) -> bytes | None:
        try:
            changed = path.stat().st_mtime_ns
        except OSError as err:
            raise ConfigurationError(f"The zone file {path} cannot be read: {err.strerror}.") from err
        return _records(path, changed).get(name.rstrip(".").lower())

    return look_up


@lru_cache(maxsize=4)
def _records(path: Path, changed: int) -> dict[str, bytes]:
    try:
        zone = dns.zone.from_file(str(path), origin=".", relativize=False, check_origin=False)
    except (OSError, dns.exception.DNSException) as err:
        raise ConfigurationError(f"The zone file {path} cannot be read: {err}.") from err
    return {
        name.to_text(omit_final_dot=True).lower(): b"".join(record.strings)
        for name, _, record in zone.iterate_rdatas(dns.rdatatype.TXT)
        if isinstance(record, dns.rdtypes.ANY.TXT.TXT)
    }
