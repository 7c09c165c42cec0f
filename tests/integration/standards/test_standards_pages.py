"""The pages of standards, used as people use them."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.standards.models import Deviation, ProcessMark, StandardSetting, Workflow
from medguild.foundation.standards.ports import standards
from medguild.foundation.standards.resolution import StandardContext, resolve
from tests.factories.world import World

KEY = "work.due.refill.request"
TODAY = dt.datetime.now(dt.UTC).date()
NEXT_YEAR = (TODAY + dt.timedelta(days=200)).isoformat()


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_value_is_set_shown_and_ended(world: World) -> None:
    manager = sign_in(world.user(Role.PRACTICE_MANAGER))
    form = reverse("standards:set", args=[KEY])
    wanted = {"unit": str(world.main.practice.pk), "whom": "unit:", "value": "soon", "start": "2024-01-01"}
    assert "Write a time span" in manager.post(form, wanted).text
    assert "outside of the group" in manager.post(form, wanted | {"value": "100 days"}).text
    assert manager.post(form, wanted | {"value": "3 h"}).status_code == 302
    manager.post(form, wanted | {"value": "2 h", "whom": "specialty:family_medicine"})
    assert resolve(KEY, StandardContext(world.main.site.unit_id)).value == dt.timedelta(hours=2)
    page = manager.get(reverse("standards:show", args=[KEY])).text
    assert "3 h" in page
    assert "Family medicine" in page
    assert "differ" in manager.get(reverse("standards:map"), {"only": "differing"}).text
    assert "Refill request" in manager.get(reverse("standards:list")).text
    for setting in StandardSetting.objects.unscoped("test"):
        manager.post(reverse("standards:clear", args=[KEY, setting.pk]))
    assert resolve(KEY, StandardContext(world.main.site.unit_id)).value == dt.timedelta(hours=24)
    assert manager.get(reverse("standards:show", args=["unheard.of"])).status_code == 404


def test_a_deviation_goes_from_proposal_to_its_end(world: World, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    manager, owner = sign_in(world.user(Role.PRACTICE_MANAGER)), sign_in(world.user(Role.PHYSICIAN_OWNER))
    wanted = {
        "unit": str(world.main.practice.pk),
        "whom": "unit:",
        "value": "100 days",
        "start": (TODAY - dt.timedelta(days=2)).isoformat(),
        "end": NEXT_YEAR,
        "reason": "short",
    }
    form = reverse("standards:deviate", args=[KEY])
    assert manager.post(form, wanted).status_code == 422
    place = manager.post(form, wanted | {"reason": "the desk is being rebuilt"})["Location"]
    deviation = Deviation.objects.unscoped("test").get()
    decide = reverse("standards:decide", args=[deviation.pk])
    assert "Withdraw" in manager.get(place).text
    assert "Your decision" in owner.get(place).text
    owner.post(decide, {"act": "reject", "note": ""})
    manager.post(decide, {"act": "approve"})
    deviation.refresh_from_db()
    assert deviation.status == "proposed"
    owner.post(decide, {"act": "approve", "note": "until spring"})
    assert "100 d" in owner.get(reverse("standards:map")).text
    assert "Approved" in manager.get(reverse("standards:deviations")).text
    assert "the desk is being rebuilt" in manager.get(reverse("standards:show", args=[KEY])).text
    owner.post(decide, {"act": "end"})
    deviation.refresh_from_db()
    assert deviation.status == "ended"
    later = {"start": NEXT_YEAR, "end": (TODAY + dt.timedelta(days=220)).isoformat()}
    manager.post(form, wanted | later | {"reason": "the desk is being rebuilt"})
    second = Deviation.objects.unscoped("test").exclude(pk=deviation.pk).get()
    manager.post(reverse("standards:decide", args=[second.pk]), {"act": "withdraw"})
    second.refresh_from_db()
    assert second.status == "withdrawn"


def test_an_amount_is_read_and_written_in_dollars(world: World) -> None:
    manager = sign_in(world.user(Role.PRACTICE_MANAGER))
    form = reverse("standards:set", args=["checkin.copay"])
    wanted = {"unit": str(world.main.practice.pk), "whom": "unit:", "value": "25 cents", "start": "2024-01-01"}
    assert "Write an amount like 25" in manager.post(form, wanted).text
    assert "$0.00 to $500.00" in manager.post(form, wanted | {"value": "501"}).text
    assert manager.post(form, wanted | {"value": "25"}).status_code == 302
    assert resolve("checkin.copay", StandardContext(world.main.site.unit_id)).value == 2_500
    assert "$25.00" in manager.get(reverse("standards:show", args=["checkin.copay"])).text


def test_a_process_is_marked_by_who_leads_the_group(world: World, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    url = reverse("standards:mark", args=[KEY])
    wanted = {"mode": "standard", "reason": "patients expect one answer", "review_on": NEXT_YEAR}
    below = sign_in(world.user(Role.ADMINISTRATOR)).post(url, wanted)
    assert below.status_code == 422
    assert not ProcessMark.objects.exists()
    top = sign_in(world.user(Role.ADMINISTRATOR, world.enterprise))
    assert top.post(url, wanted).status_code == 302
    assert "Standard: the same everywhere" in top.get(reverse("standards:show", args=[KEY])).text
    assert "local" not in top.get(url).text.split("</form>")[0].split("id_mode")[-1].lower().split("</select>")[0]


def test_a_workflow_is_written_put_in_force_checked_and_rewritten(world: World) -> None:
    manager = sign_in(world.user(Role.PRACTICE_MANAGER))
    wanted = {
        "title": "Refills by phone",
        "unit": str(world.main.entity.pk),
        "owner_role": "nurse",
        "text": "Take it. Check the chart.",
        "check_question": "Answered the same day?",
        "review_on": NEXT_YEAR,
    }
    assert manager.post(reverse("standards:write"), {"title": ""}).status_code == 422
    place = manager.post(reverse("standards:write"), wanted)["Location"]
    workflow = Workflow.objects.unscoped("test").get()
    assert "Refills by phone" in manager.get(reverse("standards:workflows")).text
    manager.post(reverse("standards:move", args=[workflow.pk]), {"to": "in_force"})
    manager.post(reverse("standards:move", args=[workflow.pk]), {"to": "draft"})
    workflow.refresh_from_db()
    assert workflow.status == "in_force"
    check = reverse("standards:check", args=[workflow.pk])
    manager.post(check, {"unit": str(world.main.practice.pk), "followed": "no", "note": ""})
    manager.post(check, {"unit": str(world.main.practice.pk), "followed": "no", "note": "by fax"})
    manager.post(check, {})
    assert "by fax" in manager.get(place).text
    rewrite = reverse("standards:rewrite", args=[workflow.pk])
    assert "Check the chart" in manager.get(rewrite).text
    manager.post(rewrite, {"text": "Ask back too.", "change_note": "ask", "review_on": NEXT_YEAR})
    assert "Version 2" in manager.get(place).text


def test_every_choice_of_a_standard_has_words() -> None:
    """Nobody reads `mon_fri`."""
    wordless = {
        f"{one.key}: {choice}"
        for one in standards.all()
        for choice in one.bounds.choices
        if choice not in dict(one.choice_labels)
    }
    assert wordless == set()
