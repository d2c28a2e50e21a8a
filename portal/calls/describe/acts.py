"""The authority, its acts, its areas, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import Act, Area, AuthorityInfo
from portal.core.i18n import lazy_

ROWS: Rows = {
    AuthorityInfo: {
        "code": Row(lazy_("Code of the authority"), lazy_("A short name in small letters, the same in all its calls.")),
        "name": Row(lazy_("Name of the authority"), lazy_("As it signs its acts, such as Comune di Bari.")),
        "istat": Row(lazy_("ISTAT code"), lazy_("Six digits, with the zeros in front.")),
        "fiscal_code": Row(lazy_("Fiscal code"), lazy_("Eleven digits.")),
        "iban": Row(lazy_("Account that pays"), lazy_("IBAN of the account from which grants are paid.")),
        "bic": Row(lazy_("BIC of the account"), lazy_("Only where the bank asks for it.")),
    },
    Act: {
        "number": Row(lazy_("Number of the act"), lazy_("As it stands on the act, such as DD 7030/2020.")),
        "date": Row(lazy_("Date of the act"), lazy_("The day on which the act was signed.")),
        "title": Row(lazy_("Subject of the act"), lazy_("What it decides, in a line.")),
    },
    Area: {
        "key": KEY,
        "name": Row(lazy_("Name of the area"), lazy_("As people of the quarter call it.")),
        "lat": Row(lazy_("Latitude"), lazy_("Of the point that stands for the area on maps, in degrees.")),
        "lon": Row(lazy_("Longitude"), lazy_("Of the point that stands for the area on maps, in degrees.")),
        "radius": Row(lazy_("Radius (metres)"), lazy_("Whatever lies within it counts as inside the area.")),
        "outline": Row(
            lazy_("Outline"),
            lazy_(
                "One corner a line, along the edge: latitude, longitude; or a GeoJSON polygon, pasted. It closes by "
                "itself, and counts in place of the radius."
            ),
        ),
    },
}
