"""A signing domain for tests: a key made here, and the DNS answers that publish it."""

from __future__ import annotations

import base64

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

COVERED = (b"from", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"to")


class SigningDomain:
    """One domain with one key under the selector `s`."""

    def __init__(self, domain: str = "bank.test") -> None:
        self.domain = domain
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    def sign(self, raw: bytes, covered: tuple[bytes, ...] = COVERED, *, length: bool = False) -> bytes:
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        present = [name for name in covered if b"\r\n" + name + b":" in b"\r\n" + raw.lower()]
        line = dkim.sign(raw, b"s", self.domain.encode(), pem, include_headers=present, length=length)
        return bytes(line) + raw

    def text(self, name: str) -> bytes | None:
        return self.record if name.rstrip(".") == f"s._domainkey.{self.domain}" else None
