"""Letting go of what is of no more use: old codes, ended sign-ins, used form keys."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from portal.db import transaction
from portal.domain.account import SIGN_IN_ABSOLUTE
from portal.models import PasskeyChallenge, RequestKey, SignIn, SignInCode

CODES_KEPT = timedelta(days=1)
SIGN_INS_KEPT = timedelta(days=30)
KEYS_KEPT = timedelta(days=2)  # a form lives a day, so that no second tap can come later


def clear_out(*, now: datetime) -> None:
    """Delete codes, sign-ins and form keys whose time is over."""
    over = or_(SignIn.ended_at < now - SIGN_INS_KEPT, SignIn.started_at < now - SIGN_IN_ABSOLUTE - SIGN_INS_KEPT)
    with transaction() as session:
        session.execute(delete(SignInCode).where(SignInCode.expires_at < now - CODES_KEPT))
        session.execute(delete(RequestKey).where(RequestKey.at < now - KEYS_KEPT))
        session.execute(
            delete(PasskeyChallenge).where(
                or_(PasskeyChallenge.expires_at < now, PasskeyChallenge.sign_in_id.in_(select(SignIn.id).where(over)))
            )
        )
        session.execute(delete(SignIn).where(over))
