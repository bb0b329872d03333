"""The doorbell: after a commit, tells the workers which rows to look at; a broker that is away is only logged."""

import logging
from collections.abc import Iterable, Sequence

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

LETTERS = "letters"
# What the sweep finds comes behind what somebody just did: ten thousand reminders keep no code to sign in waiting.
DUE = "due"
# Calendars have a queue of their own, behind all letters: a slow one must not keep a code to sign in waiting.
READINGS = "readings"
DELIVER = "portal.jobs.notice.deliver"
PULSE = "portal.jobs.notice.pulse"
PROPOSE = "portal.jobs.proposal.work"
PUBLISH = "portal.jobs.proposal.publish"
READ_CALENDAR = "portal.jobs.slots.read_calendar"
# Shorter than it seems: what expires unheard is posted again by the next sweep.
JOB_LIFE_SECONDS = 120
FAILURE_LIFE_SECONDS = 300
BATCH = 100
# While so many rings wait, the sweep adds none: what waits is heard before the next one.
ENOUGH_RINGS = 20
# A proposal for all who wait may take a worker long in a large community.
LONGEST_RUN_SECONDS = 900

logger = logging.getLogger(__name__)
_state: dict[str, Queue] = {}


def connect(redis_url: str) -> Redis:
    """Return a client that gives up quickly, so that no page waits for a broker that is away."""
    return Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2)


def init_queue(redis_url: str) -> None:
    """Point the doorbell at this broker."""
    connection = connect(redis_url)
    for made in (letters_queue(connection), due_queue(connection), readings_queue(connection)):
        _state[made.name] = made


def letters_queue(connection: Redis) -> Queue:
    """Return the queue of letters on this connection; jobs are JSON and carry ids only."""
    return Queue(LETTERS, connection=connection, serializer=JSONSerializer)


def due_queue(connection: Redis) -> Queue:
    """Return the queue of what the sweep finds on this connection; jobs are JSON and carry ids only."""
    return Queue(DUE, connection=connection, serializer=JSONSerializer)


def readings_queue(connection: Redis) -> Queue:
    """Return the queue of calendars to be read; jobs are JSON and carry ids only."""
    return Queue(READINGS, connection=connection, serializer=JSONSerializer)


def worker_connection(redis_url: str) -> Redis:
    """Return a client for a worker, which may wait long for the next ring."""
    return Redis.from_url(redis_url, socket_connect_timeout=5)


def answers() -> bool:
    """Say whether the broker answers."""
    queue = _state.get(LETTERS)
    try:
        return queue is not None and bool(queue.connection.ping())
    except (RedisError, OSError):
        return False


def post(notice_ids: Iterable[int]) -> None:
    """Ask for these letters to be sent; whatever does not get through is found by the sweep."""
    _ring((DELIVER, f"notice-{notice_id}", (notice_id,)) for notice_id in notice_ids)


def post_fresh(notice_ids: Iterable[int]) -> None:
    """Ask for letters that were just written down: by one job in one round trip, as nobody asked for them before.

    Where the sweep was quicker nonetheless, the row's claim lets only one of the two deliver.
    """
    ids = tuple(notice_ids)
    _ring_together(LETTERS, [(f"fresh-{ids[0]}", ids)] if ids else [])


def post_due(notice_ids: Sequence[int]) -> None:
    """Ask for what is due, by jobs of up to BATCH letters in one round trip, unless there are rings enough."""
    queue = _state.get(DUE)
    if queue is None:
        return
    try:
        waiting = set(queue.job_ids)
    except (RedisError, OSError) as error:
        _say_away(error)
        return
    batches = [tuple(notice_ids[first : first + BATCH]) for first in range(0, len(notice_ids), BATCH)]
    if len(waiting) < ENOUGH_RINGS:
        _ring_together(DUE, [(f"due-{ids[0]}", ids) for ids in batches if f"due-{ids[0]}" not in waiting])


def _ring_together(name: str, batches: Iterable[tuple[str, tuple[int, ...]]]) -> None:
    queue = _state.get(name)
    rings = [
        Queue.prepare_data(
            DELIVER,
            ids,
            job_id=job_id,
            result_ttl=0,
            ttl=JOB_LIFE_SECONDS,
            failure_ttl=FAILURE_LIFE_SECONDS,
            description=job_id,
        )
        for job_id, ids in batches
    ]
    if queue is None or not rings:
        return
    try:
        # Not as a transaction: the job is saved before it is named in the list.
        with queue.connection.pipeline(transaction=False) as together:
            queue.enqueue_many(rings, pipeline=together)
            together.execute()
    except (RedisError, OSError) as error:
        _say_away(error)


def post_pulse() -> None:
    """Ask a worker for a sign of life, before anything else."""
    _ring([(PULSE, "pulse", ())], at_front=True)


def post_proposal(proposal_id: int) -> None:
    """Ask for a proposal to be worked out; what does not get through is found by the clock."""
    _ring([(PROPOSE, f"proposal-{proposal_id}", (proposal_id,))], timeout=LONGEST_RUN_SECONDS)


def post_publishing(proposal_id: int, coordinator_id: int, pair_id: int) -> None:
    """Ask for the rest of a proposal, from this pair on, to be published; what does not get through stays pending, and
    is published when a coordinator asks again."""
    job_id, arguments = f"publish-{proposal_id}-{pair_id}", (proposal_id, coordinator_id, pair_id)
    _ring([(PUBLISH, job_id, arguments)], timeout=LONGEST_RUN_SECONDS)


def post_readings(calendar_ids: Iterable[int]) -> None:
    """Ask for these calendars to be read; whatever does not get through is found by the clock."""
    _ring(((READ_CALENDAR, f"calendar-{each}", (each,)) for each in calendar_ids), name=READINGS)


def _ring(
    calls: Iterable[tuple[str, str, tuple[int, ...]]],
    *,
    name: str = LETTERS,
    at_front: bool = False,
    timeout: int | None = None,
) -> None:
    queue = _state.get(name)
    if queue is None:
        return
    for verb, job_id, arguments in calls:
        try:
            _enqueue(queue, verb, job_id, arguments, at_front, timeout)
        except (RedisError, OSError) as error:
            _say_away(error)
            return


def _say_away(error: Exception) -> None:
    logger.warning("the doorbell is away: %s", type(error).__name__)


def _enqueue(
    queue: Queue, verb: str, job_id: str, arguments: tuple[int, ...], at_front: bool, timeout: int | None
) -> None:
    for _ in range(2):
        try:
            queue.enqueue_call(
                verb,
                args=arguments,
                job_id=job_id,
                unique=True,
                result_ttl=0,
                ttl=JOB_LIFE_SECONDS,
                timeout=timeout,
                failure_ttl=FAILURE_LIFE_SECONDS,
                description=job_id,
                at_front=at_front,
            )
        except DuplicateJobError:
            if not _forgotten(queue, job_id):
                return
        else:
            return


def _forgotten(queue: Queue, job_id: str) -> bool:
    # A ring of a worker that was killed, or of one that failed, would keep the next ring out for a long time.
    try:
        job = Job.fetch(job_id, connection=queue.connection, serializer=JSONSerializer)
        if job.get_status() is JobStatus.QUEUED:
            return False
        job.delete()
    except (NoSuchJobError, InvalidJobOperation):
        # It ended between two of these questions, or a broker that was emptied has only half of it left.
        queue.connection.delete(Job.key_for(job_id))
    return True
