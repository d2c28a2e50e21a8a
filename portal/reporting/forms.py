"""A form with every kind of field, for the style guide."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

CHOICES = [SelectChoice("it", "Italiano"), SelectChoice("en", "English")]


class MoneyField(StringField):  # type: ignore[misc]
    """An amount, as its component shows it."""


class SampleForm(FlaskForm):  # type: ignore[misc]
    """Every field the components know."""

    name = StringField("Nome del progetto", validators=[InputRequired("Scrivere il nome del progetto.")])
    email = EmailField("Indirizzo e-mail", validators=[InputRequired("Scrivere un indirizzo.")])
    idea = TextAreaField("L’idea", validators=[InputRequired("Scrivere l’idea."), Length(max=500)])
    amount = MoneyField("Contributo richiesto", validators=[InputRequired("Scrivere un importo, come 1.234,50.")])
    day = DateField("Giorno", validators=[InputRequired("Scrivere il giorno.")])
    closes = DateTimeLocalField("Scadenza", validators=[InputRequired("Scrivere giorno e ora.")])
    language = SelectField("Lingua", choices=CHOICES)
    contact = RadioField("Come ricevere le comunicazioni", choices=CHOICES, validators=[InputRequired("Scegliere.")])
    truth = BooleanField("Dichiaro che quanto scritto è vero", validators=[InputRequired("Da confermare.")])
    statute = FileField("Statuto")
