"""The agreement of a call before any grant: the clauses for each legal form, with an example."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.rules.organisations import LegalForm
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.grants.agreements.composing import composed
from portal.grants.agreements.labels import WAYS
from portal.grants.agreements.values import Values
from portal.grants.agreements.views.bp import bp
from portal.grants.labels import LEGAL_FORMS
from portal.grants.library.fields import TextKind, example_tables, examples
from portal.grants.library.operations import SERVED
from portal.grants.library.queries import clauses_named, keeper_of
from portal.grants.library.reading import readable
from portal.grants.queries import call_by_slug


@bp.get("/manage/calls/<slug>/agreement")
@declares(Action.CALL_MANAGE)
def of_call(slug: str) -> ResponseReturnValue:
    """The agreement that grants of this call would get, for one legal form."""
    asked = request.args.get("form", "")
    form = LegalForm(asked) if asked in list(SERVED) else SERVED[0]
    with reading() as session:
        call = call_by_slug(session, current_actor(), slug)
        rules = call.design.agreement
        keys = rules.clauses_for(form)
        known = clauses_named(session, keeper_of(call.authority), keys, call.published_at) if keys else {}
        values = Values(examples(TextKind.CLAUSE), example_tables(TextKind.CLAUSE))
        return page(
            "grants/agreement/call.html", call=call, rules=rules, chosen=form, ways=WAYS,
            legal_forms={each: LEGAL_FORMS[each] for each in SERVED},
            composition=composed(keys, form, known, values), readable=readable,
        )  # fmt: skip
