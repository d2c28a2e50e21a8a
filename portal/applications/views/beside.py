"""What stands beside the answers of a page: the way to their history, and to what the team says of them."""

from collections.abc import Iterable
from dataclasses import replace

from flask import url_for
from sqlalchemy.orm import Session

from portal.applications.comments.queries import open_comments
from portal.applications.queries import OpenDraft
from portal.applications.views.lent import setting_of
from portal.core.i18n import _, ngettext
from portal.questionnaires.fields import Setting
from portal.questionnaires.rules import Question

Counts = dict[tuple[str, str | None], int]


def setting_beside(
    session: Session, opened: OpenDraft, key: str, questions: Iterable[Question], *, counted: bool
) -> Setting:
    """The setting of a page of a section with what stands beside each answer; comments are `counted` on whole pages."""
    counts = open_comments(session, opened.application.id) if counted else {}
    asides = {each.key: _beside(opened, key, each, counts) for each in questions if not each.is_computed}
    return replace(setting_of(session, opened), asides=asides)


def _beside(opened: OpenDraft, section_key: str, question: Question, counts: Counts) -> list[tuple[str, object]]:
    here = opened.application.id
    found: list[tuple[str, object]] = []
    if question.key in opened.answers:
        found.append(
            (url_for("applications.history", application_id=here, key=question.key), _("Who wrote what, and when"))
        )
    comments = url_for("applications.comments", application_id=here, key=section_key, about=question.key)
    count = counts.get((section_key, question.key), 0)
    words = ngettext("%(num)d comment", "%(num)d comments", count) if count else _("Comment")
    return [*found, (comments, words)]
