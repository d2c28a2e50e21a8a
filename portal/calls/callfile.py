"""A call as a file: YAML to design and back, with every fault at once, its place and its mend."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from portal.calls.rules import CallDesign
from portal.calls.rules.validity import faults_of

ADAPTER: TypeAdapter[CallDesign] = TypeAdapter(CallDesign)
LARGEST_FILE = 1_000_000
TIMES = {"opens", "closes"}


class CallFileRefused(Exception):
    """The file is not a call; `faults` holds one line for each place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Loader(yaml.SafeLoader):
    """Plain YAML: no aliases (a short file must not become a long one), no key twice in one mapping."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias."""
        if self.check_event(yaml.AliasEvent):
            place = parent.start_mark if parent is not None else ""
            raise yaml.YAMLError(f"aliases are not taken: write the text out{place}")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Refuse a key that stands twice."""
        seen = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"key {key.value!r} stands twice{key.start_mark}")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_call_file(text: str) -> CallDesign:
    """Read a design from YAML, or raise CallFileRefused with every fault."""
    if len(text) > LARGEST_FILE:
        raise CallFileRefused([f"the file is larger than {LARGEST_FILE} characters"])
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CallFileRefused([f"not YAML: {' '.join(str(error).split())}"]) from error
    try:
        design = ADAPTER.validate_python(data)
    except ValidationError as error:
        raise CallFileRefused([*_days_for_times(data), *(_fault(item) for item in error.errors())]) from error
    faults = [*_days_for_times(data), *faults_of(design), *_bank_faults(design)]
    if faults:
        raise CallFileRefused(faults)
    return design


def _days_for_times(data: Any, place: str = "", key: str = "") -> list[str]:
    """Deadlines written as a day without an hour (P2)."""
    if isinstance(data, dict):
        return [fault for name, item in data.items() for fault in _days_for_times(item, f"{place}.{name}", str(name))]
    if isinstance(data, list):
        return [fault for n, item in enumerate(data) for fault in _days_for_times(item, f"{place}.{n}")]
    if key in TIMES and isinstance(data, date) and not isinstance(data, datetime):
        return [f"{place.lstrip('.')}: write the hour too, for example {data}T12:00"]
    return []


def _bank_faults(design: CallDesign) -> list[str]:
    if design.authority.iban is None:
        return []
    try:
        IBAN(design.authority.iban, validate_bban=True)
    except SchwiftyException as error:
        return [f"authority.iban: {error}"]
    return []


def _fault(item: Any) -> str:
    place = ".".join(str(part) for part in item["loc"]) or "the file"
    words = "nobody knows this key" if item["type"] == "unexpected_keyword_argument" else item["msg"]
    return f"{place}: {words}"


def design_from_json(data: dict[str, Any]) -> CallDesign:
    """A stored design; it was valid when it was stored."""
    return ADAPTER.validate_python(data)


def design_to_json(design: CallDesign) -> dict[str, Any]:
    """A design as plain JSON, amounts as text."""
    plain: dict[str, Any] = ADAPTER.dump_python(design, mode="json")
    return plain


def design_hash(design: CallDesign) -> str:
    """SHA-256 of the canonical JSON."""
    return document_hash(design_to_json(design))


def document_hash(document: dict[str, Any]) -> str:
    """SHA-256 of a JSON document in its canonical writing."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_call_file(design: CallDesign) -> str:
    """The design as YAML, in the order of the schema; reading it back gives an equal design."""
    return yaml.safe_dump(design_to_json(design), allow_unicode=True, sort_keys=False, width=110)


def json_schema() -> dict[str, Any]:
    """The JSON Schema published as docs/call.schema.json."""
    return ADAPTER.json_schema()


def euro_to_cents(amount: Decimal) -> int:
    """Whole cents of a declared amount; the file is refused when there is a fraction of a cent."""
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise CallFileRefused([f"{amount}: amounts have at most two decimals"])
    return int(cents)
