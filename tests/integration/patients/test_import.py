from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotAllowed
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.mrn import numbered
from medguild.patients.imports.rules import UnusableFile
from medguild.patients.imports.services import ImportReport, import_patients
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, World

HEADER = "MRN,Last Name,First Name,DOB,Gender,Phone,Zip,Notes"
GOOD = [
    "A1,Okafor,Ngozi,1980-02-01,F,503-555-0101,97201,x",
    ',"Núñez, Jr",José,2/1/1990,male,,97201-1234,',
    ",Lee,Ann,03041975,,+44 20 7946 0123,,",
]


def load(world: World, *rows: str, by: Actor = HOUSE, header: str = HEADER, **options: bool) -> ImportReport:
    _ = world.circle
    text = StringIO("\n".join([header, *rows]) + "\n")
    return import_patients(lines=text, unit_id=world.main.site_unit.pk, by=by, **options)


def everybody() -> list[Patient]:
    return list(Patient.objects.unscoped("test").order_by("family_key"))


def test_rows_become_patients_with_their_own_or_a_new_number(world: World) -> None:
    report = load(world, *GOOD)
    assert (report.read, report.imported, report.bad, report.duplicates) == (3, 3, [], [])
    assert report.ignored_columns == ("Notes",)
    lee, nunez, okafor = everybody()
    assert okafor.mrn == "A1"
    assert (okafor.phone, okafor.phone_digits, okafor.sex) == ("+15035550101", "5035550101", "female")
    assert (nunez.family_name, nunez.family_key, nunez.postal_code) == ("Núñez, Jr", "nunezjr", "972011234")
    assert lee.birth_date.isoformat() == "1975-03-04"
    assert lee.other_phone == ""
    assert {lee.mrn, nunez.mrn} == {"1000009", "1000017"}
    assert {lee.circle_id, lee.home_unit_id} == {world.circle.pk, world.main.site_unit.pk}


def test_each_patient_has_one_event(world: World) -> None:
    load(world, *GOOD)
    events = Event.objects.unscoped("test").filter(type="patient.registered")
    assert {event.patient_id for event in events} == {patient.pk for patient in everybody()}
    assert len(events) == 3
    assert {event.data["imported_line"] for event in events} == {2, 3, 4}
    assert {event.unit_id for event in events} == {world.main.site_unit.pk}


def test_importing_again_changes_nothing(world: World) -> None:
    load(world, *GOOD)
    before = [(patient.pk, patient.revision) for patient in everybody()]
    again = load(world, *GOOD)
    assert again.imported == 0
    assert [row.line for row in again.duplicates] == [2, 3, 4]
    assert {row.code for row in again.duplicates} == {"same_name_and_birth_date"}
    assert again.duplicates[0].mrn == "A1"
    assert [(patient.pk, patient.revision) for patient in everybody()] == before
    assert Event.objects.unscoped("test").filter(type="patient.registered").count() == 3


def test_new_rows_of_a_grown_file_are_added(world: World) -> None:
    load(world, *GOOD)
    report = load(world, *GOOD, ",New,Person,1999-09-09,,,,")
    assert (report.imported, len(report.duplicates)) == (1, 3)


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (",,Ann,1980-01-01,,,,", "family_name", "name_needed"),
        (",!!,Ann,1980-01-01,,,,", "family_name", "name_needed"),
        (",Lee,Ann,,,,,", "birth_date", "field_needed"),
        (",Lee,Ann,1980-02-30,,,,", "birth_date", "date_form"),
        (",Lee,Ann,13/13/1980,,,,", "birth_date", "date_form"),
        (",Lee,Ann,2180-01-01,,,,", "birth_date", "birth_date_impossible"),
        (",Lee,Ann,1980-01-01,purple,,,", "sex", "sex_form"),
        (",Lee,Ann,1980-01-01,,555,,", "phone", "phone_form"),
        (",Lee,Ann,1980-01-01,,,9720,", "postal_code", "postal_code_form"),
        ("a_b,Lee,Ann,1980-01-01,,,,", "mrn", "mrn_form"),
        (",Lee,Ann,1980-01-01,,,,x,y,z", "row", "columns_many"),
    ],
)
def test_a_bad_row_refuses_the_file_and_says_why(world: World, row: str, field: str, code: str) -> None:
    report = load(world, *GOOD, row)
    assert [(bad.line, [(p.field, p.code) for p in bad.problems]) for bad in report.bad] == [(5, [(field, code)])]
    assert report.refused
    assert report.imported == 0
    assert everybody() == []


