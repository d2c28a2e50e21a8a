"""Formulas: exact, harmless, and the same in tables, totals and criteria."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from portal.questionnaires.rules import FilledForm, Form, Question, QuestionType, Section, stored_answer
from portal.questionnaires.rules.formulas import FUNCTIONS, MalformedFormula, compute, names_in, parse_formula
from tests.factories.questionnaires import make_question, make_table, text

COFINANCING = "min(10, max(0, share(budget.cofinancing, budget.total) - 15) / (30 - 15) * 10)"


def result(formula, **values):
    """What a formula gives; names with dots are written with two underscores here."""
    known = {name.replace("__", "."): value for name, value in values.items()}
    found = {name: [Decimal(each) for each in given] for name, given in known.items()}
    return compute(parse_formula(formula), lambda name: found.get(name, []))


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("quantity * unit_cost", {"quantity": ["2.5"], "unit_cost": ["10.10"]}, "25.25"),
        ("1 + 2 * 3 - 4 / 8", {}, "6.5"),
        ("-(a - 3)", {"a": ["1"]}, "2"),
        ("0.1 + 0.2", {}, "0.3"),
        ("budget.cost", {"budget__cost": ["1", "2.5", "3"]}, "6.5"),
        ("sum(budget.cost, 1)", {}, "1"),
        ("max(sum(a), sum(b))", {"b": ["7", "8"]}, "15"),
        ("round(10 / 3)", {}, "3"),
        ("round(2.345, 2)", {}, "2.35"),
        ("round(-2.5)", {}, "-3"),
        ("share(1, 8)", {}, "12.5"),
        (COFINANCING, {"budget__cofinancing": ["3000"], "budget__total": ["10000"]}, "10"),
        (COFINANCING, {"budget__cofinancing": ["1500"], "budget__total": ["10000"]}, "0"),
        (COFINANCING, {"budget__cofinancing": ["2250"], "budget__total": ["10000"]}, "5"),
        ("a / b", {"a": ["1"], "b": ["0"]}, None),
        ("share(a, b)", {"a": ["1"], "b": ["0"]}, None),
        ("a + 1", {}, None),
        ("min(a, 1)", {}, None),
        ("sum(a / b, 5)", {"a": ["1"]}, "5"),
    ],
)
def test_a_formula_gives(formula, values, expected):
    assert result(formula, **values) == (None if expected is None else Decimal(expected))


REFUSED = [
    "", "  ", "a +", "(a", "a b", "1, 2", "a ** 2", "a // 2", "a % 2", "a @ b", "a & b", "~a", "+a", "not a",
    "a if b else c", "a < b", "a == b", "a and b", "lambda: 1", "[a]", "[x for x in a]", "(x for x in a)", "{a}",
    "{'a': 1}", "a[0]", "a[:]", "'text'", "f'{a}'", "b'x'", "True", "None", "...", "1j", "1e9", "0x10", "0b1",
    "1_000", ".5", "5.", "1.5.2", "01", "__import__('os')", "_a", "a.__class__", "a._b", "a.b.c.d.e", "().a",
    "(a).b()", "a()", "a.b(1)", "eval(1)", "abs(1)", "pow(2, 9)", "min", "min.a + share", "min()", "share(1)",
    "share(1, 2, 3)", "round()", "round(1, a)", "round(1, 7)", "round(1, 0.5)", "min(*a)", "min(a, key=b)",
    "min(**a)", "a; b", "a = 1", "a := 1", "(a := 1)", "await a", "yield a", "a\nb", "a\0", "ａ + 1", "à", "A",
    "1 or 2", "a # b", "9" * 16, "0.12345678901", "a" * 301, "-" * 20 + "1", "min(" * 13 + "1" + ")" * 13,
    "(" * 250 + "1", "1 if 2else 3", "1" + "+1" * 150,
]  # fmt: skip


@pytest.mark.parametrize("formula", REFUSED)
def test_everything_else_is_refused_in_words(formula):
    with pytest.raises(MalformedFormula, match=r"\w{2,}"):
        parse_formula(formula)
    assert names_in(formula) == ()


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(formula):
    try:
        parsed = parse_formula(formula)
    except MalformedFormula:
        return
    assert compute(parsed, lambda _name: []) is None or not parsed.names or "sum" in formula


@given(st.text(st.sampled_from("ab.019+-*/(), min"), max_size=30))
def test_whatever_is_accepted_is_computed_without_an_error(formula):
    try:
        parsed = parse_formula(formula)
    except MalformedFormula:
        return
    for numbers in NOTHING, [Decimal(0)], [Decimal("1e11"), Decimal("-0.01")]:
        found = compute(parsed, dict.fromkeys(parsed.names, numbers).__getitem__)
        assert found is None or found.is_finite()


NOTHING: list[Decimal] = []
NUMBERS = st.decimals(-(10**9), 10**9, places=2)
NAMES = st.sampled_from(["a", "b", "budget.cost"])
TREES = st.recursive(
    st.one_of(NAMES, st.decimals(0, 10**6, places=2).map(lambda number: f"{number:f}")),
    lambda inner: st.one_of(
        st.builds(lambda one, sign, two: f"({one} {sign} {two})", inner, st.sampled_from("+-*"), inner),
        st.builds(lambda one: f"-{one}", inner),
        st.builds(lambda name, one, two: f"{name}({one}, {two})", st.sampled_from(["min", "max", "sum"]), inner, inner),
    ),
    max_leaves=6,
)


def as_fraction(line, values):
    """The same line computed by Python with fractions; the text is one we made ourselves."""
    scope = {"min": min, "max": max, "sum": lambda *parts: sum(parts, Fraction(0)), "F": Fraction}
    scope |= {name.replace("budget.", ""): value for name, value in values.items()}
    return eval(_with_fractions(line.replace("budget.", "")), {"__builtins__": {}}, scope)


def _with_fractions(line):
    found, number = "", ""
    for sign in f"{line} ":
        if sign.isdigit() or (sign == "." and number):
            number += sign
            continue
        found += f"F('{number}')" if number else ""
        number = ""
        found += sign
    return found


@given(TREES, NUMBERS, NUMBERS, NUMBERS)
def test_sums_and_products_are_exact(tree, one, two, three):
    values = {"a": one, "b": two, "budget.cost": three}
    try:
        parsed = parse_formula(tree)
    except MalformedFormula:
        reject()  # too long or too deep
    found = compute(parsed, lambda name: [values[name]])
    expected = as_fraction(tree, {name: Fraction(value) for name, value in values.items()})
    assert found is not None
    assert Fraction(found) == expected or expected.denominator * abs(expected.numerator) > 10**58


@given(NUMBERS, NUMBERS)
def test_a_quotient_is_exact_to_fifty_digits(one, two):
    found = result("a / b", a=[one], b=[two])
    if two == 0:
        assert found is None
    else:
        assert abs(Fraction(found) - Fraction(one) / Fraction(two)) < Fraction(1, 10**40)


def test_the_functions_are_these():
    assert sorted(FUNCTIONS) == ["max", "min", "round", "share", "sum"]


TABLE = make_table()
BUDGET = Form(
    [
        Section(
            "budget",
            text("Bilancio"),
            [
                TABLE,
                make_question(QuestionType.MONEY, key="own", tag="budget.cofinancing"),
                make_question(QuestionType.MONEY, key="total", tag="budget.total", formula="budget.cost"),
                make_question(QuestionType.PERCENTAGE, key="rate", formula="share(budget.cofinancing, budget.total)"),
            ],
        )
    ]
)


def filled(rows, own="0"):
    """The budget with these rows and this money of one's own."""
    typed = {"costs": rows, "own": own}
    return FilledForm(BUDGET, {key: stored_answer(BUDGET.by_key[key], given, areas=()) for key, given in typed.items()})


