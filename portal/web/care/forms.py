"""What a coordinator writes: a reason the member can read, and whom to offer instead."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.hard_words import hard_words
from portal.domain.matching.together import FAIRNESS_WORDS

REASON_LENGTH = 500
NOBODY = 0
NEEDED = InputRequired(later("Write a line that the member can read."))
SHORT = Length(max=REASON_LENGTH, message=later("Please keep it under 500 characters."))


class ToMember(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """Words that go straight to the member: those that may hurt are pointed out once, and may be sent all the same."""

    read_again = HiddenField()

    def kind_enough(self) -> bool:
        """Say whether the words may go out as they are; the second sending of the same words always does."""
        words = self.reason.data or ""
        found = hard_words(words)
        if not found or self.read_again.data == words:
            return True
        self.read_again.data = words
        hints = "; ".join(f"“{word}”: {_(better)}" for word, better in found)
        self.reason.errors = [
            _("Some words may read hard (%(words)s). Sent again, it goes out as it stands.", words=hints)
        ]
        return False


class FairnessForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """What a proposal for all who wait aims at first."""

    fairness = RadioField(
        later("What counts first"),
        choices=[(str(fairness), later(words)) for fairness, words in FAIRNESS_WORDS.items()],
        validators=[InputRequired(later("Choose what counts first."))],
    )


class HoldForm(ToMember):
    """Why a little more time is good."""

    reason = TextAreaField(later("What the member reads"), validators=[NEEDED, SHORT])


class ReleaseForm(ToMember):
    """Taking a walk up again; words are welcome and not needed."""

    reason = TextAreaField(later("What the member reads"), validators=[SHORT])


class SwapForm(ToMember):
    """Whom to offer instead of the first, and why."""

    to_peer = RadioField(
        later("Offer instead"), coerce=int, validators=[InputRequired(later("Choose whom to offer instead."))]
    )
    reason = TextAreaField(later("What the member reads"), validators=[NEEDED, SHORT])


class LookAfterForm(FlaskForm):  # type: ignore[misc]
    """Which coordinator looks after a peer; the page has one of these for each peer."""

    coordinator = SelectField(later("Looked after by"), coerce=int, validate_choice=False, validators=[InputRequired()])

    @classmethod
    def for_peer(
        cls, peer_id: int, coordinator_id: int | None, coordinators: Sequence[tuple[int, str]]
    ) -> "LookAfterForm":
        """Return the form of one peer, with who looks after them now; what was sent for another does not fill it."""
        form = cls(formdata=None, coordinator=coordinator_id or NOBODY)
        nobody = [] if coordinator_id else [(NOBODY, _("Nobody yet"))]
        form.coordinator.choices = [*nobody, *coordinators]
        form.coordinator.id = f"coordinator-{peer_id}"
        form.coordinator.label.field_id = form.coordinator.id
        return form

    def seen(self) -> int | None:
        """Return who looked after the peer as the page showed it; None for nobody."""
        return request.form.get("seen", NOBODY, type=int) or None

    def chosen(self) -> int:
        """Return who was chosen; NOBODY where that is no number."""
        return self.coordinator.data or NOBODY
