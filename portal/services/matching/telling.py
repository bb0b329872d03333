"""The letters of a walk: what an earlier state still owed is taken back, and what the new one owes is written down."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.notice import Kind
from portal.models import Walk
from portal.services.notice.owe import owe, void


def tell(session: Session, walk: Walk, *letters: tuple[Kind, int | None], now: datetime) -> None:
    """After the last step of a verb: owe these letters and no others about this walk."""
    about = f"walk-{walk.id}"
    void(session, about, now=now)
    for kind, person_id in letters:
        owe(session, kind, person_id, about=about, due_at=now, now=now, revision=walk.revision, walk_id=walk.id)