def test_columns_totals_tags_and_computed_answers_agree():
    sheet = filled(
        [
            {"item": "Legno", "quantity": "2,5", "unit_cost": "10,10", "cost": "9"},
            {"item": "Viti"},
            {"item": "Colla", "quantity": "3", "unit_cost": "0,01"},
        ],
        own="10,00",
    )
    assert [row.get("cost") for row in sheet.rows(TABLE)] == [2525, None, 3]
    assert sheet.totals(TABLE) == {"cost": 2528}
    assert sheet.tagged("budget.cost") == [2525, 3]
    assert sheet.sum_of("budget.cost") == Decimal("25.28")
    assert sheet.cents_of("budget.total") == 2528
    assert sheet.stored(BUDGET.by_key["rate"]) == {"value": 3956}
    assert sheet.compute("round(share(budget.cofinancing, budget.total), 2)") == Decimal("39.56")
    assert sheet.compute("budget.nothing") is None
    assert sheet.compute("((") is None


def test_nothing_typed_computes_nothing():
    sheet = filled([])
    assert sheet.totals(TABLE) == {"cost": 0}
    assert sheet.stored(BUDGET.by_key["total"]) == {"value": None}
    assert (sheet.sum_of("budget.cost"), sheet.cents_of("budget.cost")) == (0, 0)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**8)), max_size=6))
def test_money_in_a_table_is_exact_to_the_cent(rows):
    sheet = filled(
        [
            {"item": "x", "quantity": f"{tenths // 10},{tenths % 10}", "unit_cost": f"{cents // 100},{cents % 100:02d}"}
            for tenths, cents in rows
        ]
    )
    expected = [(tenths * cents + 5) // 10 for tenths, cents in rows]
    assert [row["cost"] for row in sheet.rows(TABLE)] == expected
    assert sheet.totals(TABLE)["cost"] == sum(expected) == sheet.cents_of("budget.cost")


def test_columns_that_count_with_each_other_in_any_order():
    money = QuestionType.MONEY
    columns = [
        Question("gross", money, text("Lordo"), formula="net + tax"),
        Question("tax", money, text("IVA"), formula="round(net * 0.22, 2)"),
        Question("net", money, text("Netto")),
        Question("again", money, text("Circolo"), formula="again + 1"),
    ]
    table = Question("t", QuestionType.TABLE, text("T"), questions=columns)
    sheet = FilledForm(Form([Section("s", text("S"), [table])]), {"t": {"value": [{"net": 333}]}})
    assert sheet.rows(table) == [{"net": 333, "tax": 73, "gross": 406}]


def test_a_result_too_large_is_none():
    table = make_table()
    form = Form([Section("s", text("S"), [table])])
    rows = [{"item": "x", "quantity": "999999999999", "unit_cost": 99999999999999}]
    assert "cost" not in FilledForm(form, {"costs": {"value": rows}}).rows(table)[0]
