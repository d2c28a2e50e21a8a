"""The form of a batch: what was chosen with the version seen of each, and how it is released."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.core.i18n import lazy_
from portal.payments.batches.labels import MODES
from portal.payments.batches.operations import Chosen


class BatchForm(FlaskForm):  # type: ignore[misc]
    """All or nothing, or line by line."""

    mode = RadioField(
        lazy_("If one of them cannot be released"),
        choices=[SelectChoice(mode.value, words) for mode, words in MODES.items()],
        validators=[InputRequired(lazy_("Choose what happens if one of them cannot be released."))],
    )


def read_chosen(values: list[str]) -> list[Chosen]:
    """Keys and versions as the page wrote them, `key:version`; ValueError for anything else."""
    pairs = (value.partition(":") for value in values)
    return [Chosen(UUID(key), int(version)) for key, _colon, version in pairs]


def read_keys(values: list[str]) -> frozenset[UUID]:
    """Keys of tranches that were ticked; ValueError for anything else."""
    return frozenset(UUID(value) for value in values)
