"""Amounts in Italian words, as deeds write them: 1.234,50 is "milleduecentotrentaquattro/50"."""

UNITS = (
    "", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici",
    "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
)  # fmt: skip
TENS = ("", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta")
ELIDING = (1, 8)
MILLION, THOUSAND = 1_000_000, 1_000


def amount_in_words(cents: int) -> str:
    """Euro in words and cents in figures."""
    euros, rest = divmod(cents, 100)
    return f"{in_words(euros) or 'zero'}/{rest:02d}"


def in_words(number: int) -> str:
    """A whole number below a thousand million, in one word; nothing for zero."""
    millions, rest = divmod(number, MILLION)
    thousands, hundreds = divmod(rest, THOUSAND)
    head = "unmilione" if millions == 1 else f"{_below_thousand(millions)}milioni" if millions else ""
    middle = "mille" if thousands == 1 else f"{_below_thousand(thousands)}mila" if thousands else ""
    return head + middle + _below_thousand(hundreds)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = "" if not hundreds else "cento" if hundreds == 1 else f"{UNITS[hundreds]}cento"
    if rest < len(UNITS):
        return head + UNITS[rest]
    tens, units = divmod(rest, 10)
    stem = TENS[tens][:-1] if units in ELIDING else TENS[tens]
    return head + stem + UNITS[units]
