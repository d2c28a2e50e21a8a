"""A published ranking as a table: the fields that art. 27 of D.Lgs 33/2013 asks for, and nobody's person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.rules.organisations import OrganisationKind
from portal.core.actor import Actor
from portal.core.i18n import in_both, in_language, locale
from portal.core.money import format_cents
from portal.evaluation.labels import RANKING_TITLES
from portal.evaluation.lists import NAMED, is_named, labels_of, list_of
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.points import total_text
from portal.evaluation.queries.codes import Codes, codes_of
from portal.evaluation.queries.names import names_of_design
from portal.evaluation.queries.rankings import rows_read, visible_ranking

HEAD = (
    "list", "ranking", "position", "reference", "applicant", "fiscal_code", "points", "requested", "awarded", "call",
    "legal_basis", "ranking_act", "act_date", "office", "responsible_officer", "selection_mode", "version", "state",
    "project_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportedRanking:
    """A version of a ranking, row by row as it is published."""

    ranking: Ranking
    rows: list[RankingRow]
    names: dict[str, str]
    codes: Codes

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.ranking.phase.call.slug}-{self.ranking.phase.key}-v{self.ranking.version}"

    def table(self) -> Iterator[list[object]]:
        """One row an application, in words."""
        language = locale()
        for row in self.rows:
            own = self._own(row)
            yield [
                own["list"], own["ranking"], row.position, own["reference"], own["applicant"],
                own["fiscal_code"], total_text(own["total"], language),
                format_cents(row.requested_cents, language) if own["is_told"] else "",
                format_cents(row.awarded_cents, language) if own["is_told"] else "",
                *self._shared(), own["project_url"],
            ]  # fmt: skip

    def document(self) -> dict[str, Any]:
        """The same for a machine: points and euro as numbers written out, lists by their keys."""
        ranking = self.ranking
        keys = ("call", "legal_basis", "ranking_act", "act_date", "office", "responsible_officer", "selection_mode",
                "version", "state")  # fmt: skip
        shared = dict(zip(keys, self._shared(), strict=True))
        return {
            **shared,
            "state": ranking.status.value,
            "input_sha256": ranking.input_sha256,
            "output_sha256": ranking.output_sha256,
            "lists": {each.value: in_both(words) for each, words in labels_of(selects=ranking.selects).items()},
            "results": [self._result(row) for row in self.rows],
        }

    def _result(self, row: RankingRow) -> dict[str, Any]:
        own = self._own(row)
        return {
            "list": list_of(row.outcome, with_reserve=row.with_reserve).value,
            "ranking": row.list_key,
            "position": row.position,
            "reference": own["reference"],
            "applicant": own["applicant"] or None,
            "fiscal_code": own["fiscal_code"] or None,
            "points": total_text(own["total"], "en").replace(",", "") or None,
            "requested_cents": row.requested_cents if own["is_told"] else None,
            "awarded_cents": row.awarded_cents if own["is_told"] else None,
            "project_url": own["project_url"] or None,
        }

    def _own(self, row: RankingRow) -> dict[str, Any]:
        shown = list_of(row.outcome, with_reserve=row.with_reserve)
        kind, organisation = row.application.entered_as[0], row.application.organisation
        named = not self.codes and is_named(self.ranking.phase.design, kind, row.outcome)
        is_entity, is_told = kind == OrganisationKind.LEGAL_ENTITY, row.outcome in NAMED
        return {
            "is_told": is_told,
            "total": row.total_hundredths if is_told else None,
            "list": str(labels_of(selects=self.ranking.selects)[shown]),
            "ranking": self.names.get(row.list_key, row.list_key),
            "reference": self.codes.get(row.application_id, row.application.reference),
            "applicant": row.organisation_name if named else "",
            "fiscal_code": (organisation.fiscal_code or "") if named and is_entity else "",
            "project_url": f"/funded/{row.application.reference}" if row.awarded_cents and not self.codes else "",
        }

    def _shared(self) -> list[object]:
        ranking, call = self.ranking, self.ranking.phase.call
        design = call.design
        return [
            in_language(call.title), design.acts[0].number if design.acts else "", ranking.act_number or "",
            ranking.act_date.isoformat() if ranking.act_date else "", in_language(design.office),
            design.officer or call.authority.rup or "", in_language(SELECTION_MODE), ranking.version,
            str(RANKING_TITLES[ranking.status]),
        ]  # fmt: skip


SELECTION_MODE = {"it": "Avviso pubblico con graduatoria", "en": "Public call with a ranking"}


def exported_ranking(session: Session, actor: Actor, ranking_id: UUID) -> ExportedRanking:
    """A published ranking for everybody, a drafted one for staff; NotFound otherwise."""
    ranking = visible_ranking(session, actor, ranking_id)
    names = names_of_design(ranking.phase.design, locale())
    codes = codes_of(session, actor, ranking)
    return ExportedRanking(ranking, rows_read(session, actor, ranking), names, codes)
