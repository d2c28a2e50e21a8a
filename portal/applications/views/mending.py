"""What the page of a request shows of each thing asked: how it is answered, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.applications.admissibility import ItemKind, Mendable
from portal.applications.models import Application, IntegrationItem, IntegrationRequest
from portal.applications.operations.integration_reply import ITEM
from portal.applications.queries.integration import mendable_of
from portal.core.actor import Actor
from portal.core.i18n import in_language
from portal.documents.queries import signatures_of
from portal.documents.web import listed
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import Question, typed_of
from portal.questionnaires.written import written_out


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One thing asked. `question` says how it is typed; a file has none."""

    item: IntegrationItem
    question: Question | None
    known: Mendable | None
    typed: Any
    text: str | None
    file: dict[str, Any] | None
    is_lost: bool = False
    """Whether what was typed was refused: it stands in the page alone."""

    @property
    def options(self) -> list[tuple[str, str]]:
        """What a choice is made from."""
        return [(each.key, in_language(each.label)) for each in self.question.options] if self.question else []

    @property
    def kind(self) -> str:
        """How it is answered."""
        return "file" if self.item.kind is ItemKind.DOCUMENT else self.question.type.value if self.question else "text"


def items_shown(
    session: Session, application: Application, request: IntegrationRequest, actor: Actor, typed: Mapping[str, str]
) -> list[ItemShown]:
    """Each thing asked; until they are sent, answers are for the team alone. `typed` are answers that were refused."""
    is_seen = request.reply is not None or allowed(actor, Action.DRAFT_READ, application)
    form, known = form_of(session, application.sheet), {each.key: each for each in mendable_of(session, application)}
    files = [item.file for item in request.items if item.file is not None and is_seen]
    signatures = signatures_of(session, files)
    shown = [_shown(application, item, form.question(item.key), known.get(item.key), signatures, is_seen)
             for item in request.items]  # fmt: skip
    return [replace(each, typed=typed[each.item.key], is_lost=bool(typed[each.item.key])) if each.item.key in typed
            else each for each in shown]  # fmt: skip


def summary_of(request: IntegrationRequest | None, errors: Mapping[str, object]) -> dict[str, object]:
    """What is to be mended, each with the name of what was asked; by the id of its place."""
    names = {ITEM + each.key: in_language(each.label) for each in request.items} if request else {}
    return {key: f"{names[key]}: {words}" if key in names else words for key, words in errors.items()}


def _shown(
    application: Application, item: IntegrationItem, question: Question | None, known: Mendable | None,
    signatures: Any, is_seen: bool,
) -> ItemShown:  # fmt: skip
    file = None
    if item.file is not None and is_seen:
        here: dict[str, Any] = {"application_id": application.id, "file_id": item.file_id}
        file = listed(item.file, url=url_for("applications.download", **here),
                      about_url=url_for("applications.about_file", **here),
                      signatures=signatures.get(item.file_id, []))  # fmt: skip
    is_written = is_seen and question is not None and item.value is not None
    text = in_language(written_out(question, item.value, {})) if is_written and question else None
    typed = typed_of(question, item.value) if is_written and question else ""
    return ItemShown(item, question if item.kind is ItemKind.QUESTION else None, known, typed, text, file)
