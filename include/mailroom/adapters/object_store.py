"""Opening the object store that a URL names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from mailroom.adapters.directory import DirectoryStore
from mailroom.domain.errors import ConfigurationError
from mailroom.ports import ObjectStore


def open_store(url: str, endpoint: str | None = None, *, kms_key_id: str | None = None) -> ObjectStore:
    """Return the store at `s3://bucket/prefix` or `file:///folder`.

    `endpoint` is the URL of an S3 server other than Amazon's. Raises `ConfigurationError` with code
    `store_url`.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        from mailroom.adapters.s3 import S3Store  # boto3 takes its time; a local store does without

        return S3Store(parts.netloc, unquote(parts.path), endpoint_url=endpoint or None, kms_key_id=kms_key_id)
    if (
        parts.scheme == "file"
        and parts.netloc in {"", "localhost"}
        and parts.path.startswith("/")
        and parts.path != "/"
    ):
        return DirectoryStore(Path(unquote(parts.path)))
    raise ConfigurationError(f"{url!r} is no object store. Use s3://bucket/prefix or file:///folder.", code="store_url")
