"""What a person may tell about the hill they walk, as closed choices; each has its words, marked for translation."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.words import N_


class ForWhom(StrEnum):
    """Whose experience it is."""

    MYSELF = "myself"
    LOVE = "love"
    CARE = "care"


class Stage(StrEnum):
    """Where somebody is with a topic; `FURTHER` is the furthest along."""

    MIDDLE = "middle"
    FINDING = "finding"
    STEADIER = "steadier"
    FURTHER = "further"
    UNSURE = "unsure"


class Readiness(StrEnum):
    """What a peer is ready for with a topic; `NOT_NOW` is a limit and needs no reason."""

    GLAD = "glad"
    LISTEN = "listen"
    NOT_NOW = "not_now"


class Pathway(StrEnum):
    """Ways of getting better; none ranks above another."""

    TWELVE_STEP = "twelve_step"
    MUTUAL_AID = "mutual_aid"
    MEDICATION = "medication"
    HARM_REDUCTION = "harm_reduction"
    FAITH_BASED = "faith_based"
    CULTURAL = "cultural"
    THERAPY = "therapy"
    OWN_WAY = "own_way"
    LOOKING = "looking"


class Style(StrEnum):
    """How somebody likes to talk."""

    LISTEN = "listen"
    SHARE = "share"
    STEPS = "steps"
    STRAIGHT = "straight"
    GENTLE = "gentle"
    HUMOUR = "humour"
    QUIET = "quiet"


class Need(StrEnum):
    """What a member needs now."""

    LISTENER = "listener"
    BEEN_THERE = "been_there"
    NEXT_STEP = "next_step"
    COMPANY = "company"
    UNSURE = "unsure"


class Format(StrEnum):
    """How two people meet."""

    COFFEE = "coffee"
    WALK = "walk"
    PHONE = "phone"
    VIDEO = "video"
    TEXT = "text"


class Rhythm(StrEnum):
    """How often somebody would like to talk."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    AS_NEEDED = "as_needed"


class Length(StrEnum):
    """How long a chat is; `LENGTH_MINUTES` has the numbers."""

    TWENTY = "20"
    THIRTY = "30"
    FORTY_FIVE = "45"


class DayPart(StrEnum):
    """When in the week somebody is usually free."""

    WEEKDAY_MORNING = "weekday_morning"
    WEEKDAY_AFTERNOON = "weekday_afternoon"
    WEEKDAY_EVENING = "weekday_evening"
    WEEKDAY_NIGHT = "weekday_night"
    WEEKEND_MORNING = "weekend_morning"
    WEEKEND_AFTERNOON = "weekend_afternoon"
    WEEKEND_EVENING = "weekend_evening"
    WEEKEND_NIGHT = "weekend_night"


class WishKind(StrEnum):
    """What a member may wish of a peer; traits people tell of themselves use the same kinds, so that both compare."""

    GENDER = "gender"
    AGE_BAND = "age_band"
    LGBTQ = "lgbtq"
    PARENT = "parent"
    VETERAN = "veteran"
    CULTURE = "culture"
    FAITH = "faith"
    NOT_LOCAL = "not_local"


class Strength(StrEnum):
    """How much a wish matters; no preference is no wish."""

    MUST = "must"
    LIKE = "like"


class Gender(StrEnum):
    """The genders a wish can name; people describe their own in their own words beside it."""

    WOMAN = "woman"
    MAN = "man"
    NON_BINARY = "non_binary"


class AgeBand(StrEnum):
    """Age in bands, never a date of birth."""

    TO_24 = "18-24"
    TO_34 = "25-34"
    TO_44 = "35-44"
    TO_54 = "45-54"
    TO_64 = "55-64"
    FROM_65 = "65+"


class Faith(StrEnum):
    """Faith or secular, as a wish or told about oneself."""

    FAITH = "faith"
    SECULAR = "secular"


class SharedTo(StrEnum):
    """Who may see what somebody told about themselves."""

    NOBODY = "nobody"
    COORDINATOR = "coordinator"
    PEER = "peer"


YES = "yes"
RANKED_TOPICS = 3
MUST_HAVES = 3

