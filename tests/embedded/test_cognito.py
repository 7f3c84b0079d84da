"""Accounts on the embedded endpoint: codes, tokens and refusals as Amazon Cognito has them."""

import base64
import contextlib
import json
import sqlite3
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa

from embedded.aws.accounts import hook_resolve


@contextlib.contextmanager
def refused(code: str) -> Any:
    with pytest.raises(ClientError) as caught:
        yield
    assert caught.value.response["Error"]["Code"] == code


@pytest.fixture
def email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def claims(people: Any, token: str) -> dict[str, Any]:
    """Return the claims of a token after checking its signature against the pool's published keys."""
    with urllib.request.urlopen(f"{people.cloud.url}/{people.pool}/.well-known/jwks.json") as answer:
        keys = jwt.PyJWKSet.from_dict(json.load(answer))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    issuer = f"https://cognito-idp.ap-northeast-2.amazonaws.com/{people.pool}"
    decoded: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, options={"verify_aud": False})
    return decoded


def test_sign_up_asks_for_its_code_once(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.sign_up(email)
    (code,) = people.cloud.codes(email)
    with refused("UserNotConfirmedException"):
        people.sign_in(email)
    with refused("CodeMismatchException"):
        people.confirm(email, wrong(code))
    people.confirm(email, code)
    with refused("NotAuthorizedException"):
        people.confirm(email, code)
    assert people.sign_in(email)["ExpiresIn"] == 3600


def test_a_new_code_ends_the_old_one(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.sign_up(email)
    people.cognito.resend_confirmation_code(ClientId=people.client, Username=email)
    first, second = people.cloud.codes(email)
    if first != second:
        with refused("CodeMismatchException"):
            people.confirm(email, first)
    people.confirm(email, second)
    with refused("InvalidParameterException"):
        people.cognito.resend_confirmation_code(ClientId=people.client, Username=email)


def test_guessing_a_code_ends(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.sign_up(email)
    code = people.cloud.codes(email)[-1]
    for _ in range(10):
        with refused("CodeMismatchException"):
            people.confirm(email, wrong(code))
    with refused("TooManyFailedAttemptsException"):
        people.confirm(email, code)


def test_a_forgotten_password_is_replaced_by_a_code(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.register(email)
    people.cognito.forgot_password(ClientId=people.client, Username=email)
    code = people.cloud.codes(email)[-1]

    def reset(with_code: str, password: str) -> None:
        people.cognito.confirm_forgot_password(
            ClientId=people.client, Username=email, ConfirmationCode=with_code, Password=password
        )

    with refused("CodeMismatchException"):
        reset(wrong(code), "An0ther!password")
    with refused("InvalidPasswordException"):
        reset(code, "short")
    reset(code, "An0ther!password")
    with refused("ExpiredCodeException"):
        reset(code, "Th1rd!password")
    with refused("NotAuthorizedException"):
        people.sign_in(email)
    assert people.sign_in(email, "An0ther!password")


def test_codes_expire(embedded_crashing_cloud: Any, embedded_pool_of: Callable[[Any], Any], email: str) -> None:
    people = embedded_pool_of(embedded_crashing_cloud)
    people.sign_up(email)
    cloud = embedded_crashing_cloud
    cloud.process.stop()
    with contextlib.closing(sqlite3.connect(cloud.process.directory / "journal.db")) as journal, journal:
        ((name, content),) = journal.execute("SELECT name, content FROM record WHERE kind = 'user'")
        user = json.loads(content) | {"_confirmation_code_expires": 1.0}
        journal.execute("UPDATE record SET content = ? WHERE name = ?", (json.dumps(user), name))
    cloud.process.start()
    with refused("ExpiredCodeException"):
        people.confirm(email, cloud.codes(email)[-1])


def test_an_unknown_user_is_told_no_more_than_a_wrong_password(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.register(email)
    messages = []
    for address in (email, "nobody@example.com"):
        with pytest.raises(ClientError) as caught:
            people.sign_in(address, "Wr0ng!password")
        messages.append(caught.value.response["Error"])
    assert messages[0] == messages[1]
    assert messages[0]["Code"] == "NotAuthorizedException"
    people.cognito.forgot_password(ClientId=people.client, Username="nobody@example.com")
    assert people.cloud.codes("nobody@example.com") == []


@pytest.mark.parametrize("password", ["Sh0rt!", "n0-upper-case", "N0-LOWER-CASE", "No-Digit-Here", "N0SymbolHere"])
def test_weak_passwords_are_refused(embedded_people: Any, email: str, password: str) -> None:
    people = embedded_people
    with refused("InvalidPasswordException"):
        people.cognito.sign_up(ClientId=people.client, Username=email, Password=password)


def test_a_known_address_cannot_sign_up_again(embedded_people: Any, email: str) -> None:
    embedded_people.sign_up(email)
    with refused("UsernameExistsException"):
        embedded_people.sign_up(email)


def test_tokens_carry_what_the_product_reads(embedded_people: Any, email: str) -> None:
    people = embedded_people
    subject = people.register(email)
    people.cognito.create_group(GroupName="operators", UserPoolId=people.pool)
    people.cognito.admin_add_user_to_group(UserPoolId=people.pool, Username=email, GroupName="operators")
    tokens = people.sign_in(email)
    access, identity = claims(people, tokens["AccessToken"]), claims(people, tokens["IdToken"])
    assert access["sub"] == identity["sub"] == subject
    assert (access["token_use"], identity["token_use"]) == ("access", "id")
    assert access["client_id"] == identity["aud"] == people.client
    assert access["exp"] - access["iat"] == 3600
    assert access["username"] == subject
    assert access["cognito:groups"] == ["operators"]
    assert identity["custom:role"] == "STUDENT"
    assert identity["email"] == email


def test_a_refreshed_token_belongs_to_its_sign_in(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.register(email)
    tokens = people.sign_in(email)
    first = claims(people, tokens["AccessToken"])
    second = claims(people, people.refresh(tokens["RefreshToken"])["AccessToken"])
    other = claims(people, people.sign_in(email)["AccessToken"])
    assert first["origin_jti"] == second["origin_jti"] != other["origin_jti"]
    assert first["jti"] != second["jti"]


def test_a_revoked_refresh_token_is_dead_also_after_a_crash(
    embedded_crashing_cloud: Any, embedded_pool_of: Callable[[Any], Any], email: str
) -> None:
    people = embedded_pool_of(embedded_crashing_cloud)
    people.register(email)
    left, kept = people.sign_in(email), people.sign_in(email)
    people.cognito.revoke_token(Token=left["RefreshToken"], ClientId=people.client)
    embedded_crashing_cloud.crash()
    with refused("NotAuthorizedException"):
        people.refresh(left["RefreshToken"])
    with refused("NotAuthorizedException"):
        people.cognito.get_user(AccessToken=left["AccessToken"])
    renewed = people.refresh(kept["RefreshToken"])["AccessToken"]
    assert claims(people, renewed)["origin_jti"] == claims(people, kept["AccessToken"])["origin_jti"]


def test_a_forged_refresh_token_opens_nothing(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.register(email)
    genuine = people.sign_in(email)["RefreshToken"]
    head, body = jwt.get_unverified_header(genuine), jwt.decode(genuine, options={"verify_signature": False})
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for token in (jwt.encode(body, stranger, "RS256", headers={"kid": head["kid"]}), genuine[:-8] + "AAAAAAAA"):
        with refused("NotAuthorizedException"):
            people.refresh(token)


def test_attributes_and_groups_survive_a_crash(
    embedded_crashing_cloud: Any, embedded_pool_of: Callable[[Any], Any], email: str
) -> None:
    people = embedded_pool_of(embedded_crashing_cloud)
    people.register(email)
    people.cognito.create_group(GroupName="operators", UserPoolId=people.pool)
    people.cognito.admin_add_user_to_group(UserPoolId=people.pool, Username=email, GroupName="operators")
    people.cognito.admin_update_user_attributes(
        UserPoolId=people.pool, Username=email, UserAttributes=[{"Name": "locale", "Value": "en"}]
    )
    gone = f"gone-{email}"
    people.register(gone)
    people.cognito.admin_delete_user(UserPoolId=people.pool, Username=gone)
    embedded_crashing_cloud.crash()

    token = people.sign_in(email)["AccessToken"]
    mine = {entry["Name"]: entry["Value"] for entry in people.cognito.get_user(AccessToken=token)["UserAttributes"]}
    theirs = people.cognito.admin_get_user(UserPoolId=people.pool, Username=email)["UserAttributes"]
    assert mine == {entry["Name"]: entry["Value"] for entry in theirs}
    assert (mine["custom:role"], mine["name"], mine["locale"]) == ("STUDENT", "김민지", "en")
    assert mine["email_verified"] == "true"
    assert claims(people, token)["cognito:groups"] == ["operators"]
    with refused("UserNotFoundException"):
        people.cognito.admin_get_user(UserPoolId=people.pool, Username=gone)


def test_no_password_can_be_read_on_the_disk(embedded_people: Any, email: str) -> None:
    people = embedded_people
    people.register(email)
    directory = people.cloud.process.directory
    written = b"".join(path.read_bytes() for path in directory.glob("journal.db*"))
    assert email.encode() in written
    assert people.password.encode() not in written
    assert base64.b64encode(people.password.encode()) not in written


def test_who_is_looked_for_while_another_signs_up_is_found() -> None:
    pool: dict[str, Any] = {"_users": {"one": {"Username": "one"}, "two": {"Username": "two"}}}

    def resolve(pool: dict[str, Any], username: str) -> Any:
        for number, user in enumerate(pool["_users"].values()):
            signed_up["_users"][f"new-{number}"] = {"Username": "new"}
            if user["Username"] == username:
                return user
        return None

    signed_up = pool
    assert hook_resolve(resolve)(pool, "two") is pool["_users"]["two"]
    with pytest.raises(RuntimeError):
        resolve(pool, "three")
