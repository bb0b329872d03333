"""What coordinators see beside the walks: the peers and how they are, who looks after whom, who has gone quiet."""

from portal.queries.care.kind_words import kind_words
from portal.queries.care.looking_after import Carer, carers, may_look_after
from portal.queries.care.peers import Peer, peers
from portal.queries.care.talks import talk_settled, talk_wish, talk_wishes_open
from portal.queries.care.walks import Quiet, choices_waiting, gone_quiet, is_quiet, member_of

__all__ = [
    "Carer",
    "Peer",
    "Quiet",
    "carers",
    "choices_waiting",
    "gone_quiet",
    "is_quiet",
    "kind_words",
    "may_look_after",
    "member_of",
    "peers",
    "talk_settled",
    "talk_wish",
    "talk_wishes_open",
]
