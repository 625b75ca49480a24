"""DKIM keys of the local mail domains, and the DNS zone that publishes them.

A reply that approves an invoice must be proved to come from its sender. On a laptop no DNS answers for
`customer.test`, so the stack makes each local domain's key itself and writes the records a real
domain would publish into a zone file (RFC 1035 master format, owner names absolute) that
`MAILROOM_DNS_ZONE_FILE` points to.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailroom.local.state_folder import StateFolder, write_private

SELECTOR = "mailroom"


class DomainKeys:
    """The signing keys of local domains, made on first use and kept under the state folder."""

    def __init__(self, folder: StateFolder) -> None:
        self._keys = folder.secrets / "dkim"
        self._zone = folder.dns_zone

    def ensure(self, domains: Iterable[str]) -> None:
        """Make the keys that are missing and write the zone of all domains that have one."""
        self._keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._zone.parent.mkdir(parents=True, exist_ok=True)
        for domain in domains:
            if not self._path(domain).exists():
                write_private(self._path(domain), _new_key(), durable=True)
        write_private(self._zone, "".join(self._records(domain) for domain in self.domains()))

    def domains(self) -> list[str]:
        """Return the domains that have a key, in order."""
        return sorted(path.stem for path in self._keys.glob("*.pem"))

    def private_key(self, domain: str) -> bytes | None:
        """Return a domain's PEM key, or None when the domain is not local."""
        path = self._path(domain)
        return path.read_bytes() if path.exists() else None

    def _path(self, domain: str) -> Path:
        return self._keys / f"{Path(domain.lower()).name}.pem"

    def _records(self, domain: str) -> str:
        public = _public_key(self._path(domain).read_bytes())
        # One TXT string holds at most 255 bytes (RFC 1035, 3.3); a 2048-bit key needs two.
        record = f"v=DKIM1; k=rsa; p={public}"
        strings = " ".join(f'"{record[at : at + 250]}"' for at in range(0, len(record), 250))
        return (
            f"{domain}. 300 IN MX 10 localhost.\n"
            f'{domain}. 300 IN TXT "v=spf1 ip4:127.0.0.1 -all"\n'
            f'_dmarc.{domain}. 300 IN TXT "v=DMARC1; p=reject; adkim=s"\n'
            f"{SELECTOR}._domainkey.{domain}. 300 IN TXT {strings}\n"
        )


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def _public_key(pem: bytes) -> str:
    key = serialization.load_pem_private_key(pem, password=None)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(public).decode()
