"""Rankings, their rows, and draws between those who share a place."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.db import Base, Cents, StoredText, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal
from portal.evaluation.afterwards import RankingCause
from portal.evaluation.ranking import Draw
from portal.evaluation.rules import RankingStatus

SCHEME = "scheme"


class Ranking(Stateful, Base):
    """One version of the graduatoria of a phase, with the input it was computed from.

    The output is stored in parts: each result is the `detail` of its row, the rest is `output_document`. The rules of
    the input stand beside the latter once more, as every page asks for them and none for the scores.
    `act_number` is the act in force; that of the provisional publication stays beside it.
    """

    __tablename__ = "ranking"
    __table_args__ = (
        UniqueConstraint("phase_id", "version"),
        CheckConstraint("cause = 'computed' OR (follows_id IS NOT NULL AND why IS NOT NULL)", name="rectified_whole"),
        holding(lazy_("Rankings")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    version: Mapped[int]
    status: Mapped[RankingStatus] = mapped_column(value_enum(RankingStatus), default=RankingStatus.DRAFTED)
    status_at: Mapped[datetime]
    computed_at: Mapped[datetime]
    computed_by: Mapped[UUID | None]
    input_document: Mapped[dict[str, Any]] = mapped_column(
        StoredText, deferred=True, info=personal("selection", subject=NOBODY)
    )
    input_sha256: Mapped[str] = mapped_column(String(64))
    output_document: Mapped[dict[str, Any]] = mapped_column(info=personal("selection", subject=NOBODY))
    output_sha256: Mapped[str] = mapped_column(String(64))
    act_number: Mapped[str | None] = mapped_column(String(80))
    act_date: Mapped[date | None]
    provisional_act_number: Mapped[str | None] = mapped_column(String(80))
    provisional_act_date: Mapped[date | None]
    provisional_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    observations_until: Mapped[date | None]
    """The last day on which applicants may write on it while it is provisional."""
    cause: Mapped[RankingCause] = mapped_column(
        value_enum(RankingCause), default=RankingCause.COMPUTED, server_default=RankingCause.COMPUTED.value
    )
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("ranking.id"), index=True)
    """The version whose place it takes, where it is not simply computed anew."""
    why: Mapped[str | None] = mapped_column(Text, info=impersonal)
    """What made a version after the final one necessary, for everybody to read."""
    judgment: Mapped[str | None] = mapped_column(String(200), info=impersonal)
    """The judgment that a version "now for then" carries out."""

    phase: Mapped[Phase] = relationship()
    rows: Mapped[list["RankingRow"]] = relationship(order_by="RankingRow.line_number")

    @property
    def is_final(self) -> bool:
        """Whether it was published for good."""
        return self.status is RankingStatus.FINAL

    @property
    def results(self) -> list[dict[str, Any]]:
        """Every result of the output, in the order of publication."""
        return [row.detail for row in self.rows]

    @property
    def output(self) -> dict[str, Any]:
        """The whole output, as it was hashed."""
        stored = {key: value for key, value in self.output_document.items() if key != SCHEME}
        return {**stored, "results": self.results}

    @property
    def scheme(self) -> dict[str, Any]:
        """The rules it was computed by, as they were stored; none where it was brought in from elsewhere."""
        beside: dict[str, Any] | None = self.output_document.get(SCHEME)
        found: dict[str, Any] = self.input_document.get(SCHEME, {}) if beside is None else beside
        return found

    @property
    def selects(self) -> bool:
        """Whether its winners are admitted to the next phase, and no grant is given."""
        return bool(self.scheme.get("selects"))

    @property
    def has_money(self) -> bool:
        """Whether money limits its winners; else places alone."""
        return not self.scheme.get("places_only")

    @property
    def awaits_publication(self) -> bool:
        """Whether it may still be published as provisional."""
        return self.status is RankingStatus.DRAFTED

    @property
    def awaits_final(self) -> bool:
        """Whether it may be made final."""
        return self.status is RankingStatus.PROVISIONAL

    @property
    def is_rectifying(self) -> bool:
        """Whether it was made after a final version, to take its place."""
        return self.cause is not RankingCause.COMPUTED

    @property
    def is_published(self) -> bool:
        """Whether applicants may see it."""
        return self.provisional_at is not None

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it: published, and no rehearsal."""
        return self.is_published and self.phase.call.is_public

    @property
    def guard(self) -> Guard:
        """Public once published, if it is no rehearsal."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_public=self.is_public)


class RankingRow(Base):
    """One application's result. Append-only; `line_number` is its place on the page, `position` its rank.

    `organisation_name` is the applicant as it was called then: a group that becomes an entity changes its own name.
    """

    __tablename__ = "ranking_row"
    __table_args__ = (
        UniqueConstraint("ranking_id", "application_id"),
        Index("ix_ranking_row_application_id", "application_id"),
    )

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    organisation_name: Mapped[str] = mapped_column(String(200), info=impersonal)
    line_number: Mapped[int]
    position: Mapped[int | None]
    total_hundredths: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(32))
    requested_cents: Mapped[int] = mapped_column(Cents)
    awarded_cents: Mapped[int] = mapped_column(Cents)
    cumulative_cents: Mapped[int] = mapped_column(Cents)
    detail: Mapped[dict[str, Any]] = mapped_column(StoredText, info=impersonal)

    application: Mapped[Application] = relationship()
    ranking: Mapped[Ranking] = relationship(viewonly=True)

    @property
    def with_reserve(self) -> bool:
        """Whether its admission still hung on a condition."""
        return bool(self.detail.get("with_reserve"))

    @property
    def list_key(self) -> str:
        """The ranking it stands in."""
        key: str = self.detail.get("ranking", self.detail["line"])
        return key

    @property
    def guard(self) -> Guard:
        """Why a result is what it is: for its team and for staff, never for somebody in conflict with it."""
        return Guard(
            authority_id=self.application.authority_id,
            objects=(self.application_id, self.application.organisation_id),
            is_secret=True,
        )


class RankingDraw(Base):
    """A draw between applications that share a place, in two steps: the lists are published, then the seed is entered.

    The seed is the outcome of a public draw that was still to come when the lists were published. Neither step is ever
    undone, and a list is never published twice.
    """

    __tablename__ = "ranking_draw"
    __table_args__ = (
        CheckConstraint("held_on > published_on", name="held_after_publication"),
        CheckConstraint("seed_on >= held_on", name="seed_after_the_draw"),
        CheckConstraint("(seed IS NULL) = (seed_at IS NULL) AND (seed IS NULL) = (seed_on IS NULL)", name="seed_whole"),
        holding(lazy_("Draws between applications")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"), index=True)
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"), index=True)
    lists: Mapped[list[Any]] = mapped_column(info=impersonal)
    """[{"ranking": key, "position": place, "references": […], "sha256": their hash}]."""
    source: Mapped[str] = mapped_column(String(200), info=impersonal)
    """The public draw whose outcome is the seed: which lottery, which wheel."""
    held_on: Mapped[date]
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    published_at: Mapped[datetime]
    published_on: Mapped[date]
    published_by: Mapped[UUID | None]
    seed: Mapped[str | None] = mapped_column(String(200), info=impersonal)
    seed_at: Mapped[datetime | None]
    seed_on: Mapped[date | None]
    seed_by: Mapped[UUID | None]

    phase: Mapped[Phase] = relationship()

    @property
    def is_held(self) -> bool:
        """Whether the seed is known."""
        return self.seed is not None

    @property
    def draws(self) -> tuple[Draw, ...]:
        """Each list with the seed, as the engine reads it; none before the seed."""
        if self.seed is None:
            return ()
        return tuple(Draw(tuple(each["references"]), each["sha256"], self.seed) for each in self.lists)

    @property
    def guard(self) -> Guard:
        """Public from the publication of its lists, if it is no rehearsal."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_public=self.phase.call.is_public)
