"""The agreement as a tagged PDF (PDF/UA-1), in Italian, the language of the procedure."""

from datetime import date

from portal.core.pdf import render_pdf
from portal.grants.agreements.composing import Composition
from portal.grants.agreements.values import size_of
from portal.grants.labels import LEGAL_FORMS
from portal.grants.models import Grant
from portal.grants.tranches import tranche_amounts
from portal.grants.words import amount_in_words

FIXED, COMPOSED = "grants/agreement.pdf.html", "grants/agreement/composed.pdf.html"


def document_of(grant: Grant, composition: Composition, *, version: int, change: str | None, today: date) -> bytes:
    """The PDF of a version; `change` says what an addendum changes."""
    design = grant.call.design
    amounts = tranche_amounts(grant.granted_cents, design.tranches)
    return render_pdf(
        FIXED if composition.is_fixed else COMPOSED,
        issuer=grant.call.authority,
        grant=grant,
        design=design,
        version=version,
        today=today,
        articles=composition.articles,
        tables=composition.values.tables,
        change=change.split("\n") if change else [],
        tranches=list(zip(design.tranches, amounts, strict=True)),
        size_of=size_of,
        milestones={milestone.key: milestone for milestone in design.milestones},
        payments=composition.values.rows("tranches") if change else len(design.tranches),
        amount_words=amount_in_words(grant.granted_cents),
        legal_form=LEGAL_FORMS[grant.organisation.legal_form],
    )
