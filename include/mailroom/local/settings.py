"""What a person can change about the local stack, all of it by environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

import mailroom
from mailroom.domain.errors import ConfigurationError
from mailroom.local.listening import free_ports, holder_of, is_free
from mailroom.local.state_folder import StateFolder, default_state_dir

PORT_NAMES = ("postgres", "imap", "smtp", "airflow", "web")


def repository() -> Path:
    """Return the folder that holds include/, dags/, plugins/ and config/."""
    return Path(mailroom.__file__).resolve().parents[2]


class StackSettings(BaseSettings):
    """Settings of the local stack: each field is read from `MAILROOM_<FIELD>`.

    The default ports lie below the range from which the kernel takes ports for outgoing connections.
    """

    model_config = SettingsConfigDict(env_prefix="MAILROOM_", frozen=True, extra="ignore")

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

    def with_usable_ports(self, names: tuple[str, ...] = PORT_NAMES) -> StackSettings:
        """Return these settings with every named port free.

        Raises `ConfigurationError` naming each taken port, who holds it and the setting that changes
        it, unless `ports` is `auto`: then taken ones are replaced.
        """
        taken = [name for name in names if not is_free(self.port(name))]
        taken += [name for name in names if name not in taken and self._earlier_twin(name, names)]
        if not taken:
            return self
        if self.ports == "auto":
            fresh = free_ports(len(taken), avoid=[self.port(name) for name in PORT_NAMES])
            return self.model_copy(update={f"port_{name}": port for name, port in zip(taken, fresh, strict=True)})
        raise ConfigurationError(" ".join(self._complaint(name) for name in taken), code="port_taken")

    def _earlier_twin(self, name: str, names: tuple[str, ...]) -> str | None:
        earlier = names[: names.index(name)]
        return next((other for other in earlier if self.port(other) == self.port(name)), None)

    def _complaint(self, name: str) -> str:
        twin = self._earlier_twin(name, PORT_NAMES)
        holder = f"our own {twin}" if twin else holder_of(self.port(name))
        return (
            f"Port {self.port(name)} for {name} is taken by {holder}; "
            f"set MAILROOM_PORT_{name.upper()} to another one or use `mailroom up --ports auto`."
        )
