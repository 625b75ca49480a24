"""Composition root: settings and secrets become `Services`. The only place that knows everybody."""

from mailroom.bootstrap.services import Services, services

__all__ = ["Services", "services"]
