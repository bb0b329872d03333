"""Letting go of what is of no more use: old codes, ended sign-ins, used form keys."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from portal.db import transaction
from portal.domain.account import SIGN_IN_ABSOLUTE
from portal.models import PasskeyChallenge, RequestKey, SignIn, SignInCode
from portal.queries import account as account_queries

CODES_KEPT = timedelta(days=1)
SIGN_INS_KEPT = timedelta(days=30)
KEYS_KEPT = timedelta(days=2)  # a form lives a day, so that no second tap can come later


def clear_out(*, now: datetime) -> None:
    """Delete codes, sign-ins and form keys whose time is over."""
    with transaction() as session:
        over = account_queries.sign_ins_over(
            ended_before=now - SIGN_INS_KEPT, started_before=now - SIGN_IN_ABSOLUTE - SIGN_INS_KEPT
        )
        challenge = PasskeyChallenge
        session.execute(delete(SignInCode).where(SignInCode.expires_at < now - CODES_KEPT))
        session.execute(delete(RequestKey).where(RequestKey.at < now - KEYS_KEPT))
        session.execute(delete(challenge).where(or_(challenge.expires_at < now, challenge.sign_in_id.in_(over))))
        session.execute(delete(SignIn).where(SignIn.id.in_(over)))
