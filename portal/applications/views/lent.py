"""What an application lends its questions: the areas of its call, and the files that were given as answers."""

from flask import url_for
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.queries import OpenDraft
from portal.documents.web import listed
from portal.questionnaires.fields import Setting
from portal.questionnaires.queries import live_answer_files
from portal.questionnaires.rules import Form, QuestionType


def setting_of(session: Session, opened: OpenDraft) -> Setting:
    """The setting of a draft's questions; files are looked for only where the form asks for some."""
    application, design = opened.application, opened.draft.design
    slug = application.call.slug
    return Setting(
        areas={area.key: area.name for area in design.areas},
        grounds=opened.draft.grounds,
        files=_files(session, application) if _asks(opened.draft.form, QuestionType.FILES) else {},
        map_url=url_for("calls.areas", slug=slug) if design.areas else None,
    )


def _asks(form: Form, kind: QuestionType) -> bool:
    return any(question.type is kind for question in form.questions)


def _files(session: Session, application: Application) -> dict[str, dict[str, object]]:
    return {
        str(row.file_id): listed(
            row.file, url=url_for("applications.download", application_id=application.id, file_id=row.file_id)
        )
        for row in live_answer_files(session, application.sheet_id)
    }