def test_skip_bad_loads_the_good_rows(world: World) -> None:
    report = load(world, GOOD[0], ",,,,,,,", ",Lee,Ann,nonsense,purple,1,1,", GOOD[1], skip_bad=True)
    assert report.imported == 2
    assert [(bad.line, len(bad.problems)) for bad in report.bad] == [(4, 4)]


def test_lines_are_counted_as_an_editor_counts_them(world: World) -> None:
    quoted = ',"Two\nLines",Ann,1980-01-01,,,,'
    report = load(world, quoted, "", ",Lee,Ann,bad,,,,")
    assert [bad.line for bad in report.bad] == [5]


def test_twice_in_the_file_is_kept_once(world: World) -> None:
    report = load(world, ",Lee,Ann,1980-01-01,,,,", ",LEE,ann,01/01/1980,,,,", ",Ann,Lee,1/1/80,,,,")
    assert report.imported == 1
    assert [(row.line, row.of_line) for row in report.duplicates] == [(3, 2), (4, 2)]


def test_rows_that_resemble_somebody_wait_for_a_decision(world: World) -> None:
    make_patient(world, family_name="Smith", given_name="Ann", birth_date=_day("1980-01-01"), phone="5035550111")
    rows = [
        ",Smyth,Ann,1980-01-01,,,,",  # sounds alike
        ",Jones,Al,1980-01-01,,503-555-0111,,",  # phone, birth date, initial
        ",Smith,Ann,1985-05-05,,503-555-0111,,",  # phone and name
        ",Smith,Bob,1980-01-01,,503-555-0111,,",  # a twin
    ]
    report = load(world, *rows)
    assert [(row.line, row.code) for row in report.duplicates] == [
        (2, "sounds_alike_and_birth_date"),
        (3, "same_phone_and_birth_date"),
        (4, "same_phone_and_name"),
    ]
    assert report.imported == 1
    assert load(world, *rows, accept_similar=True).imported == 3


def test_a_record_number_of_somebody_else_is_an_error(world: World) -> None:
    load(world, GOOD[0])
    report = load(world, "A1,Other,Person,1999-01-01,,,,", "B2,One,Ann,1980-01-01,,,,", "B2,Two,Bo,1981-01-01,,,,")
    assert [(bad.line, bad.problems[0].code) for bad in report.bad] == [(2, "mrn_taken"), (4, "mrn_twice")]
    assert report.refused


def test_counting_goes_on_above_numbers_from_elsewhere(world: World) -> None:
    load(world, f"{numbered(2_000_000)},Lee,Ann,1980-01-01,,,,", ",Lee,Bo,1981-01-01,,,,")
    numbers = {patient.given_name: patient.mrn for patient in everybody()}
    assert numbers["Bo"] == numbered(2_000_001)
    assert make_patient(world, family_name="Next").mrn == numbered(2_000_002)


def test_other_circles_are_neither_compared_nor_told(world: World) -> None:
    make_patient(
        world, unit=world.member_a.site_unit, family_name="Okafor", given_name="Ngozi", birth_date=_day("1980-02-01")
    )
    report = load(world, *GOOD)
    assert (report.imported, report.duplicates) == (3, [])


def test_a_dry_run_tells_and_changes_nothing(world: World) -> None:
    report = load(world, *GOOD, GOOD[0], dry_run=True)
    assert (report.imported, [row.line for row in report.duplicates]) == (0, [5])
    assert everybody() == []


def test_only_who_may_import_imports(world: World) -> None:
    with pytest.raises(NotAllowed):
        load(world, *GOOD, by=world.actor(Role.FRONT_DESK))
    assert load(world, *GOOD, by=world.actor(Role.ADMINISTRATOR)).imported == 3
    with pytest.raises(NotAllowed):
        load(world, *GOOD, by=world.actor(Role.ADMINISTRATOR, world.member_a.entity))


