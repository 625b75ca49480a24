"""Passwords and keys by name: the environment first, then a folder of files, then AWS Secrets Manager."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mailroom.domain.errors import ConfigurationError, UnavailableError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")
_KEPT_SECONDS = 300.0
_VARIABLE = "MAILROOM_SECRET_"
_FOLDER = "MAILROOM_SECRETS_DIR"
_AWS_PREFIX = "MAILROOM_SECRETS_AWS_PREFIX"


class SecretSource:
    """Looks secrets up, see `mailroom.ports.Secrets`.

    `MAILROOM_SECRET_<NAME>` in the environment; a file `<name>` in the folder `MAILROOM_SECRETS_DIR`; and,
    when `MAILROOM_SECRETS_AWS_PREFIX` is set, the AWS secret `<prefix><name>`, kept for five minutes.
    """

    def __init__(self, environ: Mapping[str, str], *, connect_aws: Callable[[], Any] | None = None) -> None:
        self._environ = environ
        self._folder = Path(environ[_FOLDER]) if environ.get(_FOLDER) else None
        self._aws_prefix = environ.get(_AWS_PREFIX)
        self._connect_aws = connect_aws or _connect_aws
        self._aws: Any = None
        self._kept: dict[str, tuple[float, str]] = {}

    def get(self, name: str) -> str:
        """Return the secret, without the line end that editors leave in a file.

        Raises `ConfigurationError` with code `no_secret` naming where it was looked for, and
        `UnavailableError` when AWS does not answer.
        """
        if _NAME.fullmatch(name) is None:
            raise ConfigurationError(f"{name[:80]!r} is no name of a secret.", code="no_secret")
        found = self._from_environment(name) or self._from_folder(name) or self._from_aws(name)
        if found:
            return found
        raise ConfigurationError(
            f"There is no secret {name}. Looked for {', '.join(self._places(name))}.", code="no_secret"
        )

    def _places(self, name: str) -> list[str]:
        places = [f"the variable {_VARIABLE}{name.upper()}"]
        places.append(f"the file {self._folder / name}" if self._folder else f"no folder ({_FOLDER} is not set)")
        if self._aws_prefix is not None:
            places.append(f"the AWS secret {self._aws_prefix}{name}")
        return places

    def _from_environment(self, name: str) -> str | None:
        return self._environ.get(_VARIABLE + name.upper())

    def _from_folder(self, name: str) -> str | None:
        if self._folder is None:
            return None
        try:
            return (self._folder / name).read_text("utf-8").rstrip("\r\n")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as err:
            message = f"The file of secret {name} can't be read: {type(err).__name__}."
            raise ConfigurationError(message, code="no_secret") from err

    def _from_aws(self, name: str) -> str | None:
        if self._aws_prefix is None:
            return None
        read_at, secret = self._kept.get(name, (0.0, ""))
        if secret and time.monotonic() - read_at < _KEPT_SECONDS:
            return secret
        found = self._ask_aws(self._aws_prefix + name)
        if found:
            self._kept[name] = (time.monotonic(), found)
        return found

    def _ask_aws(self, secret_id: str) -> str | None:
        from botocore.exceptions import BotoCoreError, ClientError  # only where AWS is in use

        try:
            self._aws = self._aws or self._connect_aws()
            answer = self._aws.get_secret_value(SecretId=secret_id)
        except ClientError as err:
            if err.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            message = f"AWS Secrets Manager refused {secret_id}: {err.response['Error']['Code']}."
            raise UnavailableError(message, code="secrets_unavailable") from err
        except BotoCoreError as err:
            message = f"AWS Secrets Manager did not answer for {secret_id}: {type(err).__name__}."
            raise UnavailableError(message, code="secrets_unavailable") from err
        return str(answer["SecretString"]) if "SecretString" in answer else None


def _connect_aws() -> Any:
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.session.Session().client("secretsmanager", config=config)