FOR_WHOM_WORDS: dict[ForWhom, str] = {
    ForWhom.MYSELF: N_("Myself"),
    ForWhom.LOVE: N_("Someone I love"),
    ForWhom.CARE: N_("Someone I care for"),
}
STAGE_WORDS: dict[Stage, str] = {
    Stage.MIDDLE: N_("Right in the middle"),
    Stage.FINDING: N_("Finding my feet"),
    Stage.STEADIER: N_("Steadier, with hard days"),
    Stage.FURTHER: N_("Further along"),
    Stage.UNSURE: N_("Not sure"),
}
READINESS_WORDS: dict[Readiness, str] = {
    Readiness.GLAD: N_("Glad to talk"),
    Readiness.LISTEN: N_("Can listen"),
    Readiness.NOT_NOW: N_("Not now"),
}
PATHWAY_WORDS: dict[Pathway, str] = {
    Pathway.TWELVE_STEP: N_("12-step"),
    Pathway.MUTUAL_AID: N_("SMART or other mutual aid"),
    Pathway.MEDICATION: N_("Medication"),
    Pathway.HARM_REDUCTION: N_("Harm reduction"),
    Pathway.FAITH_BASED: N_("Faith-based"),
    Pathway.CULTURAL: N_("Cultural or traditional"),
    Pathway.THERAPY: N_("Therapy"),
    Pathway.OWN_WAY: N_("My own way"),
    Pathway.LOOKING: N_("Still looking"),
}
STYLE_WORDS: dict[Style, str] = {
    Style.LISTEN: N_("Mostly listen"),
    Style.SHARE: N_("Share what helped"),
    Style.STEPS: N_("Practical next steps"),
    Style.STRAIGHT: N_("Straight-talking"),
    Style.GENTLE: N_("Gentle"),
    Style.HUMOUR: N_("Humour is fine"),
    Style.QUIET: N_("Quiet company or a walk"),
}
NEED_WORDS: dict[Need, str] = {
    Need.LISTENER: N_("Someone to listen"),
    Need.BEEN_THERE: N_("Someone who has been there"),
    Need.NEXT_STEP: N_("Help with a next step"),
    Need.COMPANY: N_("Company"),
    Need.UNSURE: N_("Not sure"),
}
FORMAT_WORDS: dict[Format, str] = {
    Format.COFFEE: N_("Coffee in public"),
    Format.WALK: N_("A walk"),
    Format.PHONE: N_("Phone"),
    Format.VIDEO: N_("Video"),
    Format.TEXT: N_("Text"),
}
IN_PERSON: frozenset[Format] = frozenset({Format.COFFEE, Format.WALK})
# What two people can always do, wherever they live.
FROM_AFAR: tuple[Format, ...] = (Format.PHONE, Format.VIDEO)
RHYTHM_WORDS: dict[Rhythm, str] = {
    Rhythm.WEEKLY: N_("Weekly"),
    Rhythm.FORTNIGHTLY: N_("Every two weeks"),
    Rhythm.MONTHLY: N_("Monthly"),
    Rhythm.AS_NEEDED: N_("As needed"),
}
LENGTH_WORDS: dict[Length, str] = {
    Length.TWENTY: N_("20 minutes"),
    Length.THIRTY: N_("30 minutes"),
    Length.FORTY_FIVE: N_("45 minutes"),
}
LENGTH_MINUTES: dict[Length, int] = {length: int(length) for length in Length}
DAY_PART_WORDS: dict[DayPart, str] = {
    DayPart.WEEKDAY_MORNING: N_("Weekday mornings"),
    DayPart.WEEKDAY_AFTERNOON: N_("Weekday afternoons"),
    DayPart.WEEKDAY_EVENING: N_("Weekday evenings"),
    DayPart.WEEKDAY_NIGHT: N_("Weekday nights"),
    DayPart.WEEKEND_MORNING: N_("Weekend mornings"),
    DayPart.WEEKEND_AFTERNOON: N_("Weekend afternoons"),
    DayPart.WEEKEND_EVENING: N_("Weekend evenings"),
    DayPart.WEEKEND_NIGHT: N_("Weekend nights"),
}
WISH_KIND_WORDS: dict[WishKind, str] = {
    WishKind.GENDER: N_("Gender"),
    WishKind.AGE_BAND: N_("Age"),
    WishKind.LGBTQ: N_("LGBTQ+"),
    WishKind.PARENT: N_("A parent"),
    WishKind.VETERAN: N_("A veteran"),
    WishKind.CULTURE: N_("Same culture or language"),
    WishKind.FAITH: N_("Faith or secular"),
    WishKind.NOT_LOCAL: N_("Not someone local"),
}
STRENGTH_WORDS: dict[Strength, str] = {
    Strength.MUST: N_("Must"),
    Strength.LIKE: N_("Would like"),
}
NO_PREFERENCE: str = N_("No preference")
GENDER_WORDS: dict[Gender, str] = {
    Gender.WOMAN: N_("A woman"),
    Gender.MAN: N_("A man"),
    Gender.NON_BINARY: N_("Non-binary"),
}
AGE_BAND_WORDS: dict[AgeBand, str] = {
    AgeBand.TO_24: N_("18 to 24"),
    AgeBand.TO_34: N_("25 to 34"),
    AgeBand.TO_44: N_("35 to 44"),
    AgeBand.TO_54: N_("45 to 54"),
    AgeBand.TO_64: N_("55 to 64"),
    AgeBand.FROM_65: N_("65 or over"),
}
FAITH_WORDS: dict[Faith, str] = {
    Faith.FAITH: N_("With a faith"),
    Faith.SECULAR: N_("Secular"),
}
SHARED_TO_WORDS: dict[SharedTo, str] = {
    SharedTo.NOBODY: N_("Nobody"),
    SharedTo.COORDINATOR: N_("A coordinator"),
    SharedTo.PEER: N_("People who look for this, and the person I meet"),
}

# The values a wish or a trait of this kind may have, with their words. CULTURE is missing: it is said in own words.
WISH_CHOICES: dict[WishKind, dict[str, str]] = {
    WishKind.GENDER: {str(gender): words for gender, words in GENDER_WORDS.items()},
    WishKind.AGE_BAND: {str(band): words for band, words in AGE_BAND_WORDS.items()},
    WishKind.LGBTQ: {YES: N_("Yes")},
    WishKind.PARENT: {YES: N_("Yes")},
    WishKind.VETERAN: {YES: N_("Yes")},
    WishKind.FAITH: {str(faith): words for faith, words in FAITH_WORDS.items()},
    WishKind.NOT_LOCAL: {YES: N_("Yes")},
}


def day_part_of(local: datetime) -> DayPart:
    """Return the part of the week a local time belongs to; the small hours belong to the evening before."""
    small_hours = local.hour < 6
    began = local - timedelta(days=1) if small_hours else local
    week = "weekend" if began.weekday() >= 5 else "weekday"
    if small_hours or local.hour >= 22:
        return DayPart(f"{week}_night")
    part = "morning" if local.hour < 12 else "afternoon" if local.hour < 17 else "evening"
    return DayPart(f"{week}_{part}")
