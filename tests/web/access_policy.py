"""Who may do what, as data: one row for each endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Visitor(StrEnum):
    """Somebody at the door, by what they are to the people and walks of the cast."""

    ANONYMOUS = "anonymous"
    SUSPENDED = "suspended, with every role"
    WITHOUT_CONSENT = "signed in without consent, with every role"
    MEMBER = "member, both have said yes"
    ASKING_MEMBER = "member who waits for the peer's yes"
    PARTED_MEMBER = "member who looked for someone else"
    OTHER_MEMBER = "member whose walk has ended well"
    MATCHED_PEER = "peer, both have said yes"
    ASKED_PEER = "peer who is asked"
    FORMER_PEER = "peer of a walk that has ended"
    NOT_NOW_PEER = "peer who said not now"
    UNMATCHED_PEER = "peer of nobody"
    HALF_COORDINATOR = "coordinator before the second step"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Outcome(StrEnum):
    """What became of a request."""

    IN = "in"
    SIGN_IN = "sent to sign in"
    WELCOME = "sent to agree first"
    SECOND_STEP = "sent to the second step"
    REFUSED = "403"
    HIDDEN = "404"


LED_ON = frozenset({Outcome.SIGN_IN, Outcome.WELCOME, Outcome.SECOND_STEP})
V = Visitor
Who = frozenset[Visitor]
STRANGERS: Who = frozenset({V.ANONYMOUS, V.SUSPENDED})
MEMBERS: Who = frozenset({V.MEMBER, V.ASKING_MEMBER, V.PARTED_MEMBER, V.OTHER_MEMBER})
PEERS: Who = frozenset({V.MATCHED_PEER, V.ASKED_PEER, V.FORMER_PEER, V.NOT_NOW_PEER, V.UNMATCHED_PEER})
WALKERS: Who = MEMBERS | PEERS
STAFF: Who = frozenset({V.COORDINATOR, V.ADMINISTRATOR})
STAFF_IN_HALF: Who = STAFF | {V.HALF_COORDINATOR}
SIGNED_IN: Who = WALKERS | STAFF_IN_HALF
HERE: Who = SIGNED_IN | {V.WITHOUT_CONSENT}
ANYBODY: Who = frozenset(Visitor)
NOBODY: Who = frozenset()
NOWHERE = "nowhere"


@dataclass(frozen=True)
class Policy:
    """Who comes through the door, and of those, for whom each object is there; all others get a 404."""

    who: Who
    objects: str = ""
    there_for: Mapping[str, Who] = field(default_factory=dict)
    leads_on: bool = False  # open to all, and sends those on who have somewhere to be first
    says_no: bool = False  # the door opens, and what is asked of the cast here is refused with a sentence


def expected(policy: Policy, visitor: Visitor, scene: str) -> Outcome:
    """Return what the table says."""
    if policy.who != ANYBODY:
        if visitor in STRANGERS:
            return Outcome.SIGN_IN
        if visitor not in policy.who:
            if visitor is V.WITHOUT_CONSENT:
                return Outcome.WELCOME
            steps = policy.who == STAFF and visitor is V.HALF_COORDINATOR
            return Outcome.SECOND_STEP if steps else Outcome.REFUSED
    if visitor not in policy.there_for.get(scene, policy.who):
        return Outcome.HIDDEN
    return Outcome.REFUSED if policy.says_no else Outcome.IN


def fits(policy: Policy, visitor: Visitor, scene: str, outcome: Outcome) -> bool:
    """Say whether this outcome is what the table says."""
    if policy.leads_on and outcome in LED_ON:
        return True
    return outcome is expected(policy, visitor, scene)


def _one(who: Who) -> Policy:
    return Policy(who)


def _of(who: Who, objects: str, **there_for: Who) -> Policy:
    return Policy(who, objects, {NOWHERE: NOBODY, **there_for})


TOGETHER: Who = frozenset({V.MEMBER, V.MATCHED_PEER})
ASKED: Who = frozenset({V.ASKING_MEMBER, V.ASKED_PEER})
PARTED: Who = frozenset({V.PARTED_MEMBER})
ENDED: Who = frozenset({V.OTHER_MEMBER})

OPEN = _one(ANYBODY)
LEADS_ON = Policy(ANYBODY, leads_on=True)
OWN = _one(SIGNED_IN)
# Only whoever has a second step to do learns that there is one.
SECOND_STEP = Policy(HERE, there_for={"": STAFF_IN_HALF | {V.WITHOUT_CONSENT}})
# The two of a walk whose both yeses stand; nobody before, nobody after the ending.
OF_THE_TWO = _of(WALKERS, "walk", together=TOGETHER, asked=NOBODY, parted=NOBODY, declined=NOBODY, ended=NOBODY)
# The two, also once their walk has ended well: the page they keep stays, and what cannot be done any more leads to it.
OF_THE_TWO_EVER_AFTER = _of(
    WALKERS, "walk", together=TOGETHER, asked=NOBODY, parted=NOBODY, declined=NOBODY, ended=ENDED
)
# Its member always (sent on to how it stands), its peer from the asking to the ending.
OF_THE_WALK = _of(WALKERS, "walk", together=TOGETHER, asked=ASKED, parted=PARTED, declined=NOBODY, ended=ENDED)
# An old link leads each of two who knew one another home, where they read that it is over.
THE_WALK_ITSELF = _of(
    WALKERS,
    "walk",
    together=TOGETHER,
    asked=ASKED,
    parted=PARTED | {V.FORMER_PEER},
    declined=NOBODY,
    ended=ENDED,
)
OF_ITS_MEMBER = _of(
    MEMBERS,
    "walk",
    together=frozenset({V.MEMBER}),
    asked=frozenset({V.ASKING_MEMBER}),
    parted=PARTED,
    declined=NOBODY,
    ended=ENDED,
)
# Whoever was asked once may still tap an old page: they are told that it has moved on, and nothing else.
ITS_PEERS_ANSWER = _of(
    PEERS,
    "walk",
    together=frozenset({V.MATCHED_PEER}),
    asked=frozenset({V.ASKED_PEER}),
    parted=frozenset({V.FORMER_PEER}),
    declined=frozenset({V.NOT_NOW_PEER}),
    ended=NOBODY,
)
# Whoever was asked who offers; when it is over they are told kindly, and read nothing of the member.
ASKED_TO_OFFER = _of(PEERS, "asking", of_peer=frozenset({V.UNMATCHED_PEER}), of_another=NOBODY)
OF_THE_CHAT = _of(WALKERS, "chat", together=TOGETHER, parted=NOBODY)
OF_THE_TWOS_MEMBER = _of(
    MEMBERS, "walk", together=frozenset({V.MEMBER}), asked=NOBODY, parted=NOBODY, declined=NOBODY, ended=NOBODY
)
OF_ITS_PEER = _of(PEERS, "chat", together=frozenset({V.MATCHED_PEER}), parted=NOBODY)
OF_THE_CHATS_MEMBER = _of(MEMBERS, "chat", together=frozenset({V.MEMBER}), parted=NOBODY)
OF_THE_TWOS_MEMBER_EVER_AFTER = _of(
    MEMBERS, "walk", together=frozenset({V.MEMBER}), asked=NOBODY, parted=NOBODY, declined=NOBODY, ended=ENDED
)
OF_THE_TWOS_PEER = _of(
    PEERS, "walk", together=frozenset({V.MATCHED_PEER}), asked=NOBODY, parted=NOBODY, declined=NOBODY, ended=NOBODY
)
# Only where one of the two asked for it.
WHERE_ASKED_IN = _of(STAFF, "walk", together=STAFF, asked=NOBODY, parted=NOBODY, declined=NOBODY, ended=NOBODY)
ANY_WALK = _of(STAFF, "walk", together=STAFF, asked=STAFF, parted=STAFF, declined=STAFF)
ANY_LETTER = _of(STAFF, "letter", of_member=STAFF, of_peer=STAFF, of_former_peer=STAFF)
THE_PROPOSAL = _of(STAFF, "proposal", stands=STAFF)
A_PROPOSED_PAIR = _of(STAFF, "proposed pair", stands=STAFF)
THE_PEERS_OWN = frozenset({V.MATCHED_PEER})
THE_OPEN_HOUR = _of(PEERS, "open hour", of_peer=THE_PEERS_OWN, of_another=frozenset({V.UNMATCHED_PEER}))
TO_COME_TO = _of(MEMBERS, "open hour", of_peer=frozenset({V.MEMBER}), of_another=NOBODY)

POLICIES: dict[str, Policy] = {
    "static": _of(ANYBODY, "file", style=ANYBODY),
    "home.start": LEADS_ON,
    "home.leave": OPEN,
    "home.healthz": OPEN,
    "home.readyz": OPEN,
    "crisis.lines": OPEN,
    "account.sign_in": LEADS_ON,
    "account.send_code": OPEN,
    "account.code": LEADS_ON,
    "account.check_code": OPEN,
    "account.sign_out": OPEN,
    "account.signed_out": OPEN,
    "account.sign_out_everywhere": _one(HERE),
    "account.stay": _one(HERE),
    "account.welcome": _one(HERE),
    "account.welcome_name": OWN,
    "account.welcome_role": OWN,
    "account.overview": OWN,
    "account.seen": OWN,
    "account.take_role": OWN,
    "account.name": OWN,
    "account.zone": OWN,
    "account.reach": OWN,
    "account.reminders": OWN,
    "account.discretion": OWN,
    "account.safe_contact": OWN,
    "account.consents": OWN,
    "account.give_consent": _of(SIGNED_IN, "purpose", letters=SIGNED_IN),
    "account.withdraw_consent": _of(SIGNED_IN, "purpose", letters=SIGNED_IN),
    "account.apart": OWN,
    "account.keep_apart": OWN,
    "account.bring_together": _of(SIGNED_IN, "apart", of_member=frozenset({V.MEMBER})),
    "account.ways": OWN,
    "account.phone": OWN,
    "account.ask_phone_code": OWN,
    "account.check_phone_code": OWN,
    "account.remove_phone": OWN,
    "account.devices": OWN,
    "account.add_device": OWN,
    "account.change_device": _of(SIGNED_IN, "device", of_member=frozenset({V.MEMBER})),
    "account.remove_device": _of(SIGNED_IN, "device", of_member=frozenset({V.MEMBER})),
    "account.signs": OPEN,
    "account.second_step": SECOND_STEP,
    "account.check_app": SECOND_STEP,
    "account.begin_app": SECOND_STEP,
    "account.new_app": SECOND_STEP,
    "account.confirm_app": SECOND_STEP,
    "account.new_passkey_options": SECOND_STEP,
    "account.add_passkey": SECOND_STEP,
    "account.passkey_options": replace(SECOND_STEP, says_no=True),  # nobody of the cast has a passkey
    "account.check_passkey": SECOND_STEP,
    "experience.start": _one(MEMBERS),
    "experience.check": _one(MEMBERS),
    "experience.find": _one(MEMBERS),
    "experience.enough": _one(MEMBERS),
    "experience.step": _of(MEMBERS, "step", first=MEMBERS),
    "experience.keep_step": _of(MEMBERS, "step", first=MEMBERS),
    "experience.peer": _one(PEERS),
    "experience.peer_step": _of(PEERS, "step", first=PEERS),
    "experience.keep_peer_step": _of(PEERS, "step", first=PEERS),
    "experience.apply": _one(PEERS),
    "experience.back": _one(PEERS),
    "experience.fewer": _one(PEERS),
    "experience.ready": _one(PEERS),
    "experience.rest": _one(PEERS),
    "experience.put_back": _one(PEERS),
    "experience.readiness": _one(PEERS),
    "experience.fine": _one(PEERS),
    "experience.talk": _one(PEERS),
    "experience.no_talk": _one(PEERS),
    # How a chat was for its peer is theirs to say also after the walk has ended.
    "experience.felt": _of(PEERS, "chat", together=THE_PEERS_OWN, parted=frozenset({V.FORMER_PEER})),
    "matching.ask": _one(MEMBERS),
    "matching.cards": _one(MEMBERS),
    "matching.rank": OF_ITS_MEMBER,
    "matching.restored": OF_ITS_MEMBER,
    "matching.choose_with_me": OF_ITS_MEMBER,
    "matching.choose_again": OF_ITS_MEMBER,
    "matching.asking_who": OF_ITS_MEMBER,
    "matching.ask_who_offers": OF_ITS_MEMBER,
    "matching.offer": ASKED_TO_OFFER,
    "matching.make_offer": ASKED_TO_OFFER,
    "matching.leave_it": ASKED_TO_OFFER,
    "matching.understood": _one(MEMBERS),
    "matching.look_again": OF_ITS_MEMBER,
    "matching.stopping": OF_ITS_MEMBER,
    "matching.stop": OF_ITS_MEMBER,
    "matching.asked": _one(PEERS),
    "matching.invitation": ITS_PEERS_ANSWER,
    "matching.say_yes": ITS_PEERS_ANSWER,
    "matching.not_now": ITS_PEERS_ANSWER,
    "matching.walk": THE_WALK_ITSELF,
    "matching.leaving": OF_THE_WALK,
    "matching.someone_else": OF_THE_WALK,
    "matching.reflect": OF_THE_TWO,
    "matching.rest": OF_THE_TWO_EVER_AFTER,
    "matching.walk_on": OF_THE_TWO_EVER_AFTER,
    "matching.end": OF_THE_TWO_EVER_AFTER,
    "matching.goodbye": OF_THE_TWO_EVER_AFTER,
    "matching.farewell": OF_THE_TWO_EVER_AFTER,
    "matching.keepsake": OF_THE_TWO_EVER_AFTER,
    "matching.keepsake_text": OF_THE_TWO_EVER_AFTER,
    "matching.walked": _one(WALKERS),
    "booking.times": OF_THE_TWO,
    "booking.check": OF_THE_TWO,
    "booking.book": OF_THE_TWO,
    "booking.chat": OF_THE_CHAT,
    "booking.invite": OF_THE_CHAT,
    "booking.keep_time": OF_THE_CHAT,
    "booking.own_calendar": OWN,
    "booking.make_feed": OWN,
    "booking.end_feed": OWN,
    # Whoever holds the key reads the chats: calendars do not sign in.
    "booking.feed": _of(ANYBODY, "feed", stands=ANYBODY, ended=NOBODY, of_suspended=NOBODY),
    "booking.move_times": OF_THE_CHAT,
    "booking.move_check": OF_THE_CHAT,
    "booking.move": OF_THE_CHAT,
    "booking.cancel_check": OF_THE_CHAT,
    "booking.cancel": OF_THE_CHAT,
    "booking.safe": OF_THE_CHAT,
    "booking.trust_nobody": OF_THE_CHAT,
    "booking.arrived": OF_THE_CHAT,
    "booking.home": OF_THE_CHAT,
    "booking.open_hours": _one(PEERS),
    "booking.open_hour": THE_OPEN_HOUR,
    "booking.next_guest": THE_OPEN_HOUR,
    "booking.end_hour": THE_OPEN_HOUR,
    "booking.call_off_hour": THE_OPEN_HOUR,
    "booking.turn": TO_COME_TO,
    "booking.come": TO_COME_TO,
    "booking.go_again": TO_COME_TO,
    "booking.asked": OF_THE_CHAT,
    "booking.say_yes": OF_ITS_PEER,
    "booking.not_this_time": OF_ITS_PEER,
    "booking.take_back": OF_THE_CHATS_MEMBER,
    "booking.offered": OF_THE_CHATS_MEMBER,
    "booking.take": OF_THE_CHATS_MEMBER,
    "booking.no_thanks": OF_THE_CHATS_MEMBER,
    "booking.wish_earlier": OF_THE_TWOS_MEMBER,
    "booking.stop_wishing": OF_THE_TWOS_MEMBER,
    "booking.rhythm": OF_THE_TWO,
    "booking.set_rhythm": OF_THE_TWO,
    "booking.end_check": OF_THE_CHAT,
    "booking.end_rhythm": OF_THE_CHAT,
    "booking.undo": OF_THE_CHAT,
    "booking.not_made_check": OF_THE_CHAT,
    "booking.not_made": OF_THE_CHAT,
    "checkin.thread": OF_THE_TWO_EVER_AFTER,
    "checkin.write": OF_THE_TWO_EVER_AFTER,
    "checkin.answer": OF_THE_TWOS_MEMBER_EVER_AFTER,
    "checkin.seen": OF_THE_TWO_EVER_AFTER,
    "checkin.heavy": OF_THE_TWO_EVER_AFTER,
    "checkin.bring_in": OF_THE_TWO_EVER_AFTER,
    "checkin.ending": OF_THE_TWO_EVER_AFTER,
    "checkin.end": OF_THE_TWO_EVER_AFTER,
    "checkin.open_again": OF_THE_TWO_EVER_AFTER,
    "checkin.texts": OF_THE_TWO_EVER_AFTER,
    "checkin.check_in": OF_THE_TWO_EVER_AFTER,
    "checkin.set_check_in": OF_THE_TWOS_MEMBER_EVER_AFTER,
    "checkin.stop": OF_THE_TWOS_MEMBER_EVER_AFTER,
    "checkin.words": OF_THE_TWOS_PEER,
    "checkin.hold": OF_THE_TWOS_PEER,
    "checkin.go_on": OF_THE_TWOS_PEER,
    "slots.week": _one(PEERS),
    "slots.add": _one(PEERS),
    "slots.remove": _of(PEERS, "window", of_peer=THE_PEERS_OWN),
    "slots.copy_day": _of(PEERS, "weekday", tuesday=PEERS),
    "slots.copy_in_season": _of(PEERS, "season day", of_peer=THE_PEERS_OWN),
    "slots.dates": _one(PEERS),
    "slots.set_dates": _one(PEERS),
    "slots.remove_date": _of(PEERS, "date", of_peer=THE_PEERS_OWN),
    "slots.away": _one(PEERS),
    "slots.take": _one(PEERS),
    "slots.end": _of(PEERS, "time off", of_peer=THE_PEERS_OWN),
    "slots.holidays": _one(PEERS),
    "slots.take_holidays": _one(PEERS),
    "slots.seasons": _one(PEERS),
    "slots.season": _of(PEERS, "season", of_peer=THE_PEERS_OWN),
    "slots.add_to_season": _of(PEERS, "season", of_peer=THE_PEERS_OWN),
    "slots.season_days": _of(PEERS, "season", of_peer=THE_PEERS_OWN),
    "slots.set_season_days": _of(PEERS, "season", of_peer=THE_PEERS_OWN),
    "slots.end_season": _of(PEERS, "season", of_peer=THE_PEERS_OWN),
    "slots.travel": _one(PEERS),
    "slots.set_travel": _one(PEERS),
    "slots.end_travel": _of(PEERS, "stay", of_peer=THE_PEERS_OWN),
    "slots.places": _one(PEERS),
    "slots.place": _of(PEERS, "place", of_peer=THE_PEERS_OWN),
    "slots.place_up": _of(PEERS, "place", of_peer=THE_PEERS_OWN),
    "slots.remove_place": _of(PEERS, "place", of_peer=THE_PEERS_OWN),
    "slots.chats": _one(PEERS),
    "slots.seen": _one(PEERS),
    "slots.calendars": _one(PEERS),
    "slots.add_calendar": _one(PEERS),
    "slots.add_calendar_file": _one(PEERS),
    "slots.calendar": _of(PEERS, "calendar", of_peer=THE_PEERS_OWN),
    "slots.replace_calendar": _of(PEERS, "calendar", of_peer=THE_PEERS_OWN),
    "slots.read_calendar": _of(PEERS, "calendar", of_peer=THE_PEERS_OWN),
    "slots.remove_calendar": _of(PEERS, "calendar", of_peer=THE_PEERS_OWN),
    "care.board": _one(STAFF),
    "care.weights": _one(STAFF),
    "care.preview_weights": _one(STAFF),
    "care.save_weights": _one(STAFF),
    "care.measures": _one(STAFF),
    "care.measures_csv": _one(STAFF),
    "care.promises": _one(STAFF),
    "care.note_written": ANY_WALK,
    "care.reach": WHERE_ASKED_IN,
    "care.in_touch": WHERE_ASKED_IN,
    "care.people": _one(STAFF),
    "care.application": _of(STAFF, "offer", applied=STAFF, approved=STAFF, of_no_peer=NOBODY),
    "care.approve_peer": _of(STAFF, "offer", applied=STAFF, approved=STAFF, of_no_peer=NOBODY),
    "care.look_after": _of(STAFF, "offer", applied=NOBODY, approved=STAFF, of_no_peer=NOBODY),
    "care.settle_talk": _of(STAFF, "talk", wished=STAFF),
    "care.walk": ANY_WALK,
    "care.look": ANY_WALK,
    "care.approve": ANY_WALK,
    "care.hold": ANY_WALK,
    "care.release": ANY_WALK,
    "care.swap": ANY_WALK,
    "care.proposal": _one(STAFF),
    "care.propose": _one(STAFF),
    "care.unmark": _one(STAFF),
    "care.publish": THE_PROPOSAL,
    "care.close_proposal": THE_PROPOSAL,
    "care.proposed_pair": A_PROPOSED_PAIR,
    "care.drop_pair": A_PROPOSED_PAIR,
    "care.pin_pair": A_PROPOSED_PAIR,
    "care.forbid_pair": A_PROPOSED_PAIR,
    "notice.follow": _of(
        SIGNED_IN,
        "letter",
        of_member=frozenset({V.MEMBER}),
        of_peer=THE_PEERS_OWN,
        of_former_peer=frozenset({V.FORMER_PEER}),
    ),
    "notice.state": _one(STAFF),
    "notice.send_again": _one(STAFF),
    "notice.again": ANY_LETTER,
    "notice.let_go": ANY_LETTER,
    # The house of this table sends no texts, so that nobody calls back; tests/web/test_notice_texts.py has one.
    "notice.text_heard": Policy(ANYBODY, there_for={"": NOBODY}),
    "notice.text_receipt": _of(ANYBODY, "letter", of_member=NOBODY, of_peer=NOBODY, of_former_peer=NOBODY),
    "notice.unsubscribe_form": _of(ANYBODY, "key", in_a_letter=ANYBODY),
    "notice.unsubscribe": _of(ANYBODY, "key", in_a_letter=ANYBODY),
    "notice.take_back": _of(SIGNED_IN, "key", in_a_letter=frozenset({V.MEMBER})),
    "demo.people": OPEN,
    "demo.be": _of(ANYBODY, "person", member=ANYBODY),
    "demo.kit": OPEN,
    "demo.gallery": OPEN,
    "demo.specimen": _of(ANYBODY, "letter kind", written=ANYBODY),
    "demo.drawn": _of(ANYBODY, "drawn letter", written=ANYBODY),
    "demo.mailbox": OPEN,
    "demo.mail": _of(ANYBODY, "mail", kept=ANYBODY),
    "demo.invitation": _of(ANYBODY, "mail", kept=ANYBODY),
}
