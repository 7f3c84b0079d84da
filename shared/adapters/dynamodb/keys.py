"""Every partition and sort key of the table, as functions; docs/table.md lists the access patterns."""

METADATA = "METADATA"
PROFILE = "PROFILE"
OWNER = "OWNER"
REGISTRATION = "REGISTRATION"
ROOMS = "ROOMS"
TUTORS = "TUTORS"
LOCK = "LOCK"
REVOCATIONS = "REVOCATIONS"
GATEWAYS = "GATEWAYS"
REPLAY = "REPLAY"
REPLAYS = "REPLAYS"
SCHEDULES = "SCHEDULES"
DEFAULT_CONVERSATION = "DEFAULT_CONVERSATION"


def room(room_id: str) -> str:
    """Return the partition of a room, its members and its messages."""
    return f"ROOM#{room_id}"


def member(user_id: str) -> str:
    """Return the sort key of a membership within its room."""
    return f"MEMBER#{user_id}"


def rooms_of(user_id: str) -> str:
    """Return the index partition of a user's memberships."""
    return f"USER#{user_id}#ROOMS"


def message(created_at: str, message_id: str) -> str:
    """Return the sort key of a message within its room: text order is time order."""
    return f"MSG#{created_at}#{message_id}"


def message_by_id(message_id: str) -> str:
    """Return the index partition that finds a message by its id alone."""
    return f"MSG#{message_id}"


def user(user_id: str) -> str:
    """Return the partition of an account and of what is its own."""
    return f"USER#{user_id}"


def email(digest: str) -> str:
    """Return the partition of the item that says whose an e-mail is."""
    return f"EMAIL#{digest}"


def sign_in(sign_in_id: str) -> str:
    """Return the sort key of a sign-in within its person's, and the index partition that finds it by its id alone."""
    return f"SIGNIN#{sign_in_id}"


def token(value: str) -> str:
    """Return the partition of a RoomToken."""
    return f"TOKEN#{value}"


def connection(connection_id: str) -> str:
    """Return the partition of a connection's record, and its sort key in the indexes."""
    return f"CONN#{connection_id}"


def gateway(gateway_id: str) -> str:
    """Return the partition of a gateway process and of the connections it holds."""
    return f"GATEWAY#{gateway_id}"


def once(key: str) -> str:
    """Return the partition of an entry of the idempotency ledger."""
    return f"ONCE#{key}"


def job_run(job_id: str) -> str:
    """Return the partition of a job's runs: an entry of the ledger too."""
    return once(f"job#{job_id}")


def revoked(session_id: str) -> str:
    """Return the partition of a sign-in that ended before its tokens did."""
    return f"REVOKED#{session_id}"


def job(job_id: str) -> str:
    """Return the partition of a record of work that a client may ask about."""
    return f"JOB#{job_id}"


def unfinished_jobs(shard: int) -> str:
    """Return an index partition of the jobs that have not ended, by the last that was heard of them."""
    return f"JOBS#UNFINISHED#{shard}"


def jobs_of(user_id: str) -> str:
    """Return the index partition of a user's work."""
    return f"USER#{user_id}#JOBS"


def letter(letter_id: str) -> str:
    """Return the partition of a dead letter, its audit and the time of its replay."""
    return f"LETTER#{letter_id}"


def letters(state: str) -> str:
    """Return the index partition of the dead letters in a state."""
    return f"LETTERS#{state}"


def fingerprint(digest: str) -> str:
    """Return the index partition of the dead letters of one cause."""
    return f"FINGERPRINT#{digest}"


def audit(at: str, action: str) -> str:
    """Return the sort key of what was done to a dead letter: text order is time order."""
    return f"AUDIT#{at}#{action}"


def tutor_request(request_id: str) -> str:
    """Return the partition of a request to a tutor."""
    return f"REQUEST#{request_id}"


def pending(tutor_id: str, student_id: str) -> str:
    """Return the partition of the lock that lets a pair have one pending request."""
    return f"PENDING#{tutor_id}#{student_id}"


def requests_to(tutor_id: str, status: str) -> str:
    """Return the index partition of the requests to a tutor that have a status."""
    return f"TUTOR#{tutor_id}#{status}"


def requests_of(student_id: str) -> str:
    """Return the index partition of a student's requests."""
    return f"STUDENT#{student_id}#REQUESTS"


def tutor(tutor_id: str) -> str:
    """Return the partition of a tutor's relations."""
    return f"TUTOR#{tutor_id}"


def student(student_id: str) -> str:
    """Return the sort key of a relation within its tutor's."""
    return f"STUDENT#{student_id}"


