"""A call designed from an empty page: what an officer adds and types, block by block."""

BOTH = {"it": "in italiano", "en": "in English"}


def both(name: str, words: str) -> dict[str, str]:
    """A text in both languages, as the form of a part asks for it."""
    return {f"{name}-{code}": f"{words} {said}" for code, said in BOTH.items()}


Block = tuple[str, str, dict[str, str]]
"""Where something is added ("" where it stands there already), the place that is edited, what is typed."""

NEEDED: list[Block] = [
    ("", "call/about", both("summary", "Laboratori di quartiere")),
    *(("", f"texts/{key}", both("text", key)) for key in
      ("who", "what", "how_assessed", "documents")),
    ("applicants", "applicants/0",
     {"forms": "association", "minimum": "5.000,00", "maximum": "20.000,00", "cofinancing": "10"}),
    ("budget_lines", "budget_lines/0", {**both("name", "Unica"), "amount": "100.000,00"}),
    ("", "phases/0", both("name", "Fase unica")),
    ("questionnaire/sections", "questionnaire/sections/0", both("title", "Il progetto")),
    ("questionnaire/sections/0/questions", "questionnaire/sections/0/questions/0",
     {**both("label", "Titolo"), "tag": "application.title", "required": "yes", "key": "title"}),
    ("questionnaire/sections/0/questions:money", "questionnaire/sections/0/questions/1",
     {**both("label", "Contributo richiesto"), "tag": "budget.requested", "required": "yes", "key": "requested"}),
    ("questionnaire/sections/0/questions:money", "questionnaire/sections/0/questions/2",
     {**both("label", "Costo totale"), "tag": "budget.cost", "required": "yes", "key": "cost"}),
    ("criteria", "criteria/0", {**both("name", "Qualità"), "maximum": "60"}),
    ("criteria", "criteria/1", {**both("name", "Impatto"), "maximum": "40"}),
    ("milestones", "milestones/0",
     {**both("title", "Avvio"), **both("deliverable", "Lo spazio aperto"), "month": "3", "weight": "100"}),
    ("tranches", "tranches/0", {**both("name", "Unica"), "share": "100", "gates": "agreement_signed",
                                "milestone": "milestone_1"}),
]  # fmt: skip
