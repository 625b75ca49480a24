"""HTML pages and the headers every answer carries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(str(_HERE / "templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Sent with every answer. No script runs on any page; HSTS counts over HTTPS only."""


def page(name: str, context: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a page that no cache keeps."""
    html = _ENVIRONMENT.get_template(f"{name}.html.j2").render(context)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store", **(headers or {})})


def message(title: str, words: str, status: int, *, organization: str = "Mailroom", **headers: str) -> Response:
    """Return a page with one message."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    context = {"title": title, "words": words, "organization": organization, "tone": "plain"}
    return page("message", context, status, named)
