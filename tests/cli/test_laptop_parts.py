"""What an install lacks, said in words."""

import json
import sys
from pathlib import Path

import click
import pytest

from cli.laptop_parts import laptop_part, require_own_place


def test_a_package_that_is_there_is_given() -> None:
    assert laptop_part("json") is json


def test_a_package_that_is_missing_is_named_with_what_to_install() -> None:
    with pytest.raises(click.ClickException, match=r"This needs no_such_package, .*requirements/local.txt"):
        laptop_part("no_such_package")


def test_a_folder_that_was_moved_is_told_from_one_that_was_not(tmp_path: Path) -> None:
    require_own_place(tmp_path)  # nothing is installed by that name
    (tmp_path / "celery").write_text(f"#!{sys.executable}\nimport celery\n")
    require_own_place(tmp_path)
    (tmp_path / "celery").write_text(f"#!{tmp_path}/old/bin/python\nimport celery\n")
    with pytest.raises(click.ClickException, match="the folder was moved or renamed"):
        require_own_place(tmp_path)
