"""Exports as people download them, and as strangers make them."""

import io
import json
import zipfile
from typing import Any

TOPICS = {
    "garden": [
        "The tomatoes in my garden need water",
        "Roses and tulips grow in the soil",
        "I planted seeds in the garden bed",
    ],
    "football": [
        "The goalkeeper saved the penalty",
        "Our team won the football match",
        "The striker scored a late goal",
    ],
    "cooking": [
        "Boil the pasta and chop the onion",
        "This recipe needs butter and flour",
        "Bake the bread in a hot oven",
    ],
    "music": [
        "She plays the violin in an orchestra",
        "The guitar solo in that song is great",
        "We sang at the piano concert",
    ],
}
KOREAN = {
    "garden": ["정원에 토마토와 꽃을 심었어요", "흙에 물을 주고 씨앗을 뿌렸습니다"],
    "football": ["축구 경기에서 우리 팀이 이겼어요", "골키퍼가 공을 막고 선수가 골을 넣었습니다"],
}


def talk(name: str, *texts: str, at: float = 1.7e9) -> dict[str, Any]:
    """A conversation in the plain form."""
    messages = [{"role": "user" if turn % 2 == 0 else "assistant", "content": text} for turn, text in enumerate(texts)]
    return {"id": name, "title": f"About {name}", "create_time": at, "messages": messages}


def talks(each: int, *, korean: int = 0) -> list[dict[str, Any]]:
    """Conversations about the topics, `each` of every one, each a little different."""
    found = []
    for topic, lines in TOPICS.items():
        for number in range(each):
            turned = lines[number % 3 :] + lines[: number % 3]
            found.append(talk(f"{topic}-{number}", *turned, f"Number {number} of {topic}, again {turned[0].lower()}."))
    for topic, lines in KOREAN.items():
        found += [talk(f"ko-{topic}-{number}", *lines, lines[number % 2]) for number in range(korean)]
    return found


def chatgpt(name: str, *texts: str) -> dict[str, Any]:
    """A conversation as ChatGPT exports it: a tree whose root is a hidden system message."""
    tree: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None, "children": ["system"]}}
    tree["system"] = node("system", "root", "system", "", hidden=True)
    parent = "system"
    for turn, text in enumerate(texts):
        tree[f"m{turn}"] = node(f"m{turn}", parent, "user" if turn % 2 == 0 else "assistant", text)
        tree[parent]["children"].append(f"m{turn}")
        parent = f"m{turn}"
    return {"conversation_id": name, "title": name, "create_time": 1.7e9, "mapping": tree, "current_node": parent}


def node(name: str, parent: str, role: str, text: Any, *, hidden: bool = False, kind: str = "text") -> dict[str, Any]:
    """One node of such a tree."""
    message = {
        "author": {"role": role},
        "content": {"content_type": kind, "parts": [text]},
        "create_time": 1.7e9,
        "metadata": {"is_visually_hidden_from_conversation": True} if hidden else {},
    }
    return {"id": name, "message": message, "parent": parent, "children": []}


def zipped(**files: bytes) -> bytes:
    """A zip; `__` in a name stands for a dash."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "-") + ".json", content)
    return target.getvalue()


def text_of(found: object) -> bytes:
    """JSON, lone halves of characters included."""
    return json.dumps(found).encode("utf-8", "surrogatepass")
