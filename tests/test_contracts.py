from cli.contracts import schema_files, schemas


def test_the_committed_schemas_are_current() -> None:
    wanted = schemas()

    assert {path.name: path.read_text("utf-8") for path in schema_files()} == wanted
