"""What a process gets from its environment; every name starts with MAILROOM_."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mailroom.domain.errors import ConfigurationError

PREFIX = "MAILROOM_"


class Environment(BaseModel):
    """The settings of one process. `.env.example` lists every one; passwords come through `Secrets`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: Literal["local", "production"] = "production"
    database_url: str = Field(default="", description="the product's database, as role mailroom_login")
    database_owner_url: str = Field(default="", description="the same database as its owner, for migrations and admins")
    database_pool: int = Field(default=5, ge=1)
    s3_url: str = Field(default="", description="s3://bucket/prefix, or file:///folder")
    s3_endpoint_url: str | None = Field(default=None, description="an S3-compatible store's address")
    config_dir: Path = Path("config")
    secrets_dir: Path | None = None
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_security: Literal["tls", "starttls", "plain"] = "plain"
    smtp_username: str | None = None
    smtp_password_secret: str = "SMTP_PASSWORD"  # noqa: S105 - a secret's name, not a secret
    web_url: str = Field(default="http://localhost:8600", description="where people reach the web process")
    web_host: str = "127.0.0.1"
    web_port: int = 8600
    access_token_seconds: int = Field(default=3600, ge=60)
    refresh_token_seconds: int = Field(default=86_400, ge=60, description="must be more than access_token_seconds")
    api_rate: str = Field(default="50/second;3000/minute", description="what each API key may ask")
    api_upload_bytes: int = Field(default=25 * 1024 * 1024, ge=1024)
    dns_zone_file: Path | None = Field(default=None, description="DNS answers from a file; local profile only")
    virus_scan: Literal["off", "clamd"] = Field(default="off", description="off is for the local profile only")
    clamd_address: str = Field(default="tcp://localhost:3310", description="tcp://host:port, or unix:///path")
    lease_seconds: float = Field(default=30.0, ge=5)
    batch: int = Field(default=500, ge=1, le=5000)
    threads: int = Field(default=2, ge=1, le=64, description="files read side by side in one process")
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings from variables; an empty one counts as not set.

        Raises `ConfigurationError` naming every variable that is wrong.
        """
        given = {name: environ.get(PREFIX + name.upper()) for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as err:
            faults = [f"{PREFIX}{str(each['loc'][0]).upper()}: {each['msg']}" for each in err.errors()]
            raise ConfigurationError("; ".join(faults), code="environment") from err
