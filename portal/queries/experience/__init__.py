"""Topics, and what people have told of themselves."""

from portal.queries.experience.catalogue import (
    ShownGroup,
    ShownTopic,
    all_groups,
    offered_topic_ids,
    shown_catalogue,
    topic_ids,
    topic_slugs,
)
from portal.queries.experience.rows import (
    has_member_topics,
    has_peer_topics,
    member_topic_rows,
    peer_topic_rows,
    trait_rows,
    wish_rows,
)
from portal.queries.experience.told import (
    Application,
    MemberTold,
    PeerTold,
    Profile,
    TopicTold,
    TraitTold,
    WishTold,
    applications,
    member_told,
    peer_told,
    profile_of,
)
from portal.queries.experience.towns import find_towns, no_towns_yet, town_of

__all__ = [
    "Application",
    "MemberTold",
    "PeerTold",
    "Profile",
    "ShownGroup",
    "ShownTopic",
    "TopicTold",
    "TraitTold",
    "WishTold",
    "all_groups",
    "applications",
    "find_towns",
    "has_member_topics",
    "has_peer_topics",
    "member_told",
    "member_topic_rows",
    "no_towns_yet",
    "offered_topic_ids",
    "peer_told",
    "peer_topic_rows",
    "profile_of",
    "shown_catalogue",
    "topic_ids",
    "topic_slugs",
    "town_of",
    "trait_rows",
    "wish_rows",
]
