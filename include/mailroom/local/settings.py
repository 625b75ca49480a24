"""What a person can change about the local stack, all of it by environment variable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

import mailroom
from mailroom.domain.errors import ConfigurationError
from mailroom.local.listening import PortClaims, holder_of
from mailroom.local.state_folder import StateFolder, default_state_dir

PORT_NAMES = ("postgres", "imap", "smtp", "airflow", "web")


def repository() -> Path:
    """Return the folder that holds include/, dags/, plugins/ and config/."""
    return Path(mailroom.__file__).resolve().parents[2]


class StackSettings(BaseSettings):
    """Settings of the local stack: each field is read from `MAILROOM_<FIELD>`.

    The default ports lie below the range from which the kernel takes ports for outgoing connections.
    """

    model_config = SettingsConfigDict(env_prefix="MAILROOM_", frozen=True, extra="ignore", env_ignore_empty=True)

    state_dir: Path = Field(default_factory=default_state_dir)
    port_postgres: int = Field(15432, ge=1, le=65535)
    port_imap: int = Field(10143, ge=1, le=65535)
    port_smtp: int = Field(10025, ge=1, le=65535)
    port_airflow: int = Field(18080, ge=1, le=65535)
    port_web: int = Field(18000, ge=1, le=65535)
    ports: Literal["fixed", "auto"] = "fixed"
    """`auto`: a taken port is replaced by a free one."""
    home: Path = Field(default_factory=repository)
    config_dir: Path | None = None
    dags_dir: Path | None = None
    local_domains: str = "mailroom.test"
    """Mail domains the local server signs for, separated by commas."""

    @classmethod
    def from_environment(cls) -> StackSettings:
        """Read the settings; raises `ConfigurationError` naming each variable that is wrong."""
        try:
            return cls()
        except ValidationError as err:
            faults = (f"MAILROOM_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in err.errors())
            raise ConfigurationError("; ".join(faults), code="stack_settings") from err

    @property
    def folder(self) -> StateFolder:
        """The layout of the state directory."""
        return StateFolder(self.state_dir.expanduser().absolute())

    @property
    def domains(self) -> tuple[str, ...]:
        """The local mail domains."""
        return tuple(part.strip().lower() for part in self.local_domains.split(",") if part.strip())

    def port(self, name: str) -> int:
        """Return the port of one of `PORT_NAMES`."""
        return int(getattr(self, f"port_{name}"))

    def with_ports_claimed(self, claims: PortClaims, names: Sequence[str] = PORT_NAMES) -> StackSettings:
        """Claim every named port and return the settings, changed where `ports` is `auto`.

        Raises `ConfigurationError` naming each taken port, who holds it and the setting that changes
        it, unless `ports` is `auto`: then taken ones are replaced.
        """
        taken = [name for name in names if not claims.claim(self.port(name))]
        if self.ports == "auto":
            return self.model_copy(update={f"port_{name}": claims.claim_any() for name in taken})
        if taken:
            raise ConfigurationError(" ".join(self._complaint(name) for name in taken), code="port_taken")
        return self

    def _complaint(self, name: str) -> str:
        port = self.port(name)
        twin = next((other for other in PORT_NAMES[: PORT_NAMES.index(name)] if self.port(other) == port), None)
        return (
            f"Port {port} for {name} is taken by {f'our own {twin}' if twin else holder_of(port)}; "
            f"set MAILROOM_PORT_{name.upper()} to another one or use `mailroom up --ports auto`."
        )
