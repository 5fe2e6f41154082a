"""The order of words in a language, and the letters they stand under."""

from __future__ import annotations

import time
from itertools import groupby, permutations

import pytest

from pmpress.features.collation import collation

# Each line in order, letter by letter of the index.
ORDERS = {
    "en": [("", ["--help", "3D"]), ("A", ["Äpfel", "apple"]), ("E", ["Eclair", "éclair"]),
           ("N", ["New York", "Newark"]), ("O", ["Œdipus", "œuvre"]),
           ("Q", ["“quoted”"]), ("Z", ["zebra"]), ("Θ", ["θεός"]), ("Й", ["Йога"])],
    "de-CH": [("A", ["Apfel", "Äpfel", "Azur"]), ("O", ["Ofen", "Öl"]), ("S", ["Strasse", "Straße"])],
    "fr": [("C", ["cote", "coté", "côte", "côté"]), ("E", ["écu"]), ("O", ["oeil", "œuf"]), ("Z", ["zéro"])],
    "es-MX": [("N", ["nada", "nube"]), ("Ñ", ["ñandú", "Ñu"]), ("O", ["oso"])],
    "sv": [("O", ["ost"]), ("V", ["vatten"]), ("Z", ["zon"]), ("Å", ["ål"]), ("Ä", ["ärlig"]), ("Ö", ["ö"])],
    "fi": [("Z", ["zen"]), ("Å", ["Åbo"]), ("Ä", ["äiti"]), ("Ö", ["öljy"])],
    "da": [("Z", ["zone"]), ("Æ", ["æble"]), ("Ø", ["ø"]), ("Å", ["ål", "Aarhus"])],
    "nb": [("Z", ["zoo"]), ("Æ", ["ære"]), ("Ø", ["øl"]), ("Å", ["år"])],
    "cs": [("C", ["cena"]), ("Č", ["čas"]), ("H", ["hora"]), ("Ch", ["chata", "Chyba"]), ("I", ["ivan"])],
    "tr": [("C", ["cam"]), ("Ç", ["çay"]), ("I", ["ısı", "Iş"]), ("İ", ["ilik", "İzmir"])],
    "ru": [("Е", ["ёлка", "ель"]), ("Ж", ["жук"]), ("И", ["Иван"]), ("Й", ["йога"]), ("H", ["HTML"])],
    "ar": [("", ["٣"]), ("ا", ["إبل", "أحمد"]), ("ب", ["البيت"]), ("ج", ["الجدول"]), ("م", ["مَدْرَسة"]),
           ("H", ["HTML"])],
    "ja": [("", ["5"]), ("H", ["HTML"]), ("あ", ["アップル"]), ("か", ["カード", "かき", "がくせい"]),
           ("さ", ["しゃかい"]), ("や", ["やま"]), ("わ", ["わん"]), ("漢字", ["東京"])],
}  # fmt: skip


@pytest.mark.parametrize("language", ORDERS)
def test_order_and_letters(language: str) -> None:
    by, wanted = collation(language), ORDERS[language]
    words = [word for _, group in wanted for word in group]
    for given in (words[::-1], sorted(words), words[1::2] + words[::2]):
        found = sorted(given, key=by.key)
        assert [(letter, list(group)) for letter, group in groupby(found, key=by.letter)] == wanted


def test_no_two_texts_are_equal() -> None:
    for language in ORDERS:
        keys = [collation(language).key(text) for text in ("", "a", "A", "“a”", "a ", "ａ", "a\u0301")]
        assert all(one != other for one, other in permutations(keys, 2))


@pytest.mark.parametrize("text", ["a\u0301\u0300" * 50_000, "\u0301" * 100_000, "(" * 100_000, "ｶﾞー" * 40_000])
def test_hostile_texts_take_no_time(text: str) -> None:
    begun = time.process_time()
    for language in ("sv", "ja", "ar"):
        collation(language).key(text)
        collation(language).letter(text)
    assert time.process_time() - begun < 2


def test_what_is_no_letter_of_the_common_order() -> None:
    for text in ("", " ", "\u0301", "\ue000", "\U0010ffff", "𒀀", "ー", "ｶﾀｶﾅ", "ﬁn", "ⅷ", "אבג", "한글", "ก"):
        for language in ORDERS:
            collation(language).key(text)
            assert isinstance(collation(language).letter(text), str)
    assert collation("ja").letter("ｶﾀｶﾅ") == "か"
    assert collation("en").letter("ﬁn") == "F"
