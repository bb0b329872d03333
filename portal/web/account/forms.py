"""The account's forms; what they check beyond shape is said by the verbs."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length

from portal.domain.account import DISCRETION_WORDS, Role
from portal.domain.errors import BadInput
from portal.domain.notice import LONGEST_WORDS, MOST_LEADS, Group
from portal.web.errors import sentence_of
from portal.web.notice.words import GROUP_WORDS

YES, NO, NOT_SAID = "yes", "no", ""
TOO_LONG = _l("Please use at most %(max)d characters.")
OPEN_ROLE_WORDS = {
    Role.MEMBER: _l("I am looking for somebody"),
    Role.PEER: _l("I would like to walk beside somebody"),
}


def blame(form: Any, error: BadInput) -> None:
    """Put a verb's refusal at the field it is about."""
    field = form[error.field]
    field.errors = [*field.errors, sentence_of(error)]


class AddressForm(FlaskForm):  # type: ignore[misc]
    """The one thing asked at the door."""

    email = StringField(_l("Your e-mail address"), validators=[InputRequired(_l("Please write your e-mail address."))])
    back = HiddenField()


class CodeForm(FlaskForm):  # type: ignore[misc]
    """Six digits, from a letter or from an app."""

    code = StringField(_l("Your code"), validators=[InputRequired(_l("Please type the six digits."))])


class PhoneForm(FlaskForm):  # type: ignore[misc]
    """A number that texts go to."""

    country = SelectField(_l("Which country is the number from?"), validators=[InputRequired()])
    number = StringField(
        _l("Your mobile number"),
        validators=[InputRequired(_l("Please write your number.")), Length(max=40, message=TOO_LONG)],
    )


class PhoneCodeForm(CodeForm):
    """The six digits that came by text."""


class WaysForm(FlaskForm):  # type: ignore[misc]
    """By which ways each group of news comes; the fields have the groups' names."""

    reminders = SelectMultipleField(_l(GROUP_WORDS[Group.REMINDERS]))
    chats = SelectMultipleField(_l(GROUP_WORDS[Group.CHATS]))
    walks = SelectMultipleField(_l(GROUP_WORDS[Group.WALKS]))
    check_ins = SelectMultipleField(_l(GROUP_WORDS[Group.CHECK_INS]))


class AgreeForm(FlaskForm):  # type: ignore[misc]
    """What somebody agrees to before the first question."""

    adult = BooleanField(
        _l("I am 18 or older"),
        validators=[InputRequired(_l("This place is for adults. Please tick this if you are 18 or older."))],
    )
    terms = BooleanField(
        _l("I have read this, and it is all right for me"),
        validators=[InputRequired(_l("Please tick this if it is all right for you."))],
    )
    matching = BooleanField(_l("You may use what I tell you to find somebody for me"))
    letters = BooleanField(_l("You may write to me about my chats"))


class NameForm(FlaskForm):  # type: ignore[misc]
    """What to call somebody."""

    name = StringField(
        _l("What shall we call you?"),
        validators=[InputRequired(_l("Please write a name. Any name you like to be called is fine."))],
    )


class WelcomeNameForm(NameForm):
    """The name, and the place whose clock counts."""

    zone = SelectField(
        _l("Which clock do you live by?"),
        validators=[InputRequired(_l("Please choose the place whose clock you live by."))],
    )


class ZoneForm(FlaskForm):  # type: ignore[misc]
    """The place whose clock counts."""

    zone = SelectField(
        _l("Which clock do you live by?"), validators=[InputRequired(_l("Please choose one from the list."))]
    )


class RoleForm(FlaskForm):  # type: ignore[misc]
    """What brings somebody here."""

    role = RadioField(
        _l("What brings you here?"),
        choices=list(OPEN_ROLE_WORDS.items()),
        validators=[InputRequired(_l("Please choose one. You can add the other one later."))],
    )


class ReachForm(FlaskForm):  # type: ignore[misc]
    """How the other person may reach somebody."""

    reach = StringField(_l("How may they reach you?"), validators=[Length(max=200, message=TOO_LONG)])


class DiscretionForm(FlaskForm):  # type: ignore[misc]
    """How much a letter says on its outside."""

    discretion = RadioField(
        _l("How much may a letter say on its outside?"),
        choices=[(kind.value, _l(words)) for kind, words in DISCRETION_WORDS.items()],
        validators=[InputRequired()],
    )
    subject_words = StringField(
        _l("Words of your own for “keep it quiet”"), validators=[Length(max=LONGEST_WORDS, message=TOO_LONG)]
    )


class ReminderForm(FlaskForm):  # type: ignore[misc]
    """When letters may come."""

    leads = SelectMultipleField(
        _l("Remind me"), validators=[Length(max=MOST_LEADS, message=_l("Please choose at most %(max)d."))]
    )
    quiet_from = SelectField(_l("Quiet from"), coerce=int, validators=[InputRequired()])
    quiet_until = SelectField(_l("Quiet until"), coerce=int, validators=[InputRequired()])


YES_NO = [(YES, _l("Yes")), (NO, _l("No")), (NOT_SAID, _l("I would rather not say"))]


class SafeContactForm(FlaskForm):  # type: ignore[misc]
    """How somebody may be reached without being put at risk."""

    may_email = RadioField(_l("Is it safe to send you e-mail?"), choices=YES_NO)
    may_text = RadioField(_l("Is it safe to text you?"), choices=YES_NO)
    may_voicemail = RadioField(_l("Is it safe to leave a voice message?"), choices=YES_NO)
    phone_is_seen = RadioField(_l("Does somebody else see your phone or your e-mail?"), choices=YES_NO)
    hours = StringField(_l("When is a good time to reach you?"), validators=[Length(max=200, message=TOO_LONG)])
    name_to_use = StringField(
        _l("Which name should we use if somebody else answers?"), validators=[Length(max=60, message=TOO_LONG)]
    )


class ApartForm(FlaskForm):  # type: ignore[misc]
    """Somebody a person would rather not meet."""

    email = StringField(
        _l("Their e-mail address"), validators=[InputRequired(_l("Please write their e-mail address."))]
    )
