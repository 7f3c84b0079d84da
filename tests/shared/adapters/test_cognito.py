"""People at Amazon Cognito, on the embedded endpoint: what each refusal means, and tokens as they are."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.hooks import HierarchicalEmitter

from embedded.running import EmbeddedProcess, embedded_aws, endpoint_url
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.cognito import CognitoIdentities
from shared.adapters.aws.resources.user_pool import UserPool
from shared.adapters.aws.tokens import TokenVerifier
from shared.domains.accounts.errors import (
    EmailTaken,
    NotConfirmed,
    SignInEnded,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from shared.domains.accounts.models import Identity, Language, Role, Tokens
from shared.kernel.errors import Invalid, RateLimited, Unavailable
from shared.kernel.settings import read_settings

PASSWORD = "Str0ng!password"


class Pool:
    """A user pool of the production definition."""

    def __init__(self, process: EmbeddedProcess) -> None:
        self.process = process
        self.clients = AwsClients(read_settings(aws_endpoint_url=endpoint_url(process)))
        self.pool_id, self.client_id = UserPool(self.clients.cognito, "people").provision()
        self.identities = CognitoIdentities(self.clients.cognito, self.client_id, self.pool_id)
        keys = f"{endpoint_url(process)}/{self.pool_id}/.well-known/jwks.json"
        issuer = f"https://cognito-idp.ap-northeast-2.amazonaws.com/{self.pool_id}"
        self.tokens = TokenVerifier(keys, issuer, self.client_id)

    def code(self, email: str) -> str:
        lines = [json.loads(line) for line in (self.process.directory / "log.jsonl").read_text().splitlines()]
        return str(
            [line["code"] for line in lines if line["event"] == "verification_code" and line["email"] == email][-1]
        )

    def sign_up(self, email: str, **fields: Any) -> str:
        person = {
            "user_id": "",
            "email": email,
            "name": "민지",
            "role": Role.TUTOR,
            "language": Language.KOREAN,
        } | fields
        return self.identities.sign_up(Identity(**person), PASSWORD)

    def sign_in(self, email: str) -> Tokens:
        return self.identities.sign_in(email, PASSWORD)

    def register(self, email: str, **fields: Any) -> str:
        user_id = self.sign_up(email, **fields)
        self.identities.confirm(email, self.code(email))
        return user_id


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    process = embedded_aws(tmp_path_factory.mktemp("cognito") / "aws").start()
    made = Pool(process)
    yield made
    made.clients.cognito.close()
    process.kill()


@pytest.fixture
def email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def test_a_person_signs_up_proves_the_email_and_signs_in(pool: Pool, email: str) -> None:
    user_id = pool.sign_up(email)
    with pytest.raises(NotConfirmed):
        pool.sign_in(email)
    with pytest.raises(WrongCode):
        pool.identities.confirm(email, "no-code")
    pool.identities.confirm(email, pool.code(email))

    tokens = pool.sign_in(email)

    assert (tokens.expires_in, bool(tokens.refresh_token)) == (3600, True)
    who = pool.identities.identify(tokens.access_token)
    assert who == Identity(user_id=user_id, email=email, name="민지", role=Role.TUTOR, language=Language.KOREAN)


def test_who_chose_no_language_has_none(pool: Pool, email: str) -> None:
    pool.register(email, language=None)
    assert pool.identities.identify(pool.sign_in(email).access_token).language is None


def test_a_known_email_cannot_sign_up_again(pool: Pool, email: str) -> None:
    pool.register(email)
    with pytest.raises(EmailTaken):
        pool.sign_up(email)


def test_a_password_that_the_pool_refuses_is_weak(pool: Pool, email: str) -> None:
    with pytest.raises(WeakPassword):
        pool.identities.sign_up(Identity(user_id="", email=email, name="a", role=Role.STUDENT), "weak")


def test_an_unknown_person_is_told_what_a_wrong_password_is_told(pool: Pool, email: str) -> None:
    pool.register(email)
    for address in (email, "nobody@example.com"):
        with pytest.raises(WrongCredentials):
            pool.identities.sign_in(address, "Wr0ng!password")


def test_codes_are_sent_to_who_is_known_and_nothing_tells(pool: Pool, email: str) -> None:
    pool.sign_up(email)
    pool.identities.resend(email)
    pool.identities.resend("nobody@example.com")
    pool.identities.forgot("nobody@example.com")
    pool.identities.confirm(email, pool.code(email))
    pool.identities.resend(email)  # confirmed by now
    with pytest.raises(WrongCode):
        pool.identities.confirm(email, pool.code(email))


def test_a_password_is_reset_by_a_code_once(pool: Pool, email: str) -> None:
    pool.register(email)
    pool.identities.forgot(email)
    code = pool.code(email)
    with pytest.raises(WeakPassword):
        pool.identities.reset(email, code, "weak")
    pool.identities.reset(email, code, "N3w!password")
    for address, used in ((email, code), (email, "000000"), ("nobody@example.com", "000000")):
        with pytest.raises(WrongCode):
            pool.identities.reset(address, used, "Th1rd!password")
    assert pool.identities.sign_in(email, "N3w!password")


def test_a_refresh_keeps_the_sign_in_and_a_revoked_one_ends(pool: Pool, email: str) -> None:
    user_id = pool.register(email)
    tokens = pool.sign_in(email)
    assert tokens.refresh_token is not None
    first = pool.tokens.verify(tokens.access_token)
    renewed = pool.identities.refresh(tokens.refresh_token)
    second = pool.tokens.verify(renewed.access_token)
    other = pool.tokens.verify(pool.sign_in(email).access_token)
    assert first.user_id == second.user_id == user_id
    assert first.session_id == second.session_id != other.session_id
    assert renewed.refresh_token is None

    pool.identities.revoke(tokens.refresh_token)
    pool.identities.revoke(tokens.refresh_token)  # again
    pool.identities.revoke("never a token")

    for token in (tokens.refresh_token, "never a token"):
        with pytest.raises(SignInEnded):
            pool.identities.refresh(token)
    with pytest.raises(SignInEnded):
        pool.identities.identify("never a token")


def test_an_id_token_is_no_access_token(pool: Pool, email: str) -> None:
    pool.register(email)
    with pytest.raises(SignInEnded):
        pool.tokens.verify(pool.sign_in(email).id_token)


def test_groups_are_read_from_the_token(pool: Pool, email: str) -> None:
    pool.register(email)
    pool.clients.cognito.admin_add_user_to_group(UserPoolId=pool.pool_id, Username=email, GroupName="operators")
    assert pool.tokens.verify(pool.sign_in(email).access_token).groups == {"operators"}


class Refusing:
    """A client of AWS whose every call is refused with one code, or answered with one answer."""

    meta = SimpleNamespace(events=HierarchicalEmitter())

    def __init__(self, code: str = "", answer: Any = None) -> None:
        self._code, self._answer = code, answer

    def __getattr__(self, operation: str) -> Any:
        def call(**_arguments: Any) -> Any:
            if self._answer is not None:
                return self._answer
            code = "UserNotFoundException" if operation == "admin_get_user" else self._code
            error: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            raise ClientError(error, operation)

        return call


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("TooManyFailedAttemptsException", RateLimited),
        ("LimitExceededException", RateLimited),
        ("TooManyRequestsException", Unavailable),
        ("InternalErrorException", ClientError),
        ("InvalidParameterException", Invalid),
        ("ExpiredCodeException", WrongCode),
        ("PasswordHistoryPolicyViolationException", WeakPassword),
    ],
)
def test_what_else_cognito_may_say(code: str, meaning: type[Exception]) -> None:
    with pytest.raises(meaning):
        CognitoIdentities(Refusing(code), "client", "pool").reset("a@example.com", "1", PASSWORD)


def test_a_challenge_is_no_sign_in() -> None:
    identities = CognitoIdentities(Refusing(answer={"ChallengeName": "NEW_PASSWORD_REQUIRED"}), "client", "pool")
    with pytest.raises(WrongCredentials):
        identities.sign_in("a@example.com", PASSWORD)


def test_too_many_mails_are_not_told_of() -> None:
    CognitoIdentities(Refusing("LimitExceededException"), "client", "pool").forgot("a@example.com")
    with pytest.raises(Unavailable):
        CognitoIdentities(Refusing("TooManyRequestsException"), "client", "pool").forgot("a@example.com")


@pytest.mark.parametrize(
    ("attributes", "role", "language"),
    [
        ({"custom:role": "TUTOR", "locale": "ko-KR"}, Role.TUTOR, Language.KOREAN),
        ({"custom:role": "student", "locale": "en_US"}, Role.STUDENT, Language.ENGLISH),
        ({"custom:role": "king", "locale": "fr"}, Role.STUDENT, None),
        ({}, Role.STUDENT, None),
    ],
)
def test_attributes_that_others_wrote_are_read_leniently(
    attributes: dict[str, str], role: Role, language: Language | None
) -> None:
    known = {"sub": "1", "email": "Min@Example.com", "email_verified": "true"} | attributes
    answer = {"UserAttributes": [{"Name": name, "Value": value} for name, value in known.items()]}
    who = CognitoIdentities(Refusing(answer=answer), "client", "pool").identify("token")
    assert who == Identity(user_id="1", email="min@example.com", name="min", role=role, language=language)


def test_where_cognito_is_away_it_is_said_so(tmp_path: Path) -> None:
    clients = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(Unavailable):
        CognitoIdentities(clients.cognito, "client", "pool").forgot("a@example.com")
    clients.cognito.close()


@pytest.mark.parametrize(
    "attributes",
    [
        {"email": "min@example.com"},
        {"email": "min@example.com", "email_verified": "false"},
        {"email": "m\u0456n@example.com", "email_verified": "true"},
        {},
    ],
)
def test_an_email_that_is_not_proved_is_not_believed(attributes: dict[str, str]) -> None:
    answer = {"UserAttributes": [{"Name": name, "Value": value} for name, value in ({"sub": "1"} | attributes).items()]}
    assert not CognitoIdentities(Refusing(answer=answer), "client", "pool").identify("token").is_email_verified


def test_a_registration_takes_the_place_of_one_that_was_never_proved(pool: Pool, email: str) -> None:
    first = pool.sign_up(email, name="Thief")
    second = pool.sign_up(email, name="Owner")  # also what boto3 does after an answer that was lost
    assert first != second
    pool.identities.confirm(email, pool.code(email))
    who = pool.identities.find(email)
    assert who is not None
    assert (who.user_id, who.name, who.is_email_verified) == (second, "Owner", True)
    with pytest.raises(EmailTaken):
        pool.sign_up(email)
    assert pool.identities.find(first) is None


def test_forgot_and_reset_prove_an_address_that_never_was(pool: Pool, email: str) -> None:
    pool.sign_up(email)
    pool.identities.forgot(email)
    pool.identities.reset(email, pool.code(email), "N3w!password")
    with pytest.raises(WrongCredentials):
        pool.sign_in(email)
    assert pool.identities.sign_in(email, "N3w!password")


def test_a_password_is_changed_by_the_one_before(pool: Pool, email: str) -> None:
    pool.register(email)
    token = pool.sign_in(email).access_token
    with pytest.raises(WrongCredentials):
        pool.identities.change_password(token, "Wr0ng!password", "N3w!password")
    pool.identities.change_password(token, PASSWORD, "N3w!password")
    assert pool.identities.sign_in(email, "N3w!password")


def test_what_the_pool_ends_has_ended(pool: Pool, email: str) -> None:
    user_id = pool.register(email)
    tokens = pool.sign_in(email)
    pool.identities.end_all(user_id)
    with pytest.raises(SignInEnded):
        pool.identities.refresh(str(tokens.refresh_token))
    with pytest.raises(SignInEnded):
        pool.identities.identify(tokens.access_token)

    pool.identities.lock(user_id)
    with pytest.raises(WrongCredentials):
        pool.sign_in(email)
    pool.identities.unlock(user_id)
    token = pool.sign_in(email).access_token
    pool.identities.delete(user_id)
    for gone in (pool.identities.delete, pool.identities.lock, pool.identities.unlock, pool.identities.end_all):
        gone(user_id)
    with pytest.raises(SignInEnded):
        pool.identities.identify(token)


def test_refreshed_tokens_keep_when_one_signed_in(pool: Pool, email: str) -> None:
    pool.register(email)
    tokens = pool.sign_in(email)
    began = pool.tokens.verify(tokens.access_token).signed_in_at
    renewed = pool.identities.refresh(str(tokens.refresh_token))
    assert pool.tokens.verify(renewed.access_token).signed_in_at == began > 0
