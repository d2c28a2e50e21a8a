"""A call as a file: YAML to design and back, with every fault at once, its line, its place and its mend."""

import hashlib
import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from portal.calls.describe import described
from portal.calls.filefaults import fault_of_type
from portal.calls.marks import LARGEST_FILE, Marks, NotACallFile, read_marked
from portal.calls.rules import CallDesign
from portal.calls.rules.validity import Fault, faults_of
from portal.core.i18n import lazy_

__all__ = [
    "LARGEST_FILE",
    "CallFileRefused",
    "design_from_json",
    "design_hash",
    "design_to_json",
    "document_hash",
    "euro_to_cents",
    "json_schema",
    "normalised",
    "read_call_file",
    "write_call_file",
]

ADAPTER: TypeAdapter[CallDesign] = TypeAdapter(CallDesign)
TIMES = {"opens", "closes"}
NOT_SHOWN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")
WIDTH = 110
SHORT = 100


class CallFileRefused(Exception):
    """The file is not a call; `faults` holds one for each place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_call_file(text: str) -> CallDesign:
    """Read a design from YAML, or raise CallFileRefused with every fault."""
    try:
        data, marks = read_marked(text)
    except NotACallFile as error:
        raise CallFileRefused([error.fault]) from error
    days = [*_days_for_times(data), *_control_characters(data)]
    try:
        design = ADAPTER.validate_python(data)
    except ValidationError as error:
        found = [fault_of_type(item) for item in error.errors(include_url=False)]
        known = {fault.place for fault in days}
        raise CallFileRefused(_placed([*days, *(each for each in found if each.place not in known)], marks)) from error
    faults = [*days, *faults_of(design), *_bank_faults(design)]
    if faults:
        raise CallFileRefused(_placed(faults, marks))
    return design


def _placed(faults: list[Fault], marks: Marks) -> list[Fault]:
    """The faults with their lines, in the order of the file."""
    found = [Fault(each.place, each.words, each.mend, marks.line_of(each.place)) for each in faults]
    return sorted(found, key=lambda each: each.line or 0)


def _days_for_times(data: Any, place: str = "", key: str = "") -> list[Fault]:
    """Deadlines written as a day without an hour (P2)."""
    if isinstance(data, dict):
        return [fault for name, item in data.items() for fault in _days_for_times(item, f"{place}.{name}", str(name))]
    if isinstance(data, list):
        return [fault for n, item in enumerate(data) for fault in _days_for_times(item, f"{place}.{n}")]
    if key in TIMES and isinstance(data, date) and not isinstance(data, datetime):
        words = lazy_("A day without an hour.")
        return [Fault(place.lstrip("."), words, lazy_("Write the hour too, as in %(day)sT12:00.", day=str(data)))]
    return []


def _control_characters(data: Any, place: str = "") -> list[Fault]:
    """Texts that no page, feed or calendar can show."""
    if isinstance(data, dict):
        return [fault for name, item in data.items() for fault in _control_characters(item, f"{place}.{name}")]
    if isinstance(data, list):
        return [fault for n, item in enumerate(data) for fault in _control_characters(item, f"{place}.{n}")]
    if isinstance(data, str) and NOT_SHOWN.search(data):
        words = lazy_("This text holds a control character, which nobody can see.")
        return [Fault(place.lstrip("."), words, lazy_("Type it again by hand."))]
    return []


def _bank_faults(design: CallDesign) -> list[Fault]:
    if design.authority.iban is None:
        return []
    try:
        IBAN(design.authority.iban, validate_bban=True)
    except SchwiftyException:
        words = lazy_("“%(value)s” is not well written.", value=design.authority.iban)
        return [Fault("authority.iban", words, lazy_("Write the IBAN of the account that pays, check digits and all."))]
    return []


def design_from_json(data: dict[str, Any]) -> CallDesign:
    """A stored design; it was valid when it was stored."""
    return ADAPTER.validate_python(data)


def design_to_json(design: CallDesign) -> dict[str, Any]:
    """A design as plain JSON, amounts as text; defaults written out, so that a later default changes no old call."""
    plain: dict[str, Any] = ADAPTER.dump_python(design, mode="json", by_alias=True, exclude_none=True)
    return plain


def design_hash(design: CallDesign) -> str:
    """SHA-256 of the canonical JSON."""
    return document_hash(design_to_json(design))


def document_hash(document: dict[str, Any]) -> str:
    """SHA-256 of a JSON document in its canonical writing."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class _Writer(yaml.SafeDumper):
    """YAML for people: long texts as blocks, nothing shortened by a reference."""

    def ignore_aliases(self, data: Any) -> bool:
        """No anchors: they would not be read back."""
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_block = "\n" in text and not any(line != line.rstrip() for line in text.splitlines())
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if is_block else None)


def _mapping(writer: yaml.SafeDumper, found: dict[str, Any]) -> yaml.MappingNode:
    """On one line where it is short: a text in two languages, an option, a step."""
    plain = [value for value in found.values() if not isinstance(value, (dict, list))]
    is_short = len(plain) == len(found) and sum(len(f"{key}: {found[key]}, ") for key in found) < SHORT
    is_line = is_short and not any("\n" in str(value) for value in plain)
    return writer.represent_mapping("tag:yaml.org,2002:map", found, flow_style=is_line)


def _sequence(writer: yaml.SafeDumper, found: list[Any]) -> yaml.SequenceNode:
    is_line = all(isinstance(item, float) or (isinstance(item, str) and " " not in item) for item in found)
    return writer.represent_sequence("tag:yaml.org,2002:seq", found, flow_style=is_line)


_Writer.add_representer(str, _text)
_Writer.add_representer(dict, _mapping)
_Writer.add_representer(list, _sequence)


def write_call_file(design: CallDesign) -> str:
    """The design as YAML, in the order of the schema, defaults left out; reading it back gives an equal design."""
    plain = ADAPTER.dump_python(design, mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(plain, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=WIDTH)


def normalised(text: str) -> str:
    """A file in the one writing of its call: what export gives. Raises CallFileRefused."""
    return write_call_file(read_call_file(text))


def json_schema() -> dict[str, Any]:
    """The JSON Schema published as docs/call.schema.json, with the words of `describe` for every key."""
    return described(ADAPTER.json_schema())


def euro_to_cents(amount: Decimal) -> int:
    """Whole cents of a declared amount; the file is refused when there is a fraction of a cent."""
    cents = amount * 100
    if cents != cents.to_integral_value():
        words = lazy_("%(value)s has more than two decimals.", value=str(amount))
        raise CallFileRefused([Fault("budget_lines", words, lazy_("Round it to two decimals."))])
    return int(cents)
