"""What the synthetic group looks like: sizes, entities, sites, specialties, payers. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20_260_101
ENTERPRISE = "Larkspur Health"
MONTHS_OF_HISTORY = 18


@dataclass(frozen=True, slots=True)
class Size:
    """`colleagues` are sites that get one clinician more, beside those whom the clinicians are shared out to."""

    patients: int
    clinicians: int
    colleagues: tuple[str, ...] = ()


SIZES = {
    "small": Size(2_000, 6, ("riverside",)),  # so that somebody else may see whom the first may not
    "medium": Size(20_000, 24),
    "large": Size(200_000, 240),
}


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site of a practice. `weight` shares out clinicians and patients."""

    key: str
    name: str
    practice: str
    specialty: str
    line1: str
    city: str
    postal_code: str
    weight: int
    rooms: int


@dataclass(frozen=True, slots=True)
class EntityPlan:
    """A legal entity. `circle` names the sharing circle it belongs to."""

    key: str
    name: str
    legal_name: str
    kind: str
    ein: str
    npi: str
    circle: str
    sites: tuple[SitePlan, ...]


STATE = "OR"
TIME_ZONE = "America/Los_Angeles"

# Tax ids and NPIs pass their check digits and are invented.
GROUP = (
    EntityPlan(
        "main", "Larkspur Medical Group", "Larkspur Medical Group PC", "multi_specialty", "931100101", "1991000013",
        "Larkspur circle",
        (
            SitePlan("riverside", "Riverside", "Larkspur Primary Care", "family_medicine",
                     "120 River Walk", "Portland", "972010120", 4, 8),
            SitePlan("northgate", "Northgate", "Larkspur Primary Care", "internal_medicine",
                     "48 Northgate Plaza", "Portland", "972170048", 3, 6),
            SitePlan("heart", "Riverside Heart", "Larkspur Cardiology", "cardiology",
                     "122 River Walk", "Portland", "972010122", 2, 4),
        ),
    ),
    EntityPlan(
        "family", "Larkspur Women and Children", "Larkspur Women and Children PC", "multi_specialty", "931100202",
        "1991000021", "Larkspur circle",
        (
            SitePlan("hillcrest", "Hillcrest Pediatrics", "Hillcrest", "pediatrics",
                     "7 Hillcrest Road", "Beaverton", "970050007", 2, 5),
            SitePlan("garden", "Garden Women's Health", "Garden", "obstetrics_gynecology",
                     "31 Garden Street", "Beaverton", "970050031", 2, 4),
        ),
    ),
)  # fmt: skip

IPA = EntityPlan(
    "ipa", "Tamarack IPA", "Tamarack Independent Practice Association Inc", "ipa", "931100303", "1991000039",
    "Tamarack IPA circle", (),
)  # fmt: skip

MEMBERS = tuple(
    EntityPlan(
        f"member_{i}", name, f"{name} LLC", "solo", ein, npi, f"{name} circle",
        (SitePlan(f"member_{i}_site", f"{name} Office", name, "family_medicine", line1, city, postal, 1, 2),),
    )
    for i, (name, ein, npi, line1, city, postal) in enumerate(
        [
            ("Aspen Family Practice", "931100404", "1991000047", "5 Aspen Court", "Salem", "973010005"),
            ("Birchwood Medicine", "931100505", "1991000054", "9 Birch Lane", "Salem", "973020009"),
            ("Cedar Point Clinic", "931100606", "1991000062", "2 Cedar Point", "Albany", "973210002"),
        ],
        start=1,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuthorizationTrouble:
    """A built-in trouble: for so many days a site has been doing services that need approval without asking for it.

    `rate` is the share of these services that payers refuse with CARC 197; elsewhere and before it is rare.
    """

    site: str
    codes: frozenset[str]
    days: int
    rate: float


AUTHORIZATION_TROUBLES = (AuthorizationTrouble("heart", frozenset({"93306", "93015"}), days=100, rate=0.42),)


@dataclass(frozen=True, slots=True)
class FrontDeskTrouble:
    """A built-in trouble: `days` before the start a front desk lost `leavers` of its people, and within `rises_in`
    days callers waited `wait` times as long, complaints came `complaints` times and no-shows `no_shows` times as often.
    """

    site: str
    days: int
    leavers: int
    rises_in: int
    wait: float
    hold: float
    complaints: float
    no_shows: float

    def strength(self, days_ago: int) -> float:
        """0 before the people left, 1 when the trouble is at its height."""
        return min(1.0, max(0, self.days - days_ago) / self.rises_in)


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """`days` before the start the first clinician of a site got one half day more in the week: the template had run
    `fill_before` full, by overbooking, and runs `fill_after` full since."""

    site: str
    days: int
    fill_before: float
    fill_after: float


TEMPLATE_CHANGE = TemplateChange("heart", days=77, fill_before=1.08, fill_after=0.97)
FRONT_DESK_TROUBLES = (
    FrontDeskTrouble("northgate", days=90, leavers=2, rises_in=28, wait=4.5, hold=4.0, complaints=6.0, no_shows=2.2),
)
# People who answer the telephone, by site; other sites have one.
FRONT_DESK_STAFF = {"riverside": 5, "northgate": 4, "heart": 3, "hillcrest": 3, "garden": 3}


def shortage(site: str, days_ago: int) -> tuple[FrontDeskTrouble | None, float]:
    """The front desk's trouble at a site so many days before the start, and how strong it was then."""
    for trouble in FRONT_DESK_TROUBLES:
        if trouble.site == site:
            return trouble, trouble.strength(days_ago)
    return None, 0.0


# Identifiers of provider taxonomy (codes only), by specialty.
TAXONOMY = {
    "family_medicine": "207Q00000X",
    "internal_medicine": "207R00000X",
    "cardiology": "207RC0000X",
    "pediatrics": "208000000X",
    "obstetrics_gynecology": "207V00000X",
}

# Role preset, key of the place where it holds, name shown. Places are keys of entities or sites above.
LOGINS = (
    ("front_desk", "riverside", "Fran Desk"),
    ("scheduler", "main", "Sam Scheduler"),
    ("medical_assistant", "riverside", "Maya Assistant"),
    ("nurse", "main", "Nora Nurse"),
    ("coder", "main", "Cody Coder"),
    ("biller", "main", "Bill Biller"),
    ("payment_poster", "main", "Penny Poster"),
    ("referral_coordinator", "main", "Rae Referral"),
    ("credentialing_specialist", "main", "Cleo Credentials"),
    ("revenue_director", "main", "Reva Director"),
    ("practice_manager", "main", "Mona Manager"),
    ("administrator", "enterprise", "Ada Administrator"),
    ("medical_director", "main", "Mel Director"),
    ("physician_owner", "main", "Owen Owner"),
    ("compliance_officer", "enterprise", "Connie Compliance"),
    ("hr", "main", "Hana People"),
    ("ipa_staff", "ipa", "Ira Ipa"),
    ("auditor", "main", "Audrey Auditor"),
    ("front_desk", "member_1", "Aspen Desk"),
    ("front_desk", "member_2", "Birch Desk"),
)
