"""The thread between two people and its check-in, read: for one of the two, for the clock, for coordinators."""

from portal.queries.checkin.check_ins import CheckInView, check_in_of, rhythm_of
from portal.queries.checkin.due import Silent, due_ids, old_threads, silent_on_the_board, silent_walks
from portal.queries.checkin.heavy import Asked, Reached, asked_for, reach_of_both
from portal.queries.checkin.news import News, news_of
from portal.queries.checkin.notices import (
    check_in_words,
    last_told,
    line_told_with_check_in,
    still_to_tell,
    texts_that_wait,
    told_times,
    untried_line_notice,
    waits_already,
)
from portal.queries.checkin.rows import (
    answer_to,
    check_in_row,
    check_ins_of_member,
    last_check_in,
    line_row,
    reader_row,
    thread_row,
    walk_of_check_in,
    written_since,
)
from portal.queries.checkin.texting import by_text, texted_threads, texts_reach
from portal.queries.checkin.threads import Line, Thread, has_lines, lines_of, thread_for, unseen

__all__ = [
    "Asked",
    "CheckInView",
    "Line",
    "News",
    "Reached",
    "Silent",
    "Thread",
    "answer_to",
    "asked_for",
    "by_text",
    "check_in_of",
    "check_in_row",
    "check_in_words",
    "check_ins_of_member",
    "due_ids",
    "has_lines",
    "last_check_in",
    "last_told",
    "line_row",
    "line_told_with_check_in",
    "lines_of",
    "news_of",
    "old_threads",
    "reach_of_both",
    "reader_row",
    "rhythm_of",
    "silent_on_the_board",
    "silent_walks",
    "still_to_tell",
    "texted_threads",
    "texts_reach",
    "texts_that_wait",
    "thread_for",
    "thread_row",
    "told_times",
    "unseen",
    "untried_line_notice",
    "waits_already",
    "walk_of_check_in",
    "written_since",
]
