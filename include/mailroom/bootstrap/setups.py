"""Each organization's configuration, bound to code; the last good one stands in for a faulty file."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import structlog
from pydantic import ValidationError

from mailroom.database.configurations import keep_configuration, latest_configuration
from mailroom.database.dispatch import organization_ids
from mailroom.database.session import Database
from mailroom.domain.errors import ConfigurationError, UnknownIdError
from mailroom.engine.process import build_process
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.step import StepRegistry
from mailroom.settings.configuration import Configuration, CustomerBundle

log = structlog.get_logger()


@dataclass(slots=True)
class CustomerSetups:
    """Looks setups up by organization; one look per organization and process."""

    database: Database
    configuration: Configuration
    registry: StepRegistry
    _found: dict[UUID, tuple[CustomerBundle, CustomerSetup] | None] = field(default_factory=dict)
    _slugs: dict[str, UUID] = field(default_factory=dict)

    def organizations(self) -> dict[str, UUID]:
        """Return every active organization's id by slug."""
        if not self._slugs:
            with self.database.dispatch() as connection:
                self._slugs = organization_ids(connection)
        return self._slugs

    def organization(self, slug: str) -> UUID:
        """Return an organization's id; raises `UnknownIdError` naming the known ones."""
        known = self.organizations()
        if slug not in known:
            raise UnknownIdError(f"there is no active organization {slug!r}; known are {', '.join(known) or 'none'}")
        return known[slug]

    def of(self, organization_id: UUID) -> CustomerSetup | None:
        """Return an organization's setup, or None when it has no usable configuration."""
        found = self._look_up(organization_id)
        return None if found is None else found[1]

    def bundle(self, organization_id: UUID) -> CustomerBundle:
        """Return an organization's whole configuration; raises `ConfigurationError` when none is usable."""
        found = self._look_up(organization_id)
        if found is None:
            raise ConfigurationError(
                f"organization {organization_id} has no usable configuration; run mailroom check-config",
                code="no_configuration",
            )
        return found[0]

    def _look_up(self, organization_id: UUID) -> tuple[CustomerBundle, CustomerSetup] | None:
        if organization_id not in self._found:
            self._found[organization_id] = self._load(organization_id)
        return self._found[organization_id]

    def _load(self, organization_id: UUID) -> tuple[CustomerBundle, CustomerSetup] | None:
        slug = next((slug for slug, key in self.organizations().items() if key == organization_id), None)
        bundle = self.configuration.bundles.get(slug or "")
        if bundle is not None:
            try:
                setup = self.bind(bundle)
            except ConfigurationError as err:
                log.error("configuration not used", organization=slug, code=err.code, cause=err.message)
            else:
                self._keep(organization_id, bundle)
                return bundle, setup
        if slug is None or (bundle is None and slug not in self.configuration.faulty):
            return None
        return self._last_good(organization_id, slug)

    def bind(self, bundle: CustomerBundle) -> CustomerSetup:
        """Return the bundle bound to code; raises `ConfigurationError` for an unknown step or setting."""
        processes = {
            name: build_process(policy, self.registry, bundle.retries) for name, policy in bundle.processes.items()
        }
        return CustomerSetup(bundle.customer, processes, bundle.hash)

    def _keep(self, organization_id: UUID, bundle: CustomerBundle) -> None:
        with self.database.organization(organization_id) as connection:
            latest = latest_configuration(connection)
            if latest is None or latest[0] != bundle.hash:
                body = bundle.model_dump(mode="json", by_alias=True)
                keep_configuration(connection, organization_id, bundle.hash, body)

    def _last_good(self, organization_id: UUID, slug: str) -> tuple[CustomerBundle, CustomerSetup] | None:
        with self.database.organization(organization_id) as connection:
            latest = latest_configuration(connection)
        if latest is None:
            return None
        try:
            bundle = CustomerBundle.model_validate(latest[1])
            setup = self.bind(bundle)
        except (ValidationError, ConfigurationError) as err:
            log.error("last good configuration cannot be used", organization=slug, cause=type(err).__name__)
            return None
        log.warning("faulty configuration, the last good one is used", organization=slug, configuration=latest[0])
        return bundle, setup
