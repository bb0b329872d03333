"""A safe coffee: who is told, "I have arrived", "I am home". No place is asked for or kept."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from portal import clock
from portal.domain.booking import BookingState
from portal.domain.booking.safe_coffee import (
    HOURS_AFTER,
    NAME_LENGTH,
    TELL_WORDS,
    Tell,
    hours_after,
    is_for,
    may_arrive,
    may_be_home,
)
from portal.domain.errors import BadInput, NotFound, Stale
from portal.queries import booking as booking_queries
from portal.queries.booking import Chat
from portal.queries.booking import safe_coffee as queries
from portal.queries.booking.safe_coffee import Safe
from portal.services import booking as services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.booking.blueprint import blueprint
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key
from portal.web.times import clock_words

ADDRESS_LENGTH = 254
STANDS = (BookingState.BOOKED, BookingState.HAPPENED)


class TrustForm(FlaskForm):  # type: ignore[misc]
    """Whom somebody trusts, and what that person may be told."""

    request_key = HiddenField()
    name = StringField(
        _l("What do you call them?"), validators=[Length(max=NAME_LENGTH, message=_l("That is a little long."))]
    )
    address = StringField(
        _l("Their e-mail address"),
        validators=[
            InputRequired(_l("Please write an e-mail address, such as sam@example.org.")),
            Length(max=ADDRESS_LENGTH, message=_l("That is a little long.")),
        ],
    )
    tells = SelectMultipleField(
        _l("What may they be told?"), validators=[InputRequired(_l("Please tick what they may be told."))]
    )
    hours = SelectField(_l("How long after the chat would you be home?"), coerce=int)


@dataclass(frozen=True)
class Offered:
    """What the chat's page offers of this; `behind` is when nothing more can be said."""

    safe: Safe
    may_arrive: bool
    may_be_home: bool
    arrived: str
    home: str
    other_arrived: bool
    behind: bool


def offered(chat: Chat, person_id: int, other_id: int, zone: str) -> Offered | None:
    """Return what a chat's page offers of a safe coffee; None where nobody goes anywhere, or nothing was said and
    nothing more can be."""
    if not is_for(chat.format) or chat.state not in STANDS:
        return None
    safe, now = queries.safe_of(person_id, chat.id), clock.now()
    other_arrived = queries.has_arrived(other_id, chat.id)
    behind = now >= chat.ends_at and not may_be_home(chat.starts_at, chat.ends_at, now)
    if behind and not (safe.arrived_at or safe.home_at or other_arrived):
        return None
    return Offered(
        safe=safe,
        may_arrive=safe.arrived_at is None and may_arrive(chat.starts_at, chat.ends_at, now),
        may_be_home=safe.home_at is None and may_be_home(chat.starts_at, chat.ends_at, now),
        arrived=clock_words(safe.arrived_at, zone) if safe.arrived_at else "",
        home=clock_words(safe.home_at, zone) if safe.home_at else "",
        other_arrived=other_arrived,
        behind=behind,
    )


@blueprint.route("/chat/<int:booking_id>/safe", methods=["GET", "POST"])
@walker
def safe(booking_id: int) -> Response:
    """Say who a person of trust is, and what they may be told of this chat."""
    chat = booking_queries.chat_for(me().id, booking_id)
    if chat is None:
        raise NotFound
    if not is_for(chat.format) or chat.state not in STANDS:
        return go(url_for("booking.chat", booking_id=booking_id))
    held = queries.safe_of(me().id, booking_id)
    tells = held.tells or frozenset({Tell.ARRIVED, Tell.HOME})
    hours = hours_after(chat.ends_at, held.home_by)
    form = TrustForm(name=held.trusted_name, address=held.trusted_address, tells=sorted(tells), hours=hours)
    form.tells.choices = [(tell.value, _(words)) for tell, words in TELL_WORDS.items()]
    form.hours.choices = [(each, ngettext("%(num)s hour", "%(num)s hours", each)) for each in HOURS_AFTER]
    if form.validate_on_submit():
        try:
            services.trust(
                booking_id,
                me().id,
                (form.name.data or "").strip(),
                form.address.data or "",
                [Tell(tell) for tell in form.tells.data or ()],
                form.hours.data,
                key=request_key(),
                now=clock.now(),
            )
        except BadInput as refusal:
            blame(form, refusal)
        except Stale as refusal:
            return _back(booking_id, sentence_of(refusal), "look")
        else:
            return _back(booking_id, _("Kept. They hear only what you ticked, and nothing of who you meet or where."))
    page = render_template("booking/safe.html", chat=chat, form=form, held=bool(held.trusted_address))
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/chat/<int:booking_id>/safe/nobody")
@walker
def trust_nobody(booking_id: int) -> Response:
    """Take the person of trust back."""
    return _said(booking_id, services.trust_nobody, _("Taken back. Their address is deleted."))


@blueprint.post("/chat/<int:booking_id>/arrived")
@walker
def arrived(booking_id: int) -> Response:
    """Say "I have arrived"."""
    return _said(booking_id, services.arrived, _("Good to know that you are there."))


@blueprint.post("/chat/<int:booking_id>/home")
@walker
def home(booking_id: int) -> Response:
    """Say "I am home"."""
    return _said(booking_id, services.home, _("Good to know that you are home."))


def _said(booking_id: int, verb: Callable[..., int], done: str) -> Response:
    try:
        verb(booking_id, me().id, key=request_key(), now=clock.now())
    except Stale as refusal:
        return _back(booking_id, sentence_of(refusal), "look")
    return _back(booking_id, done)


def _back(booking_id: int, sentence: str, kind: str = "well") -> Response:
    flash(sentence, kind)
    if booking_queries.chat_for(me().id, booking_id) is None:  # the walk has ended since they went out
        return go(url_for("home.start"))
    return go(url_for("booking.chat", booking_id=booking_id))
