"""Whom an encrypted connection trusts."""

from __future__ import annotations

import ssl

from mailroom.domain.errors import ConfigurationError


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a context that verifies the server's certificate and name.

    Raises `ConfigurationError` with code `ca_file` when `ca_file` can't be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as err:
        raise ConfigurationError(f"ca_file {ca_file} can't be used: {err}", code="ca_file") from err
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
