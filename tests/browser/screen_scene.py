"""Who is in the pictures, and what they have done before; but for the days that have gone by, all over the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.dynamodb.table import Table
from shared.domains.statistics.models import DailyStatistics
from tests.browser.duty import operator
from tests.browser.screen_lessons import prepare_lesson
from tests.browser.screen_maps import draw_map
from tests.browser.screen_operations import prepare_duty
from tests.flows.people import People, Person
from tests.flows.platform import wait_for

SAID = (
    ("Lucía Cano", "So: Busan or Gyeongju? Make your case."),
    ("Yuna Noh", "If we leave on Friday, we could wake up in Busan. I’d rather take the night train."),
    ("Tomás Melo", "Is it worth it? The fast one only takes two and a half hours."),
    ("Minji Kim", "How do I say it politely when I don’t agree with a plan?"),
)
ROOMS = (
    ("Stand-up meeting English", "What I did, what I will do, what is in my way.", "intermediate", 6, ["Jun Park"]),
    ("Ordering food abroad", "Menus, allergies, paying separately.", "beginner", 4, ["Jun Park", "Emre Kaya"]),
    ("Coffee and small talk", "How was your weekend? No corrections unless you ask.", "beginner", 6, ["Yuna Noh"]),
    ("Job interview, round two", "Answer out loud, get questions back.", "advanced", 6, ["Jun Park", "Lucía Cano"]),
)
TALKING = ("Coffee and small talk", "Job interview, round two")
NAMES = ("Minji Kim", "Lucía Cano", "Yuna Noh", "Tomás Melo", "Jun Park", "Emre Kaya")
MINUTES = (18, 0, 32, 41, 26, 12, 0, 22, 35, 38, 15, 44, 29, 39)
"""What Minji spoke a day, today last."""
SCORES = (61, 0, 63, 62, 68, 66, 0, 69, 68, 73, 71, 75, 74, 82)


@dataclass
class Scene:
    """Who is there, and where things happen."""

    known: dict[str, Person]
    tutor: Person
    operator: Person
    others: list[Person]
    room: str
    rooms: dict[str, str]
    talk: str
    report: str

    @property
    def minji(self) -> Person:
        """The student whose pages are shown."""
        return self.known["Minji Kim"]


def prepare(people: People) -> Scene:
    """Let everybody come, talk, practise and teach."""
    known = {name: _named(people, name) for name in NAMES}
    tutor, minji = _named(people, "Daniel Okafor", "tutor"), known["Minji Kim"]
    minji.ask("PATCH", "/api/me", json={"level": "intermediate"})
    rooms = {name: _room(known, name, about, level, most, members) for name, about, level, most, members in ROOMS}
    _locked(known)
    about = "Plan a trip together and disagree kindly. Corrections welcome."
    room = _room(known, "Travel plans, honestly", about, "intermediate", 6, [name for name, _ in SAID])
    thursday = _room(
        known, "Thursday pronunciation", "Vowels, then lunch.", "intermediate", 6, ["Tomás Melo", "Minji Kim"]
    )
    with minji.enter(thursday) as channel:
        channel.ask("sendMessage", roomId=thursday, content="See you next week.")
    _talk(known, room)
    request = minji.post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})["requestId"]
    tutor.post(f"/api/tutors/requests/{request}/approve")
    talk, report = _partner_talks(minji)
    others = prepare_lesson(minji, tutor, people)
    _read_feedback(minji, tutor)
    _past_days(minji)
    draw_map(minji)
    prepare_duty(minji)
    watcher = operator(people)
    watcher.ask("PATCH", "/api/me", json={"name": "Hana Lim"})
    return Scene(known, tutor, watcher, others, room, rooms, talk, report)


def talk_now(scene: Scene) -> None:
    """Let people talk in some of the rooms at this moment."""
    for name, room in scene.rooms.items():
        if name in TALKING:
            person = scene.known["Yuna Noh" if name == TALKING[0] else "Lucía Cano"]
            with person.again().enter(room) as channel:
                channel.ask("sendMessage", roomId=room, content="And you?")


def _named(people: People, name: str, role: str = "student") -> Person:
    person = people.fresh(role)
    person.ask("PATCH", "/api/me", json={"name": name})
    person.name = name
    return person


def _room(known: dict[str, Person], name: str, about: str, level: str, most: int, members: list[str]) -> str:
    first, *others = (known[one] for one in members)
    room = first.room(name=name, description=about, level=level, maxMembers=most)
    for one in others:
        one.ticket(room)
    return room


def _locked(known: dict[str, Person]) -> None:
    """Make two locked rooms; one of them is full."""
    for name, about, level, most in (
        ("Daniel’s Thursday group", "For Daniel’s students. Ask him for the password.", "intermediate", 2),
        ("Book club: The Remains of the Day", "Chapters four to six this week.", "advanced", 8),
    ):
        locked = {"isPrivate": True, "password": "sesame", "maxMembers": most}
        room = known["Jun Park"].room(name=name, description=about, level=level, **locked)
        known["Emre Kaya"].ticket(room, password="sesame")


def _talk(known: dict[str, Person], room: str) -> None:
    for name, words in SAID:
        with known[name].enter(room) as channel:
            channel.ask("sendMessage", roomId=room, content=words)
    job = known["Minji Kim"].post(f"/rooms/{room}/ai", {"prompt": "Say it politely"})["jobId"]
    wait_for(lambda: known["Minji Kim"].get(f"/api/jobs/{job}")["status"] == "COMPLETED", "the partner answers", 60)


def _partner_talks(minji: Person) -> tuple[str, str]:
    asked = {"difficulty": "intermediate", "topic": "Checking in at a hotel", "role": "hotel receptionist"}
    talk, report = (str(minji.post("/api/ai/chat/start", asked)["conversationId"]) for _ in range(2))
    _say(minji, talk, "Yes, it is under Kim. I goes here yesterday.")
    for words in ("How much is it cost for one night?", "I have two friend here.", "He have been very kind."):
        _say(minji, report, words)
    minji.post(f"/api/ai/conversations/{report}/end")
    return talk, report


def _say(person: Person, talk: str, words: str) -> None:
    turn = person.post("/api/ai/chat/message", {"conversationId": talk, "userMessage": words})["requestId"]
    wait_for(lambda: person.get(f"/api/ai/chat/status/{turn}")["status"] == "COMPLETED", "the partner answers", 60)


def _read_feedback(student: Person, tutor: Person) -> None:
    for one in student.get(f"/api/feedback?with={tutor.email}&limit=100")["feedback"]:
        student.post(f"/api/feedback/{one['feedback_id']}/read")


def _past_days(student: Person) -> None:
    """Let two weeks have gone by: nobody can wait for them."""
    store = DynamoStatistics(Table(student.platform.client("dynamodb"), student.platform.table))
    today = datetime.now(UTC).date()
    for before, (minutes, score) in enumerate(zip(reversed(MINUTES), reversed(SCORES), strict=True)):
        day = DailyStatistics(
            user_id=student.user_id,
            date=(today - timedelta(days=before)).isoformat(),
            practice_count=minutes // 4,
            session_count=1,
            speaking_ms=minutes * 60_000,
            session_seconds=minutes * 60,
            graded_count=minutes // 4,
            score_tenths_sum=score * 10 * (minutes // 4),
        )
        if minutes:
            store.put_day(day)
