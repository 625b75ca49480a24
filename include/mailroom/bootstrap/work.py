"""The work that falls due, part by part: what the DAGs' tasks and `mailroom tick` call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from mailroom.approvals.mail import answer_approval
from mailroom.bootstrap.services import Services
from mailroom.clocks.follow_up import follow_up
from mailroom.database.dispatch import list_due
from mailroom.domain.errors import MailroomError
from mailroom.domain.slices import Slice, pack
from mailroom.engine.delivery import deliver_outbox
from mailroom.engine.run import RunReport, run_until_quiet
from mailroom.intake.poll import Intake, PollReport
from mailroom.reporting.publish import due_reports, make_report
from mailroom.settings.mailboxes import Mailbox

log = structlog.get_logger()
