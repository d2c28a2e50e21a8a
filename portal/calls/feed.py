"""What happened to published calls as an Atom feed; apart from `views` since it is a format of its own."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from portal.calls.labels import event_words
from portal.calls.models import CallEvent
from portal.core.i18n import _, in_language, locale

ATOM = "http://www.w3.org/2005/Atom"
NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that no XML document may hold, not even escaped."""


def atom_of(events: Sequence[CallEvent], *, now: datetime, origin: str) -> bytes:
    """One entry an event: published, extended, opened again, rectified, cancelled, concluded; the newest first."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": locale()})
    address = f"{origin}/calls/feed.atom"
    _say(feed, "id", address)
    _say(feed, "title", str(_("Calls of the Italian metropolitan cities")))
    _say(feed, "updated", _instant(events[0].at if events else now))
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{origin}/calls"})
    for event in events:
        _entry(feed, event, f"{origin}/calls/{event.call.slug}")
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: ET.Element, event: CallEvent, address: str) -> None:
    entry = ET.SubElement(feed, "entry")
    _say(entry, "id", f"urn:uuid:{event.id}")
    _say(entry, "title", event_words(event))
    _say(entry, "updated", _instant(event.at))
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    author = ET.SubElement(entry, "author")
    _say(author, "name", event.call.authority.name)
    ET.SubElement(entry, "category", {"term": event.kind.value})
    reason = in_language(event.reason) if event.reason else in_language(event.call.design.summary)
    _say(entry, "summary", reason)


def _say(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = NOT_XML.sub("", text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
