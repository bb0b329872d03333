"""A sign of somebody who is still there, while they write or read for long."""

from flask import Response

from portal import clock
from portal.services import account as account_services
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.doors import before_consent, signed_in


@blueprint.post("/stay")
@signed_in
@before_consent
def stay() -> Response:
    """Keep the sign-in as it is; the page stays where it is."""
    account_services.touch_sign_in(me().sign_in_id, now=clock.now())
    return Response(status=204)
