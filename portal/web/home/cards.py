"""What is next for somebody, as cards: the first is the one thing to do next, the others stand below it, quiet."""

from datetime import datetime

from portal.domain.account import Actor, Role
from portal.queries import home as home_queries
from portal.web.home.card import Card
from portal.web.home.member import member_cards
from portal.web.home.open_hours import hours_to_come_to, own_open_hours
from portal.web.home.partings import parting_cards
from portal.web.home.peer import peer_cards
from portal.web.home.questions import question_cards
from portal.web.home.safe import home_cards
from portal.web.home.staff import staff_cards
from portal.web.home.threads import thread_cards
from portal.web.home.together import chat_cards, not_made_card, walked_cards


def next_cards(actor: Actor, now: datetime) -> list[Card]:
    """Return everything there is for this person, the next thing first."""
    found = chat_cards(home_queries.coming_chats(actor.id, now), actor.zone, now)
    found += question_cards(actor, now)
    found += [not_made_card(chat, actor.zone) for chat in home_queries.not_made_lately(actor.id, now)]
    found += home_cards(actor, now)
    found += parting_cards(actor, now)
    if actor.has(Role.MEMBER):
        found += member_cards(actor, now)
    if actor.has(Role.MEMBER, Role.PEER):
        found += thread_cards(actor, now)
    if actor.has(Role.PEER):
        found += peer_cards(actor, now)
    if actor.has(Role.MEMBER):
        found += hours_to_come_to(actor, now)
    if actor.has(Role.PEER):
        found += own_open_hours(actor, now)
    if actor.has(Role.COORDINATOR):
        found += staff_cards(actor, now)
    found += walked_cards(actor)
    return sorted(found, key=lambda card: card.turn)
