"""What is said of one key of a call: its label and its help."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.i18n import lazy_


@dataclass(frozen=True, slots=True)
class Row:
    """The label of a key and one sentence that helps to fill it in, in the reader's language."""

    label: object
    help: object


Rows = Mapping[type, Mapping[str, Row]]
KEY = Row(lazy_("Key"), lazy_("A short name that never changes: small letters, digits and underscores."))
