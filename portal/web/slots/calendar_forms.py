"""The forms about a peer's own calendars; what an address or a file may be is said by the verbs."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

NO_FILE = _l("Please choose a file. Its name often ends in .ics.")


class NameForm(FlaskForm):  # type: ignore[misc]
    """What the peer calls the calendar."""

    request_key = HiddenField()
    name = StringField(_l("A name for it"))


class AddressForm(NameForm):
    """A calendar at a secret address."""

    address = StringField(
        _l("The secret address"), validators=[InputRequired(_l("Please paste the address of your calendar."))]
    )


class NewestForm(FlaskForm):  # type: ignore[misc]
    """A newer file."""

    request_key = HiddenField()
    file = FileField(_l("The file"), validators=[FileRequired(NO_FILE)])


class FileForm(NameForm):
    """A calendar as a file."""

    file = FileField(_l("The file"), validators=[FileRequired(NO_FILE)])
