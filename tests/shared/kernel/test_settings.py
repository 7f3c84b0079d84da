"""What no process starts without, said with the names that an operator sets."""

import pytest

from shared.kernel.settings import NEEDED_ON_AWS, Misconfigured, ToolSettings, read_settings

SET = {"cursor_key": "a-secret-of-some-length", "cognito_user_pool_id": "pool", "cognito_client_id": "client"}


@pytest.fixture(autouse=True)
def on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aws_endpoint_url", *NEEDED_ON_AWS):
        monkeypatch.delenv(name.upper(), raising=False)


def test_everything_that_is_missing_on_aws_is_named_at_once() -> None:
    with pytest.raises(
        Misconfigured, match="CURSOR_KEY, COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID must be set"
    ) as refused:
        read_settings()
    assert "Value error" not in str(refused.value)


@pytest.mark.parametrize("name", NEEDED_ON_AWS)
def test_each_of_them_is_needed(name: str) -> None:
    read_settings(**SET)
    with pytest.raises(Misconfigured, match=f"  {name.upper()} must be set where AWS itself is used"):
        read_settings(**{other: value for other, value in SET.items() if other != name})
    if name != "cursor_key":
        with pytest.raises(Misconfigured, match=f"{name.upper()} must be set"):
            read_settings(**SET | {name: ""})


def test_a_stand_in_and_tools_need_none_of_them() -> None:
    assert read_settings(aws_endpoint_url="http://127.0.0.1:1").cognito_user_pool_id == ""
    assert read_settings(ToolSettings).aws_endpoint_url is None


def test_a_wrong_value_is_named_with_what_is_wrong_and_not_shown() -> None:
    with pytest.raises(Misconfigured, match=r"PORT: Input should be less than or equal to 65535"):
        read_settings(port=70_000, **SET)
    with pytest.raises(Misconfigured) as refused:
        read_settings(**SET | {"cursor_key": "hunter2"})
    assert "hunter2" not in str(refused.value)
