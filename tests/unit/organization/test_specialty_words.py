"""Specialties in the language of the reader."""

from __future__ import annotations

from django.utils import translation

from medguild.foundation.organization.words import specialty_words


def test_specialties_are_named_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        assert specialty_words("family_medicine") == "Family medicine"
    with translation.override("es"):
        assert specialty_words("family_medicine") == "Medicina familiar"
    assert specialty_words("sports_medicine") == "Sports medicine", "a code that we do not know is read as it stands"
