"""Fields of the house and how refusals become words at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ui.forms import BirthDateField, DateField, MoneyField, apply_refusal, form_status, refusals


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the card.")
    amount = MoneyField(least=100, most=10_000, required=False)
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    ok = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


@given(st.integers(0, 10**12))
def test_money_reads_what_it_shows(cents: int) -> None:
    assert MoneyField().clean(dollars(cents)) == cents


@pytest.mark.parametrize(
    ("typed", "words"), [("12x", "Write an amount"), ("0.50", "at least $1.00"), ("101", "at most $100.00")]
)
def test_money_says_what_to_write(typed: str, words: str) -> None:
    form = Sample({"name": "x", "way": "a", "amount": typed})
    assert words in form.errors["amount"][0]


def test_money_keeps_what_was_typed_and_shows_cents_as_dollars() -> None:
    assert Sample({"amount": "12x"})["amount"].value() == "12x"
    assert Sample(initial={"amount": 1250})["amount"].value() == "12.50"


def test_dates_in_both_ways_of_writing() -> None:
    assert DateField().clean("2026-11-30") == DateField().clean("11/30/2026") == dt.date(2026, 11, 30)


@pytest.mark.parametrize("typed", ["1850-01-01", "2999-01-01"])
def test_birth_date_is_believable(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        BirthDateField().clean(typed)


def test_refusal_goes_to_its_field_or_above_the_form() -> None:
    form = Sample({"name": "x", "way": "a"})
    assert form.is_valid()
    apply_refusal(form, Refusal("Taken.", field="name"))
    with refusals(form):
        raise Refusal("Closed.", field="elsewhere")
    assert form.errors["name"] == ["Taken."]
    assert form.non_field_errors() == ["Closed."]
    assert form_status(form) == 422


def test_status_of_a_fresh_form() -> None:
    assert form_status(Sample()) == 200


def test_wrong_form_names_each_field_and_links_to_it(draw: Callable[..., str]) -> None:
    made = draw(
        '{% form_page form submit="Save" cancel="/back/" %}', form=Sample({"name": "", "way": "z", "amount": "x"})
    )
    assert "Please check 3 things" in made
    assert '<a href="#id_name">' in made
    assert 'aria-describedby="id_name_error id_name_help"' in made
    assert 'aria-invalid="true"' in made
    assert made.count("autofocus") == 1
    assert '<fieldset class="field" id="id_way">' in made
    assert 'value="x"' in made
    assert 'href="/back/"' in made
    assert made.count('name="secret"') == 1


def test_form_of_files_is_multipart(draw: Callable[..., str]) -> None:
    class WithFile(forms.Form):
        card = forms.FileField()

    made = draw('{% form_page form submit="Save" %}', form=WithFile())
    assert 'enctype="multipart/form-data"' in made


def test_optional_fields_say_so(draw: Callable[..., str]) -> None:
    form: Any = Sample()
    assert "(optional)" in draw("{% field form.amount %}", form=form)
    assert "(optional)" not in draw("{% field form.name %}", form=form)
