"""Grants as open data: 360Giving JSON, and one table with the fields of art. 27 of D.Lgs 33/2013.

Apart from `queries.py` since these are formats. Organisations and groups only: never a person (`domain.md` §5.7).
"""

from collections.abc import Iterable
from typing import Any

from portal.core.i18n import in_language
from portal.core.spreadsheets import csv_bytes
from portal.reporting.rules import FundedProject, euros

PREFIX = "360G-vivaio"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE_LIMIT = 139

COLUMNS = (
    "identifier", "title", "description", "currency", "amount_applied_for", "amount_awarded", "amount_disbursed",
    "award_date", "recipient_id", "recipient_name", "recipient_fiscal_code", "recipient_kind", "funder_id",
    "funder_name", "programme_code", "programme_title", "programme_url", "place", "latitude", "longitude",
    "planned_start", "planned_end", "cup", "legal_basis", "award_act", "office", "responsible_officer",
    "selection_mode", "ranking_url", "project_url", "published_at", "summary", "curriculum_url",
)  # fmt: skip
"""The columns of the table, in order."""


def grants_document(projects: Iterable[FundedProject], site: str) -> dict[str, Any]:
    """The 360Giving document."""
    return {"license": LICENCE, "grants": [_grant(project, site) for project in projects]}


def _grant(project: FundedProject, site: str) -> dict[str, Any]:
    return {
        "id": f"{PREFIX}-{project.reference}",
        "title": project.title[:TITLE_LIMIT],
        "description": _description(project),
        "currency": "EUR",
        "amountAppliedFor": float(euros(project.requested_cents)),
        "amountAwarded": float(euros(project.awarded_cents)),
        "amountDisbursed": float(euros(project.paid_cents)),
        "awardDate": project.act_date.isoformat(),
        "plannedDates": _dates(project),
        "recipientOrganization": _recipients(project),
        "fundingOrganization": [{"id": _funder_id(project), "name": project.city}],
        "beneficiaryLocation": _location(project),
        "grantProgramme": [
            {"code": project.call_slug, "title": in_language(project.call_title), "url": _call_url(project, site)}
        ],
        "fromOpenCall": "Yes",
        "dateModified": project.published_at.isoformat(),
        "dataSource": f"{site}/open-data",
        "legalBasis": project.legal_basis,
        "awardAct": project.act_number,
        "office": project.office,
        "responsibleOfficer": project.officer,
        "selectionMode": "public call with ranking",
        "rankingUrl": _ranking_url(project, site),
        "projectUrl": _project_url(project, site),
        **({"cup": project.cup} if project.cup else {}),
    }


def grants_table(projects: Iterable[FundedProject], site: str) -> bytes:
    """The same as CSV, with no cell that could be a formula."""
    return csv_bytes(COLUMNS, (_row(project, site) for project in projects))


def _row(project: FundedProject, site: str) -> tuple[object, ...]:
    return (
        f"{PREFIX}-{project.reference}", project.title, _description(project), "EUR", euros(project.requested_cents),
        euros(project.awarded_cents), euros(project.paid_cents), project.act_date.isoformat(), _recipient_id(project),
        project.recipient, project.paid_to, _kind(project),
        _funder_id(project), project.city, project.call_slug, in_language(project.call_title),
        _call_url(project, site), project.area, project.lat, project.lon, project.starts_on, project.ends_on,
        project.cup, project.legal_basis, project.act_number, project.office, project.officer,
        "public call with ranking", _ranking_url(project, site), _project_url(project, site),
        project.published_at.isoformat(), project.summary, project.cv_url,
    )  # fmt: skip


def _description(project: FundedProject) -> str:
    place = f", {project.area}" if project.area else ""
    return f"{project.title} ({project.city}{place})"


def _dates(project: FundedProject) -> list[dict[str, str]]:
    days = {"startDate": project.starts_on, "endDate": project.ends_on}
    given = {name: day.isoformat() for name, day in days.items() if day}
    return [given] if given else []


def _location(project: FundedProject) -> list[dict[str, Any]]:
    if project.area is None:
        return [{"name": project.city, "countryCode": "IT"}]
    return [{"name": project.area, "countryCode": "IT", "latitude": project.lat, "longitude": project.lon}]


def _recipient_id(project: FundedProject) -> str:
    return f"{PREFIX}-ORG:{project.recipient_code or project.reference}"


def _recipients(project: FundedProject) -> list[dict[str, str]]:
    """Who the grant was awarded to; of a consortium its organisations too, the lead first."""
    found = [{"id": _recipient_id(project), "name": project.recipient}]
    return found + [{"id": f"{PREFIX}-ORG:{code}", "name": name} for name, code in project.partners if code]


def _kind(project: FundedProject) -> str:
    if project.partners:
        return "consortium"
    return "informal group" if project.is_group else "organisation"


def _funder_id(project: FundedProject) -> str:
    return f"{PREFIX}-ORG:{project.authority_fiscal_code or project.authority_code}"


def _call_url(project: FundedProject, site: str) -> str:
    return f"{site}/calls/{project.call_slug}"


def _ranking_url(project: FundedProject, site: str) -> str:
    return f"{site}/rankings/{project.ranking_id}"


def _project_url(project: FundedProject, site: str) -> str:
    return f"{site}/funded/{project.reference}"
