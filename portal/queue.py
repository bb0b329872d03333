"""The doorbell: tells the workers which rows to look at. A broker that is away is logged, never raised."""

import logging
from collections.abc import Iterable

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

LETTERS = "letters"
DELIVER = "portal.jobs.notice.deliver"
JOB_LIFE_SECONDS = 600
FAILURE_LIFE_SECONDS = 3600

logger = logging.getLogger(__name__)
_state: dict[str, Queue] = {}


def connect(redis_url: str) -> Redis:
    """Return a client that gives up quickly, so that no page waits for a broker that is away."""
    return Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2)


def init_queue(redis_url: str) -> None:
    """Point the doorbell at this broker."""
    _state[LETTERS] = letters_queue(connect(redis_url))


def letters_queue(connection: Redis) -> Queue:
    """Return the queue of letters on this connection; jobs are JSON and carry ids only."""
    return Queue(LETTERS, connection=connection, serializer=JSONSerializer)


def post(notice_ids: Iterable[int]) -> None:
    """Ask for these letters to be sent; whatever does not get through is found by the sweep."""
    queue = _state.get(LETTERS)
    if queue is None:
        return
    for notice_id in notice_ids:
        try:
            queue.enqueue(
                DELIVER,
                notice_id,
                job_id=f"notice-{notice_id}",
                unique=True,
                result_ttl=0,
                ttl=JOB_LIFE_SECONDS,
                failure_ttl=FAILURE_LIFE_SECONDS,
                description=f"notice-{notice_id}",
            )
        except DuplicateJobError:
            continue
        except (RedisError, OSError) as error:
            logger.warning("the doorbell is away: %s", type(error).__name__)
            return


def worker_connection(redis_url: str) -> Redis:
    """Return a client for a worker, which may wait long for the next ring."""
    return Redis.from_url(redis_url, socket_connect_timeout=5)
