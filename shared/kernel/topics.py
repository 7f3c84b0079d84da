"""The only spelling of the topics that events go to."""

from typing import NewType

Topic = NewType("Topic", str)


def room_topic(room_id: str) -> Topic:
    """Return the topic of everyone connected to a room."""
    return Topic(f"room:{room_id}")


def user_topic(user_id: str) -> Topic:
    """Return the topic of a user's own channels, on whichever gateway."""
    return Topic(f"user:{user_id}")


def is_user_topic(topic: Topic) -> bool:
    """Tell whether a topic is that of a user's own channels."""
    return topic.startswith("user:")


def session_topic(user_id: str) -> Topic:
    """Return the topic of all of a user's connections, room sockets too: for orders to close them."""
    return Topic(f"session:{user_id}")


def gateway_topic(gateway_id: str) -> Topic:
    """Return the topic on which one gateway process hears what it asked the others."""
    return Topic(f"gateway:{gateway_id}")


def turn_topic(turn_id: str) -> Topic:
    """Return the topic of a turn while it is answered, for the gateways with clients that wait for it."""
    return Topic(f"turn:{turn_id}")
