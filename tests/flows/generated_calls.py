"""Run beside a client that openapi-python-client made: BASE STUDENT TUTOR PASSWORD; five calls, told as JSON."""

import json
import sys

from speak_tracker_client import AuthenticatedClient, Client  # type: ignore[import-not-found]
from speak_tracker_client.api.accounts import login, show_account  # type: ignore[import-not-found]
from speak_tracker_client.api.feedback import send_feedback  # type: ignore[import-not-found]
from speak_tracker_client.api.rooms import create_room, list_rooms  # type: ignore[import-not-found]
from speak_tracker_client.models import (  # type: ignore[import-not-found]
    CreateRoom,
    CreateRoomLevelType0,
    FeedbackType,
    Login,
    SendFeedback,
)


def main(base: str, student: str, tutor: str, password: str) -> None:
    signed_in = login.sync(client=Client(base), body=Login(email=student, password=password))
    client = AuthenticatedClient(base, signed_in.access_token)
    room = create_room.sync(client=client, body=CreateRoom(name="Generated", level=CreateRoomLevelType0.BEGINNER))
    rooms = list_rooms.sync(client=client, joined=True)
    account = show_account.sync(client=client)
    teaching = login.sync(client=Client(base), body=Login(email=tutor, password=password))
    words = SendFeedback(student_email=student, message="Well done!", message_type=FeedbackType.TEXT)
    sent = send_feedback.sync(client=AuthenticatedClient(base, teaching.access_token), body=words)
    told = {
        "userId": account.user_id,
        "roomId": room.data.room_id,
        "rooms": [one.room_id for one in rooms.data.rooms],
        "feedbackId": sent.feedback_id,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
