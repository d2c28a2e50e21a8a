"""Which passwords are taken: long enough, not among those tried first, not one's own name; no other rule."""

import pytest

from portal.access.models import Person
from portal.access.operations import signing_in
from portal.access.operations.passwords import hash_of
from portal.access.rules.passwords import (
    COMMON,
    LIST,
    NOT_TYPED,
    TELLS_WHO,
    TOO_LONG,
    TOO_SHORT,
    base,
    check_new_password,
    common_passwords,
    repeated_piece,
    same_typed,
    words_about,
)
from portal.core.errors import Invalid
from tests.factories.base import PASSWORD

ABOUT = ("maria.rossi@comune.bari.example", "Maria De Rossi")
TAKEN = [
    PASSWORD, "tre gatti sul tetto", "solo lettere minuscole", "38 61 94 07 25", "!%&/()=?^-_.:,;<>",
    "ねこがやねのうえでないている",
    "montagna-bicicletta", "Maria compra undici mele", "x" * 5 + "montagna" * 60, "àèìòù perché città",
    "il vivaio dei ciliegi",
]  # fmt: skip
FIRST_TRIED = [
    "password1234", "Password-Password!", "2024passwordpassword2024", "PASSWORD   PASSWORD", "p-a-s-s-w-o-r-d-1234",
    "qwertyuiop123", "123456789012", "210987654321", "000000000000", "            ", "ababababababab",
    "abcabcabcabcabc", "１２３４５６７８９０１２", "ｐａｓｓｗｏｒｄ１２３４",
    "juventus-1897!!", "Francesca.2001", "ciaociaociaociao", "1qaz2wsx3edc",
    "Forza-Napoli-10", "cambiami subito", "correct horse battery staple", "__password__password__", "asdfghjklzxcvbnm",
]  # fmt: skip
ABOUT_THEM = [
    "mariarossi1980", "Maria.De.Rossi!", "rossi-maria-rossi", "vivaio-vivaio-2026", "maria.rossi@comune.bari.example",
    "Vivaiopassword!", "ComuneBariComune", "rossi&password1",
]  # fmt: skip


@pytest.mark.parametrize("password", TAKEN)
def test_words_that_do_not_belong_together_are_taken(password):
    check_new_password(password, about=ABOUT)


@pytest.mark.parametrize("password", FIRST_TRIED)
def test_what_is_tried_first_is_refused(password):
    with pytest.raises(Invalid) as refusal:
        check_new_password(password, about=ABOUT)
    assert (refusal.value.message, refusal.value.field) == (COMMON, "password")


@pytest.mark.parametrize("password", ABOUT_THEM)
def test_what_anybody_knows_of_a_person_is_refused(password):
    with pytest.raises(Invalid) as refusal:
        check_new_password(password, about=ABOUT)
    assert refusal.value.message is TELLS_WHO


def test_the_same_words_are_taken_from_somebody_else():
    check_new_password("mariarossi1980", about=("ada@prova.example", "Ada Bianchi"))


@pytest.mark.parametrize(("password", "why"), [
    ("", TOO_SHORT), ("gatti tetto", TOO_SHORT), ("e\u0301" * 11, TOO_SHORT), ("gatti sul tetto " * 40, TOO_LONG),
    ("gatti\x00sul tetto", NOT_TYPED), ("gatti\udc80sul tetto", NOT_TYPED),
])  # fmt: skip
def test_length_counts_what_a_reader_counts_and_nothing_unstorable_passes(password, why):
    with pytest.raises(Invalid) as refusal:
        check_new_password(password)
    assert refusal.value.message is why


def test_a_base_is_what_is_left_without_ornaments():
    assert [base(text) for text in ("2024password!", "password-password", "--a1b--", "123", "")] == [
        "password", "password", "a1b", "", "",
    ]  # fmt: skip
    assert [repeated_piece(text) for text in ("abab", "ababa", "aab", "a", "")] == ["ab", "ab", "aab", "a", ""]
    assert words_about(["li.xu@a.it"]) == {"vivaio"}


def test_the_list_is_shipped_with_its_licences_and_holds_tens_of_thousands():
    assert len(common_passwords()) > 30_000
    assert not {word for word in common_passwords() if word != word.casefold() or len(word) < 4}
    told = (LIST.parent / "LICENCES.txt").read_text(encoding="utf-8")
    assert "MIT License" in told
    assert "Django Software Foundation" in told


def test_a_password_opens_however_a_keyboard_composes_it(now):
    composed, apart = "perch\u00e9 citt\u00e0 caff\u00e8", "perche\u0301 citta\u0300 caffe\u0300"
    assert same_typed(composed) == same_typed(apart)
    person = Person(email="a@b.it", name="A", password_hash=hash_of(password=composed, about=()), created_at=now)
    for typed, opens in (
        (composed, True),
        (apart, True),
        (composed.upper(), False),
        ("\udc80", False),
        ("\x00", False),
    ):
        assert (signing_in.check_password(person=person, password=typed) is person) is opens


def test_whoever_signs_in_elsewhere_has_no_password_and_takes_as_long_to_refuse(now, monkeypatch):
    tried = []
    real = signing_in.HASHER

    class Noting:
        """The hasher, noting what it compared with."""

        def verify(self, hashed: str, password: str) -> bool:
            tried.append(hashed)
            return real.verify(hashed, password)

    monkeypatch.setattr(signing_in, "HASHER", Noting())
    person = Person(email="a@b.it", name="A", password_hash=signing_in.NO_PASSWORD, created_at=now)
    assert signing_in.check_password(person=person, password="!") is None
    assert tried == [signing_in.NOBODY]
