"""Cognito made durable: a user is a row, so that a sign-in costs one user and not all of them."""

import json
import math
import threading
import time
from collections.abc import Iterable
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cognito

from embedded.aws.encoding import decode, encode
from embedded.aws.journal import Journal
from embedded.aws.passwords import seal, unseal

User = dict[str, Any]
Pool = dict[str, Any]

_USER = "user"
_REVOKED = "revoked"
_SELECT = "SELECT name, content FROM record WHERE kind = ?"

# What Cognito keeps beside pools and users; short-lived or rare, hence saved whole.
_DEFINITIONS = (
    "pool_domain_map",
    "identity_pools",
    "identity_tags",
    "authorization_codes",
    "refresh_tokens",
    "auth_codes",
    "challenge_sessions",
)


class UserJournal:
    """Journals users and revoked tokens. Safe to call from the threads that Cognito's handlers run in."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()

    def keep(self, pool: Pool, user: User) -> None:
        """Record one user, sealing a readable password first, or its end when the pool no longer has it."""
        name = f"{pool['Id']} {encode(user['Username'])}"
        # One at a time: what is encoded last must also be recorded last.
        with self._lock:
            if pool["_users"].get(user["Username"]) is not user:
                self._journal.forget(_USER, name)
                return
            seal(user)
            self._journal.keep(_USER, name, encode(user))

    def keep_all(self) -> None:
        """Record every user of every pool; for rare calls that may change any of them."""
        for pool in cognito._user_pools.all_values():
            for user in list(pool["_users"].values()):
                self.keep(pool, user)

    def revoked(self, token: str) -> None:
        """Record a token, or the identifier of a sign-in, that is refused from now on."""
        expires = cognito._token_claims(token).get("exp", math.inf) if "." in token else math.inf
        self._journal.keep(_REVOKED, encode(token), str(expires))

    def restore(self) -> None:
        """Put the users back into their pools and the revoked tokens into ministack's set."""
        pools = {pool["Id"]: pool for pool in cognito._user_pools.all_values()}
        for name, content in list(self._journal.read(_SELECT, (_USER,))):
            pool = pools.get(name.split(" ", 1)[0])
            if pool is None:
                self._journal.forget(_USER, name)
                continue
            user = decode(content)
            unseal(user)
            pool["_users"][user["Username"]] = user
            pool["EstimatedNumberOfUsers"] = len(pool["_users"])
        for name, expires in list(self._journal.read(_SELECT, (_REVOKED,))):
            if float(expires) > time.time():
                set.add(cognito._revoked_tokens, decode(name))
            else:
                self._journal.forget(_REVOKED, name)


class RevokedTokens(set[str]):
    """ministack's set of revoked tokens, which records each new one."""

    def __init__(self, journal: UserJournal) -> None:
        super().__init__()
        self._users = journal

    def add(self, token: str) -> None:
        """Add a token and record it."""
        super().add(token)
        self._users.revoked(token)

    def update(self, *groups: Iterable[str]) -> None:
        """Add tokens and record each."""
        for group in groups:
            for token in group:
                self.add(token)


class Touched:
    """The one user that a Cognito call may change, found from its arguments before and after the call."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        self._found = _find(request)

    def record(self, journal: UserJournal) -> None:
        """Record the users found: the one from before (perhaps deleted now) and the one from after."""
        for pool, user in (self._found, _find(self._request)):
            if pool is not None and user is not None:
                journal.keep(pool, user)


def pool_definitions() -> dict[str, Any]:
    """Return pools with clients and groups, without users and revoked tokens."""
    pools = AccountRegionScopedDict()
    for (account, region, name), pool in cognito._user_pools.all_items():
        pools.set_scoped(account, region, name, pool | {"_users": {}})
    return {"user_pools": pools} | {name: getattr(cognito, f"_{name}") for name in _DEFINITIONS}


def _find(request: dict[str, Any]) -> tuple[Pool | None, User | None]:
    pool = _pool(request)
    if pool is None:
        return None, None
    name = request.get("Username") or _nested(request, "USERNAME") or _claims(request).get("username")
    return pool, cognito._resolve_user(pool, name)[0] if name else None


def _pool(request: dict[str, Any]) -> Pool | None:
    if "UserPoolId" in request:
        found = cognito._user_pools.get(request["UserPoolId"])
    elif "ClientId" in request:
        found = cognito._pool_for_client(request["ClientId"])[0]
    else:
        found = cognito._user_pools.get(str(_claims(request).get("iss", "")).rsplit("/", 1)[-1])
    pool: Pool | None = found
    return pool


def _nested(request: dict[str, Any], name: str) -> Any:
    for group in ("AuthParameters", "ChallengeResponses"):
        value = (request.get(group) or {}).get(name)
        if value:
            return value
    return None


def _claims(request: dict[str, Any]) -> dict[str, Any]:
    token = request.get("AccessToken")
    claims: dict[str, Any] = cognito._token_claims(token) if token else {}
    return claims


def error(code: str, message: str) -> tuple[int, dict[str, str], bytes]:
    """Return a refusal in Cognito's form."""
    body = json.dumps({"__type": code, "message": message}).encode()
    return 400, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body
