"""An object store in an S3 bucket, or in anything that speaks S3 with conditional writes."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

from mailroom.adapters.object_keys import checked_key, checked_prefix
from mailroom.domain.errors import ConfigurationError, MailroomError, UnavailableError, UnknownIdError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"NoSuchKey", "404", "NotFound"}
_TAKEN = {"PreconditionFailed", "412"}
_WRITER = "mailroom-writer"
_TRIES = 3
_AT_ONCE = 8


class S3Store:
    """Objects under `prefix` of one bucket; see `mailroom.ports.ObjectStore`. Safe for many threads.

    Every body travels with its SHA-256, which the store checks; with `kms_key_id` it is encrypted under
    that key. Three attempts each, five seconds to connect, thirty for an answer.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint_url: str | None = None,
        kms_key_id: str | None = None,
        client: S3Client | None = None,
    ) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = client or s3_client(endpoint_url)
        self._encryption: dict[str, Any] = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key_id} if kms_key_id else {}
        )

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        """Write `body` under `key`, durable when this returns; replaces what was there."""
        with self._explained("write", key):
            self._client.put_object(**self._object(key, body, content_type))

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> bool:
        """Write unless the key exists; tell whether this call wrote it."""
        writer = uuid.uuid4().hex
        request = self._object(key, body, content_type) | {"IfNoneMatch": "*", "Metadata": {_WRITER: writer}}
        with self._explained("write", key):
            for _ in range(_TRIES):
                try:
                    self._client.put_object(**request)
                except ClientError as err:
                    if _code(err) in _TAKEN:
                        # The answer to our own first attempt may have been lost, and boto3 has tried again.
                        return err.response["ResponseMetadata"].get("RetryAttempts", 0) > 0 and (
                            self._writer(key) == writer
                        )
                    if _code(err) != "ConditionalRequestConflict":
                        raise
                else:
                    return True
        message = f"Could not write {key}: others write it at the same time."
        raise UnavailableError(message, code="store_conflict")

    def put_many_if_absent(self, objects: Iterable[tuple[str, bytes]]) -> list[bool]:
        """Write each (key, bytes) unless its key exists, several at a time; tell which this call wrote."""
        with ThreadPoolExecutor(_AT_ONCE) as writers:
            return list(writers.map(lambda each: self.put_if_absent(*each), objects))

    def get(self, key: str) -> bytes:
        """Return the bytes under `key`, whole: a broken transfer raises."""
        with self._explained("read", key):
            return self._client.get_object(**self._named(key), ChecksumMode="ENABLED")["Body"].read()

    def exists(self, key: str) -> bool:
        """Tell whether `key` holds an object."""
        with self._explained("look for", key):
            try:
                self._client.head_object(**self._named(key))
            except ClientError as err:
                if _code(err) in _ABSENT:
                    return False
                raise
            return True

    def copy(self, source: str, target: str) -> None:
        """Copy one object inside the bucket, up to 5 GB."""
        with self._explained("copy", source):
            self._client.copy_object(
                **self._named(target), CopySource=self._named(source), ChecksumAlgorithm="SHA256", **self._encryption
            )

    def list(self, prefix: str) -> Iterator[str]:
        """Yield every key that starts with `prefix`, in order of bytes."""
        start = self.prefix + checked_prefix(prefix)
        with self._explained("list", prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=start)
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"].removeprefix(self.prefix)

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is no error."""
        with self._explained("delete", key):
            self._client.delete_object(**self._named(key))

    def _named(self, key: str) -> Any:
        return {"Bucket": self.bucket, "Key": self.prefix + checked_key(key)}

    def _object(self, key: str, body: bytes, content_type: str) -> Any:
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        content = {"Body": body, "ContentType": content_type, "ChecksumSHA256": checksum}
        return self._named(key) | content | self._encryption

    def _writer(self, key: str) -> str | None:
        return self._client.head_object(**self._named(key))["Metadata"].get(_WRITER)

    @contextmanager
    def _explained(self, doing: str, key: str) -> Iterator[None]:
        """Turn what boto3 raises into our errors."""
        try:
            yield
        except ClientError as err:
            raise self._refusal(err, doing, key) from err
        except (NoCredentialsError, ParamValidationError) as err:
            raise ConfigurationError(f"Could not {doing} {key} in S3: {err}", code="s3_settings") from err
        except (BotoCoreError, OSError) as err:
            message = f"Could not {doing} {key} in bucket {self.bucket}: {err}"
            raise UnavailableError(message, code="store_unavailable") from err

    def _refusal(self, err: ClientError, doing: str, key: str) -> MailroomError:
        code, status = _code(err), err.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        words = f"Could not {doing} {key} in bucket {self.bucket}: {code}"
        if code in _ABSENT:
            return UnknownIdError(f"There is no object {key}.", code="no_object")
        if code in {"NoSuchBucket", "NotImplemented", "InvalidAccessKeyId", "SignatureDoesNotMatch"}:
            return ConfigurationError(f"{words}. Correct the S3 settings.", code="s3_settings")
        # A 403 is waited out as well: rights that a person takes away are mostly given back.
        if status == 403:
            return UnavailableError(f"{words}. Grant access to the bucket.", code="store_denied")
        return UnavailableError(f"{words}.", code="store_unavailable", retry_after=_retry_after(err))


def s3_client(endpoint_url: str | None = None) -> S3Client:
    """Return a boto3 client with our time limits; credentials and region come from the environment."""
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=32,
        tcp_keepalive=True,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
        s3={"addressing_style": "path"} if endpoint_url else None,
    )
    return boto3.session.Session().client("s3", endpoint_url=endpoint_url, config=config)


def _code(err: ClientError) -> str:
    return str(err.response.get("Error", {}).get("Code", ""))


def _retry_after(err: ClientError) -> float | None:
    value = err.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after", "")
    return float(value) if value.isdigit() else None
