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
    "member_told",
    "offered_topic_ids",
    "peer_told",
    "profile_of",
    "shown_catalogue",
    "topic_ids",
    "topic_slugs",
]
