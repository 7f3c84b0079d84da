import json

from cli.contracts import DIRECTORY, schemas
from web.api.asyncapi import asyncapi_document


def test_the_committed_schemas_are_current() -> None:
    wanted = schemas()

    assert {path.name: path.read_text("utf-8") for path in DIRECTORY.glob("*.json")} == wanted


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi_document()
    text = json.dumps(document)
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}

    for reference in references:
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert target


def test_both_kinds_of_connection_say_what_they_take_and_push() -> None:
    document = asyncapi_document()

    taken = [one["$ref"].split("/")[-1] for one in document["operations"]["take_room"]["messages"]]
    assert "PostMessage" in taken
    assert "MessageItem" in document["channels"]["room"]["messages"]
