"""While the post is held nothing goes out but codes that somebody asks for; a person lets it out again."""

from datetime import datetime, timedelta

from flask import Flask

from portal.db import transaction
from portal.domain.notice import Kind, NoticeState
from portal.queries import notice as queries
from portal.queries.notice import standing
from portal.services.notice.hold import hold, let_out
from portal.services.notice.owe import owe
from portal.services.notice.sweep import sweep
from tests.servers.smtp import Sink
from tests.services.conftest import Chat
from tests.services.outbox import deliver_due, rows

HOUR = timedelta(hours=1)


def states(kind: Kind) -> list[NoticeState]:
    return [notice.state for notice in rows([kind])]


def test_a_held_post_sends_and_posts_nothing(chat: Chat, smtp: Sink, now: datetime) -> None:
    hold("restored", now=now + HOUR)
    deliver_due(now + HOUR)
    assert (sweep(now=now + HOUR).posted, smtp.letters) == (0, [])
    assert states(Kind.INVITATION) == [NoticeState.DUE, NoticeState.DUE]


def test_a_second_hold_changes_nothing(chat: Chat, now: datetime) -> None:
    hold("restored", now=now)
    hold("by hand", now=now + HOUR)
    assert standing.held_since() == now
    let_out(None, drop_older=False, now=now + 2 * HOUR)
    assert standing.held_since() is None


def test_what_still_holds_goes_out_when_a_person_says_so(chat: Chat, smtp: Sink, now: datetime) -> None:
    hold("by hand", now=now + HOUR)
    let_out(None, drop_older=False, now=now + 2 * HOUR)
    deliver_due(now + 2 * HOUR)
    assert len(smtp.letters) == 2


def test_what_should_have_gone_before_can_be_left_out(chat: Chat, smtp: Sink, now: datetime) -> None:
    hold("restored", now=now + HOUR)
    let_out(None, drop_older=True, now=now + 2 * HOUR)
    deliver_due(now + 2 * HOUR)
    assert smtp.letters == []
    assert states(Kind.INVITATION) == [NoticeState.VOID, NoticeState.VOID]
    assert states(Kind.REMINDER_DAY) == [NoticeState.DUE, NoticeState.DUE]


def test_letting_out_what_is_not_held_drops_nothing(chat: Chat, now: datetime) -> None:
    let_out(None, drop_older=True, now=now + HOUR)
    assert states(Kind.INVITATION) == [NoticeState.DUE, NoticeState.DUE]


def test_a_code_asked_for_since_goes_out_and_one_from_before_does_not(app: Flask, now: datetime) -> None:
    with app.app_context():
        for at in (now, now + HOUR):
            with transaction() as session:
                details = {"to": "ana@example.org", "code": "123456"}
                about = f"code-{at.hour}"
                owe(session, Kind.SIGN_IN_CODE, None, about=about, due_at=at, now=at, details=details)
            if at == now:
                hold("restored", now=now + HOUR / 2)
        codes = rows([Kind.SIGN_IN_CODE])
        assert queries.due_ids(now + HOUR) == [codes[1].id]
