"""The user pool at Cognito: passwords, the app client that signs people in, the operators' group."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

OPERATORS = "operators"
ROLE_ATTRIBUTE = "custom:role"
MISSING = "ResourceNotFoundException"
PAGE: Any = {"PageSize": 60}

PASSWORD_POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
}
ROLE_SCHEMA = {
    "Name": "role",
    "AttributeDataType": "String",
    # fixed at sign-up: with their own access token people may write any attribute that can be changed
    "Mutable": False,
    "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "20"},
}
CHANGEABLE = {
    "AutoVerifiedAttributes": ["email"],
    # an e-mail that somebody gives themselves at Cognito counts when its owner has proved it, and not before
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
}
FIXED = {"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}}
"""What Cognito lets nobody change after a pool is made."""

CLIENT = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "AccessTokenValidity": 1,
    "IdTokenValidity": 1,
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"},
    "PreventUserExistenceErrors": "ENABLED",
    "EnableTokenRevocation": True,
    # what people may write with their own token; the role only while they sign up, since it is immutable
    "WriteAttributes": [ROLE_ATTRIBUTE, "email", "locale", "name"],
}


class UserPool:
    """The pool, its app client and its group; repetition changes nothing, and no account is ever touched."""

    def __init__(
        self, cognito: "CognitoIdentityProviderClient", name: str, pool_id: str = "", client_id: str = ""
    ) -> None:
        """Keep what is wanted; known ids are used as they are, else pool and client are found by their name."""
        self._cognito, self._name, self._pool_id, self._client_id = cognito, name, pool_id, client_id

    def differences(self) -> list[str]:
        """Say what is missing or another than it must be."""
        pool_id = self._find_pool()
        if pool_id is None:
            return [f"User pool {self._name} does not exist; `speaktracker provision` makes it."]
        pool = self._pool(pool_id)
        said = [
            f"User pool {self._name}: {what} cannot be changed; make a new pool under another name."
            for what in _differing(FIXED, pool)
        ]
        wrong = [*_differing(CHANGEABLE, pool)]
        wrong += [] if _has_password_policy(pool) else ["the password policy"]
        wrong += [] if _has_role(pool) else [f"the attribute {ROLE_ATTRIBUTE}"]
        wrong += [] if self._has_group(pool_id) else [f"the group {OPERATORS}"]
        wrong += self._client_differences(pool_id)
        return said + [
            f"User pool {self._name}: {what} is not as it must be; `speaktracker provision` mends it." for what in wrong
        ]

    def provision(self) -> tuple[str, str]:
        """Make what is missing, set what differs, and return the ids of the pool and of the app client."""
        pool_id = self._find_pool() or self._create_pool()
        pool = self._pool(pool_id)
        if _differing(CHANGEABLE, pool) or not _has_password_policy(pool):
            self._update_pool(pool_id)
        if not _has_role(pool):
            role: Any = ROLE_SCHEMA
            self._cognito.add_custom_attributes(UserPoolId=pool_id, CustomAttributes=[role])
        if not self._has_group(pool_id):
            self._cognito.create_group(UserPoolId=pool_id, GroupName=OPERATORS)
        return pool_id, self._provision_client(pool_id)

    def _find_pool(self) -> str | None:
        if self._pool_id:
            return self._pool_id
        pages = self._cognito.get_paginator("list_user_pools").paginate(PaginationConfig=PAGE)
        named = (pool["Id"] for page in pages for pool in page["UserPools"] if pool["Name"] == self._name)
        return next(named, None)

    def _pool(self, pool_id: str) -> Any:
        return self._cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]

    def _create_pool(self) -> str:
        wanted: Any = {**FIXED, **CHANGEABLE, "Schema": [ROLE_SCHEMA], "Policies": {"PasswordPolicy": PASSWORD_POLICY}}
        return self._cognito.create_user_pool(PoolName=self._name, **wanted)["UserPool"]["Id"]

    def _update_pool(self, pool_id: str) -> None:
        wanted: Any = {**CHANGEABLE, "Policies": {"PasswordPolicy": PASSWORD_POLICY}}
        self._cognito.update_user_pool(UserPoolId=pool_id, **wanted)

    def _has_group(self, pool_id: str) -> bool:
        try:
            self._cognito.get_group(UserPoolId=pool_id, GroupName=OPERATORS)
        except ClientError as error:
            if error_code(error) == MISSING:
                return False
            raise
        return True

    def _find_client(self, pool_id: str) -> str | None:
        if self._client_id:
            return self._client_id
        pages = self._cognito.get_paginator("list_user_pool_clients").paginate(
            UserPoolId=pool_id, PaginationConfig=PAGE
        )
        clients = (client for page in pages for client in page["UserPoolClients"])
        return next((client["ClientId"] for client in clients if client["ClientName"] == self._name), None)

    def _client_differences(self, pool_id: str) -> list[str]:
        client_id = self._find_client(pool_id)
        if client_id is None:
            return [f"the app client {self._name}"]
        found = self._cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
        return [f"{part} of the app client" for part in _differing(CLIENT, found)]

    def _provision_client(self, pool_id: str) -> str:
        wanted: Any = CLIENT
        client_id = self._find_client(pool_id)
        if client_id is None:
            made = self._cognito.create_user_pool_client(
                UserPoolId=pool_id, ClientName=self._name, GenerateSecret=False, **wanted
            )
            return made["UserPoolClient"]["ClientId"]
        if self._client_differences(pool_id):
            self._cognito.update_user_pool_client(
                UserPoolId=pool_id, ClientId=client_id, ClientName=self._name, **wanted
            )
        return client_id


def _differing(wanted: dict[str, Any], found: Any) -> list[str]:
    return [name for name, value in wanted.items() if _ordered(found.get(name)) != _ordered(value)]


def _ordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _has_password_policy(pool: Any) -> bool:
    found = pool.get("Policies", {}).get("PasswordPolicy", {})
    return all(found.get(name) == value for name, value in PASSWORD_POLICY.items())


def _has_role(pool: Any) -> bool:
    return any(attribute["Name"] == ROLE_ATTRIBUTE for attribute in pool.get("SchemaAttributes", []))
