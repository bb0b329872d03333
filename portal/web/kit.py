"""The example form of the /kit page: one field of each sort, so that every part can be seen, filled and refused."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class KitForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """Asks nothing of anybody; it is sent by GET and kept nowhere."""

    class Meta:
        """No token: nothing is changed by sending it."""

        csrf = False

    topics = SelectMultipleField(
        _("What have you been going through?"),
        choices=[
            ("grief", _("Grief")),
            ("illness", _("A long illness")),
            ("work", _("Losing work")),
            ("care", _("Caring for somebody")),
        ],
        validators=[InputRequired(_("Choose at least one topic, or skip this."))],
    )
    stage = RadioField(
        _("Where are you in it now?"),
        choices=[
            ("middle", _("In the middle of it")),
            ("finding", _("Finding my feet")),
            ("further", _("Further along")),
            ("unsure", _("Not sure")),
        ],
        default="finding",
    )
    email = StringField(
        _("Your e-mail address"), [InputRequired(_("Write your e-mail address, like name@example.org."))]
    )
    code = StringField(_("The code"), [InputRequired(_("Write the six numbers of the code."))])
    story = TextAreaField(_("In your own words"), [Length(max=2000)])
    zone_name = SelectField(_("Your time zone"), choices=[("America/Chicago", "Chicago"), ("Europe/Lisbon", "Lisbon")])
    agree = BooleanField(
        _("I have read what my coordinator can see"), [InputRequired(_("Tick this to go on, or stop here."))]
    )
