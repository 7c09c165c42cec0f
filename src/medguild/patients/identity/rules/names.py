"""Names as people write them, and the keys by which they are found."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import jellyfish

# Letters that do not come apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th",
        "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i", "ħ": "h", "Ħ": "h", "ŧ": "t", "Ŧ": "t",
    }
)  # fmt: skip


@lru_cache(maxsize=200_000)
def name_key(text: str) -> str:
    """Letters and digits only, lower case, without accents: `O'Brien` and `OBRIEN` give `obrien`, `Núñez` `nunez`.

    Idempotent; letters of other scripts stay.
    """
    key = text
    while True:
        parts = unicodedata.normalize("NFKD", key.translate(_LETTERS).casefold())
        folded = "".join(letter for letter in parts if letter.isalnum())
        if folded == key:
            return key
        key = folded


@lru_cache(maxsize=200_000)
def sound(key: str) -> str:
    """How a name key sounds (Metaphone, in capitals); the key itself where the algorithm knows no sound."""
    return str(jellyfish.metaphone(key)) or key.upper()


def phonetic_key(family_key: str, given_key: str) -> str:
    """The sounds of family and given name, in that order; a family's sound and a blank are a prefix of it."""
    return f"{sound(family_key)} {sound(given_key)}" if family_key else ""


def tidy_name(text: str) -> str:
    """Composed letters, single blanks, no control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in composed).split())


def full_name(family: str, given: str, middle: str = "", suffix: str = "") -> str:
    """`Smith Jr, Ann B`: as lists are sorted."""
    last = f"{family} {suffix}" if suffix else family
    first = f"{given} {middle}" if middle else given
    return f"{last}, {first}"


def spoken_name(family: str, given: str, suffix: str = "", preferred: str = "") -> str:
    """`Ann Smith Jr`: as one calls a person."""
    return " ".join(part for part in (preferred or given, family, suffix) if part)