def tutors_of(student_id: str) -> str:
    """Return the index partition of a student's relations."""
    return f"STUDENT#{student_id}#TUTORS"


def feedback(tutor_id: str, student_id: str) -> str:
    """Return the partition of what a tutor told a student."""
    return f"FEEDBACK#{tutor_id}#{student_id}"


def feedback_by_id(feedback_id: str) -> str:
    """Return the index partition that finds feedback by its id alone."""
    return f"FEEDBACK#{feedback_id}"


def undelivered(student_id: str) -> str:
    """Return the index partition of the feedback that no channel of a student took."""
    return f"USER#{student_id}#UNDELIVERED"


def note(created_at: str, notification_id: str) -> str:
    """Return the sort key of a notification within its user's: text order is time order."""
    return f"NOTE#{created_at}#{notification_id}"


def note_by_id(notification_id: str) -> str:
    """Return the index partition that finds a notification by its id alone."""
    return f"NOTE#{notification_id}"


def unread(user_id: str) -> str:
    """Return the index partition of a user's unread notifications."""
    return f"USER#{user_id}#UNREAD"


def voice(digest: str) -> str:
    """Return the partition of a voice and of the jobs that wait for it."""
    return f"VOICE#{digest}"


def asker(job_id: str) -> str:
    """Return the sort key of a job that waits for a voice."""
    return f"ASKER#{job_id}"


def conversation(conversation_id: str) -> str:
    """Return the partition of a conversation and its turns."""
    return f"CONVERSATION#{conversation_id}"


def conversations_of(user_id: str) -> str:
    """Return the index partition of a user's conversations."""
    return f"USER#{user_id}#CONVERSATIONS"


def turn(number: int) -> str:
    """Return the sort key of a turn within its conversation: text order is the order of the numbers."""
    return f"TURN#{number:08d}"


def turn_by_request(user_id: str, request_digest: str) -> str:
    """Return the index partition that finds a turn by its student's request."""
    return f"TURN#{user_id}#{request_digest}"


def turn_by_id(turn_id: str) -> str:
    """Return the partition of the item that tells where a turn is."""
    return f"TURN#{turn_id}"


def budget(date: str) -> str:
    """Return the sort key of what a user spent on a day."""
    return f"BUDGET#{date}"


def budgets_on(date: str) -> str:
    """Return the index partition of what everybody spent on a day."""
    return f"BUDGETS#{date}"


def hold(purpose: str) -> str:
    """Return the sort key of what is held of a user's budgets for one purpose, and of the mark that it was settled."""
    return f"HOLD#{purpose}"


SENTENCE = "SENTENCE#"
SENTENCES = "SENTENCES"
RESULT = "RESULT#"
NOTEBOOK = "NOTEBOOK#"
VOCABULARY = "VOCABULARY"
LEARNING_EVENT = "EVENT#"


def learning_session(session_id: str) -> str:
    """Return the partition of a learning session and its sentences."""
    return f"SESSION#{session_id}"


def learning_sessions_of(user_id: str) -> str:
    """Return the index partition of a student's sessions."""
    return f"USER#{user_id}#SESSIONS"


def open_sessions(shard: int) -> str:
    """Return the index partition of a share of the sessions that are open or not yet counted."""
    return f"OPEN_SESSIONS#{shard}"


def session_result(result_id: str) -> str:
    """Return the sort key of the mark that a result was added to its session."""
    return f"RESULT#{result_id}"


def sentence(index: int) -> str:
    """Return the sort key of a sentence within its session: text order is the order of the numbers."""
    return f"{SENTENCE}{index:05d}"


def result(created_at: str, result_id: str) -> str:
    """Return the sort key of a pronunciation result: text order is time order."""
    return f"{RESULT}{created_at}#{result_id}"


def result_by_id(result_id: str) -> str:
    """Return the index partition that finds a pronunciation result by its id alone."""
    return f"RESULT#{result_id}"


def notebook_entry(entry_id: str) -> str:
    """Return the sort key of an entry of the notebook."""
    return f"{NOTEBOOK}{entry_id}"


def due(user_id: str) -> str:
    """Return the index partition of a student's notebook, by what is due first."""
    return f"USER#{user_id}#DUE"


def day(date: str) -> str:
    """Return the sort key of a day's sums."""
    return f"DAY#{date}"


def learning_event(at: str, event_id: str) -> str:
    """Return the sort key of an event that days are counted from: text order is time order."""
    return f"{LEARNING_EVENT}{at}#{event_id}"
