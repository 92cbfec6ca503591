"""When the bot speaks, when it does not, and why: decided from the burst, the channel's transcript, the
persona and the host's wishes, without any model. docs/conversation.md tells the rules."""

from core.conversation.address.claims import Claim
from core.conversation.address.manners import Manners
from core.conversation.address.names import Called, called, names_of
from core.conversation.address.room import Room, room_before, room_of
from core.conversation.address.verdict import Address, weigh, weigh_burst

__all__ = [
    "Address",
    "Called",
    "Claim",
    "Manners",
    "Room",
    "called",
    "names_of",
    "room_before",
    "room_of",
    "weigh",
    "weigh_burst",
]
