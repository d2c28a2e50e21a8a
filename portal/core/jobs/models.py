"""The job table."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal
from portal.core.privacy.purposes import JOBS_KEPT


class JobState(StrEnum):
    """Where a job stands; a dead worker's job is taken again when its lease runs out."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of work; `args` are plain JSON, usually ids as text."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_run_at", "state", "run_at"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        holding(lazy_("Background work"), kept=JOBS_KEPT, since="finished_at"),
    )

    kind: Mapped[str] = mapped_column(String(64))
    args: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    state: Mapped[JobState] = mapped_column(value_enum(JobState), default=JobState.QUEUED)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(120), info=impersonal)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text, info=impersonal)
    finished_at: Mapped[datetime | None]


class PeriodicRun(Base):
    """One slot of periodic work: whoever inserts the row does the work."""

    __tablename__ = "periodic_run"
    __table_args__ = (UniqueConstraint("name", "slot"),)

    name: Mapped[str] = mapped_column(String(64), info=impersonal)
    slot: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
