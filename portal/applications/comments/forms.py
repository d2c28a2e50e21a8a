"""The shape of a comment."""

from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.applications.comments.rules import LONGEST
from portal.core.i18n import _, in_language, lazy_
from portal.questionnaires.rules import Section


class CommentForm(FlaskForm):  # type: ignore[misc]
    """What somebody says about a section or one of its questions."""

    about = SelectField(lazy_("What it is about"), validators=[])
    text = TextAreaField(
        lazy_("Your comment"), validators=[InputRequired(lazy_("Write the comment.")), Length(max=LONGEST)]
    )

    def offer(self, section: Section) -> "CommentForm":
        """The section as a whole, and its questions."""
        whole = [("", _("The whole section"))]
        self.about.choices = whole + [(each.key, in_language(each.label)) for each in section.questions]
        return self


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """An answer to a comment."""

    text = TextAreaField(
        lazy_("Your reply"), validators=[InputRequired(lazy_("Write the comment.")), Length(max=LONGEST)]
    )
