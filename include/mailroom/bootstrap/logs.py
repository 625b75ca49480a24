"""Logging: JSON lines for machines, colours for people; never documents, tokens or mail bodies."""

from __future__ import annotations

import logging
import sys

import structlog

from mailroom.settings.environment import Environment


def configure_logging(environment: Environment) -> None:
    """Send structured events to standard error in the chosen form."""
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if environment.log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[environment.log_level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
