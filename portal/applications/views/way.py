"""The way of an applicant in steps: idea, accompaniment with its hours, project."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.applications.labels import LABELS
from portal.applications.models import Application
from portal.applications.queries.way import Stage, way_of
from portal.core.i18n import _, in_language
from portal.core.instants import format_hours, format_instant


def way_shown(session: Session, application: Application, now: datetime) -> list[dict[str, Any]]:
    """The steps of the stepper; none in a call of one phase."""
    steps: list[dict[str, Any]] = []
    for stage in way_of(session, application):
        steps.append(_phase_step(stage, now))
        if stage.accompaniment is not None and stage.phase.later is not None:
            steps.append(_hours_step(stage))
    return steps


def _phase_step(stage: Stage, now: datetime) -> dict[str, Any]:
    label, phase = in_language(stage.phase.name), stage.phase
    application = stage.application
    if application is not None:
        state = "done" if stage.has_passed else "warning" if stage.is_out else "current"
        note = f"{LABELS[application.status]} · {application.reference}"
        url = url_for("applications.show", application_id=application.id)
        return {"label": label, "state": state, "note": note, "url": url}
    until = format_instant(phase.closes_at, phase.zone)
    if stage.may_begin(now):
        note = _("to be begun now, and sent by %(closes)s", closes=until)
        return {"label": label, "state": "current", "note": note,
                "url": url_for("applications.begin", slug=phase.call.slug)}  # fmt: skip
    if stage.entry is not None and not stage.entry.is_open:
        mended = any(each.is_for_the_applicant for each in stage.entry.missing)
        earlier = stage.entry.earlier
        url = f"/applications/{earlier.id}/entity" if mended and earlier is not None else ""
        words = " ".join(str(each.message) for each in stage.entry.missing)
        return {"label": label, "state": "todo", "note": words, "url": url}
    if phase.opens_at > now:
        opens = format_instant(phase.opens_at, phase.zone)
        return {"label": label, "state": "todo", "note": _("from %(opens)s to %(closes)s", opens=opens, closes=until)}
    return {"label": label, "state": "todo", "note": _("closed on %(closes)s", closes=until)}


def _hours_step(stage: Stage) -> dict[str, Any]:
    declared, application = stage.accompaniment, stage.application
    label = in_language(declared.name) if declared else ""
    if application is None or not stage.is_selected:
        return {"label": label, "state": "todo", "note": _("for those whom the ranking admits")}
    attended = _("%(attended)s attended, %(needed)s needed", attended=format_hours(application.attended_minutes),
                 needed=format_hours(stage.needed))  # fmt: skip
    if application.invited_at is not None:
        return {"label": label, "state": "done", "note": f"{attended} · {_('invited')}"}
    enough = application.attended_minutes >= stage.needed
    return {"label": label, "state": "done" if enough else "current", "note": attended}
