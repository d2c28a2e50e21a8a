"""What was answered on the page of eligibility travels with whoever begins an application from there."""

from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from portal.applications.asking import questions_of_rules
from portal.calls.rules import CallDesign
from portal.questionnaires.forms import sent_section
from portal.questionnaires.rules import Typed

LONGEST = 4000
"""Characters of an address beyond which nothing is carried: it is asked again in the application."""


def query_told(design: CallDesign, given: MultiDict[str, str]) -> str:
    """The part of an address that carries the answers to the questions of the rules; empty where there are none."""
    keys = {question.key for question in questions_of_rules(design)}
    told = [(name, text) for name, text in given.items(multi=True) if name.partition(".")[0] in keys and text]
    query = urlencode(told)
    return f"?{query}" if told and len(query) <= LONGEST else ""


def answers_told(design: CallDesign, given: MultiDict[str, str]) -> dict[str, Typed]:
    """The same answers, as the operations take them."""
    return sent_section(questions_of_rules(design), given).typed