@pytest.mark.parametrize("header", ["", "First Name,DOB", "Last Name,Surname,First Name,DOB"])
def test_a_header_that_cannot_be_used_is_refused(world: World, header: str) -> None:
    with pytest.raises(UnusableFile):
        load(world, *GOOD, header=header)


def test_other_delimiters_work(world: World) -> None:
    report = load(world, "Lee;Ann;1980-01-01", header="Family Name;Given Name;Birth Date")
    assert report.imported == 1


def run(world: World, path: Path, *flags: str) -> tuple[int, str]:
    _ = world.circle
    out = StringIO()
    code = 0
    try:
        call_command("patients_import", str(path), "--unit", world.main.entity.name, *flags, stdout=out)
    except SystemExit as left:
        code = int(str(left.code))
    return code, out.getvalue()


def test_the_command_reports_in_words_and_in_json(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\ufeff" + "\n".join([HEADER, *GOOD, GOOD[0]]) + "\n", encoding="utf-8")
    code, text = run(world, path)
    assert code == 0
    assert "line 5: left out, same name and birth date as line 2" in text
    assert "4 rows read, 3 imported, 1 on file already or alike, 0 bad" in text
    code, text = run(world, path, "--json")
    told = json.loads(text)
    assert (code, told["imported"], len(told["duplicates"]), told["bad"]) == (0, 0, 4, [])


def test_the_command_ends_with_1_for_bad_rows_and_2_for_unusable_files(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADER, ",Lee,Ann,nonsense,,,,"]))
    code, text = run(world, path)
    assert code == 1
    assert "line 2: birth date: Write a date like 02/01/1980." in text
    assert "nothing was imported" in text
    path.write_bytes(f"{HEADER}\n,L\xe9e,Ann,1980-01-01,,,,\n".encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8") as error:
        run(world, path)
    assert error.value.returncode == 2
    with pytest.raises(CommandError, match="cannot be opened"):
        run(world, tmp_path / "missing.csv")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_command_finds_its_unit_by_id_or_name_and_asks_when_unsure(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADER, *GOOD]))
    _ = world.circle
    for unit in ("Nowhere", str(world.circle.pk), None):
        with pytest.raises(CommandError, match="unit") as error:
            call_command("patients_import", str(path), *(["--unit", unit] if unit else []))
        assert error.value.returncode == 2
    out = StringIO()
    call_command("patients_import", str(path), "--unit", str(world.main.site_unit.pk), "--dry-run", stdout=out)
    assert "dry run: nothing was changed" in out.getvalue()
    assert "columns left out: Notes" in out.getvalue()


def test_a_unit_without_a_circle_takes_nobody(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADER, *GOOD]))
    world.office("Lonely")
    with pytest.raises(CommandError, match="sharing circle") as error:
        call_command("patients_import", str(path), "--unit", "Lonely")
    assert error.value.returncode == 2


def test_a_long_report_is_cut_and_says_where_the_rest_is(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADER, *(f",Lee,Ann,bad{number},,,," for number in range(25))]))
    code, text = run(world, path)
    assert code == 1
    assert "... and 5 more; --json lists all of them" in text
    code, text = run(world, path, "--json")
    assert len(json.loads(text)["bad"]) == 25


def test_every_column_is_kept(world: World) -> None:
    header = "family,given,dob,previous name,language,interpreter,deceased_on,e-mail,nickname,Gender Identity"
    header += ",address,city,st,state"
    row = "Lee,Ann,1950-01-01,Old|Older,Spanish,yes,2020-02-02,A@B.org,Nan,woman,1 Oak Street,Salem,x,or"
    report = load(world, row, header=header)
    assert (report.bad, report.ignored_columns) == ([], ("st",))
    (lee,) = everybody()
    assert (lee.previous_names, lee.previous_keys) == (["Old", "Older"], ["old", "older"])
    assert (lee.language, lee.interpreter_needed, lee.email) == ("es", True, "a@b.org")
    assert (lee.deceased_on, lee.preferred_name) == (_day("2020-02-02"), "Nan")
    assert (lee.line1, lee.city, lee.state) == ("1 Oak Street", "Salem", "OR")


def test_what_no_reader_of_tables_can_read_is_refused(world: World) -> None:
    with pytest.raises(UnusableFile, match="line 2"):
        load(world, "x" * 200_000)
