"""What an application lends its questions: the areas of its call, and the files that were given as answers."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.queries import OpenDraft
from portal.applications.queries.files import blocked_answer_files
from portal.applications.queries.reused import reused_in
from portal.core.i18n import lazy_
from portal.documents.web import listed
from portal.questionnaires.fields import Setting
from portal.questionnaires.models import AnswerFile
from portal.questionnaires.queries import live_answer_files
from portal.questionnaires.rules import Form, QuestionType


def setting_of(session: Session, opened: OpenDraft) -> Setting:
    """The setting of a draft's questions; files are looked for only where the form asks for some."""
    application, design = opened.application, opened.draft.design
    slug = application.call.slug
    live = live_answer_files(session, application.sheet_id) if _asks(opened.draft.form, QuestionType.FILES) else None
    return Setting(
        areas={area.key: area.name for area in design.areas},
        grounds=opened.draft.grounds,
        files=_files(application, live or ()),
        map_url=url_for("calls.areas", slug=slug) if design.areas else None,
        sources=_reused(session, opened) | _sources(opened) | _blocked(session, application, live),
    )


def _sources(opened: OpenDraft) -> dict[str, object]:
    """What came from the application that this one follows, and nobody has changed since."""
    application = opened.application
    if not application.carried or application.follows is None:
        return {}
    words = lazy_("From your application %(reference)s", reference=application.follows.reference)
    answers = opened.answers
    return {key: words for key, version in application.carried.items()
            if key in answers and answers[key].version == version}  # fmt: skip


def _reused(session: Session, opened: OpenDraft) -> dict[str, object]:
    """What was taken over from an application to another call, and nobody has changed since."""
    answers = opened.answers
    return {
        row.key: lazy_("From your application %(reference)s", reference=row.reference)
        for row in reused_in(session, opened.application.id)
        if row.key in answers and answers[row.key].version == row.version
    }


def _asks(form: Form, kind: QuestionType) -> bool:
    return any(question.type is kind for question in form.questions)


def _blocked(session: Session, application: Application, live: Sequence[AnswerFile] | None) -> dict[str, object]:
    """Where a virus was found in a file that was given, and none was given since."""
    if live is None:
        return {}
    since = {row.key: row.added_at for row in live}
    return {
        row.key: lazy_(
            "A virus was found in “%(name)s”, which was taken off. Check your computer with an antivirus, make the"
            " document again or ask for a clean copy, and attach that.",
            name=row.file.name,
        )
        for row in blocked_answer_files(session, application.sheet_id)
        if row.removed_at is not None and (row.key not in since or since[row.key] < row.removed_at)
    }


def _files(application: Application, live: Sequence[AnswerFile]) -> dict[str, dict[str, object]]:
    shown = {}
    for row in live:
        here: dict[str, Any] = {"application_id": application.id, "file_id": row.file_id}
        shown[str(row.file_id)] = listed(
            row.file, url=url_for("applications.download", **here), about_url=url_for("applications.about_file", **here)
        )
    return shown
