"""What the house is held against, on the same rows and the same server: one RQ job for each letter with EmailMessage,
one for each hundred, and smtplib with bytes that stand ready. They claim nothing, look nothing up again, keep nothing.
"""

import smtplib
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import icalendar
from jinja2 import Environment
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, create_engine, text

QUEUE = "rivals"
PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><html><body><p>Your coffee chat is set.</p><p><strong>{{ at }}</strong><br>Where: {{ place }}</p>"
    + "<p>If the time stops working for you, you can move it or cancel it, up to the start.</p>" * 12
    + "</body></html>"
)
TEXT = Environment(autoescape=False).from_string(
    "Your coffee chat is set.\n\n{{ at }}\nWhere: {{ place }}\n" + "x\n" * 20
)
_ROW = text(
    "SELECT n.id, n.kind, p.email, b.starts_at, b.ends_at FROM notice n JOIN person p ON p.id = n.person_id"
    " JOIN booking b ON b.id = n.booking_id WHERE n.id = :id"
)
_SENT = text("UPDATE notice SET state = 'sent' WHERE id = :id")
_engines: dict[str, Engine] = {}


def send(url: str, port: int, *ids: int) -> None:
    """The job: read, write, send, mark, one after the other over one line."""
    engine = _engines.setdefault(url, create_engine(url))
    with smtplib.SMTP("127.0.0.1", port) as line:
        for each in ids:
            with engine.begin() as connection:
                row = connection.execute(_ROW, {"id": each}).one()
                line.send_message(letter(row.email, row.starts_at, row.kind == "invitation"))
                connection.execute(_SENT, {"id": each})


def letter(to: str, starts_at: object, inviting: bool) -> EmailMessage:
    """A letter as one writes it with the library."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hello@portal.example", to, "Your coffee chat, Tue 4 pm"
    message["Date"], message["Message-ID"] = format_datetime(datetime.now(UTC)), make_msgid(domain="portal.example")
    values = {"at": str(starts_at), "place": "Juniper Café"}
    message.set_content(TEXT.render(values))
    message.add_alternative(PAGE.render(values), subtype="html")
    if inviting:
        calendar, event = icalendar.Calendar(), icalendar.Event()
        calendar.add("METHOD", "REQUEST")
        event.add("SUMMARY", "Coffee")
        event.add("DTSTART", datetime.now(UTC))
        calendar.add_component(event)
        message.add_attachment(calendar.to_ical(), maintype="text", subtype="calendar", filename="invite.ics")
    return message


def ready_made(port: int, raw: list[tuple[str, bytes]]) -> None:
    """Bytes that stand ready, over one line."""
    with smtplib.SMTP("127.0.0.1", port) as line:
        for to, content in raw:
            line.sendmail("hello@portal.example", [to], content)


def work(redis_url: str) -> None:
    """Work off the queue and end."""
    connection = Redis.from_url(redis_url)
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    SimpleWorker([queue], connection=connection, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")


def enqueue(redis_url: str, url: str, port: int, ids: list[int], together: int) -> None:
    """Ask for these letters, so many by one job."""
    queue = Queue(QUEUE, connection=Redis.from_url(redis_url), serializer=JSONSerializer)
    queue.enqueue_many(
        [
            Queue.prepare_data("bench.letters.rivals.send", (url, port, *ids[n : n + together]), result_ttl=0)
            for n in range(0, len(ids), together)
        ]
    )


if __name__ == "__main__":
    work(sys.argv[1])
