"""The shape of a period, of a cost by how it is counted, of files; what is read of them stands with the rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.calls.rules import CostForm
from portal.core.i18n import in_language, lazy_
from portal.milestones.costs.labels import DOCUMENTS, FIELDS, MEANS
from portal.milestones.costs.rules.terms import Category

CHOOSE = SelectChoice("", lazy_("choose"))
ACCEPT = {"accept": ".pdf,.p7m,.xml,.png,.jpg"}


class PeriodForm(FlaskForm):  # type: ignore[misc]
    """The days in which the costs were paid."""

    from_on = DateField(lazy_("Paid from"), validators=[InputRequired(lazy_("Write the day, day month year."))])
    until_on = DateField(
        lazy_("Paid until"),
        description=lazy_("Today at the latest: costs are reported once they are paid."),
        validators=[InputRequired(lazy_("Write the day, day month year."))],
    )


class _CostForm(FlaskForm):  # type: ignore[misc]
    category = SelectField(FIELDS["category"], validators=[InputRequired(lazy_("Choose the kind of cost."))])
    description = TextAreaField(
        FIELDS["description"],
        description=lazy_("What was bought or done, and what for: the office reads it."),
        validators=[Length(max=500)],
        render_kw={"rows": 2},
    )
    files = MultipleFileField(
        FIELDS["files"],
        description=lazy_("The document and the proof of payment: PDF, p7m, XML or picture, at most 10 MB each."),
        render_kw=ACCEPT,
    )


class RealForm(_CostForm):
    """A cost that rests on a document."""

    document = SelectField(
        FIELDS["document"], choices=[CHOOSE, *(SelectChoice(each.value, words) for each, words in DOCUMENTS.items())]
    )
    supplier_name = StringField(FIELDS["supplier_name"], description=lazy_("Who was paid, as on the document."))
    supplier_code = StringField(
        FIELDS["supplier_code"],
        description=lazy_("Partita IVA or codice fiscale; for a supplier abroad, the country first (DE129274202)."),
    )
    document_number = StringField(FIELDS["document_number"], description=lazy_("Of a payslip, its month: 2026-03."))
    document_on = DateField(FIELDS["document_on"], validators=[Optional()])
    net = StringField(FIELDS["net"], description=lazy_("Of the whole document, in euro: 1.234,50."))
    vat = StringField(FIELDS["vat"], description=lazy_("In euro; empty where there is none."))
    vat_recoverable = BooleanField(
        lazy_("We recover this VAT"), description=lazy_("VAT that you deduct is no cost: only the net is charged.")
    )
    share = StringField(
        FIELDS["share"], description=lazy_("How much of the document is for this project: 100, or less."), default="100"
    )
    cup = StringField(FIELDS["cup"], description=lazy_("As it stands on the invoice; empty where it does not."))
    paid_on = DateField(FIELDS["paid_on"], validators=[Optional()])
    payment_means = SelectField(
        FIELDS["payment_means"], choices=[CHOOSE, *(SelectChoice(each.value, words) for each, words in MEANS.items())]
    )
    payment_reference = StringField(
        FIELDS["payment_reference"], description=lazy_("Such as the CRO or TRN of the bank transfer.")
    )


class UnitForm(_CostForm):
    """So many units at what the call pays for each."""

    quantity = StringField(FIELDS["quantity"], description=lazy_("How many units; halves with a comma: 12,5."))


class LumpForm(_CostForm):
    """A result that is paid whole."""

    milestone = SelectField(
        lazy_("Milestone that shows the result"), description=lazy_("The office must have accepted it.")
    )


FORMS: Mapping[CostForm, type[_CostForm]] = {
    CostForm.REAL: RealForm,
    CostForm.UNIT_COST: UnitForm,
    CostForm.LUMP_SUM: LumpForm,
    CostForm.FLAT_RATE: RealForm,
}


class KindForm(FlaskForm):  # type: ignore[misc]
    """Which cost comes next."""

    class Meta:
        csrf = False

    category = SelectField(FIELDS["category"])


class InvoicesForm(FlaskForm):  # type: ignore[misc]
    """Electronic invoices."""

    invoices = MultipleFileField(
        lazy_("Electronic invoices"),
        description=lazy_("XML or XML.p7m as your invoicing service gives them: at most 20 of 5 MB each."),
        render_kw={"accept": ".xml,.p7m"},
    )


class SheetForm(FlaskForm):  # type: ignore[misc]
    """A spreadsheet."""

    sheet = FileField(
        lazy_("Spreadsheet"),
        description=lazy_("XLSX or CSV made from the template: at most 20 000 rows and 20 MB."),
        render_kw={"accept": ".xlsx,.csv"},
    )


class SendForm(FlaskForm):  # type: ignore[misc]
    """The amount that was shown."""

    seen = IntegerField(widget=HiddenInput(), validators=[Optional()])


def choose_category(field: Any, categories: Iterable[Category]) -> None:
    """Offer these kinds of cost; what the call does not bear says why once it is chosen."""
    field.choices = [CHOOSE, *(SelectChoice(each.key, in_language(each.name)) for each in categories)]
