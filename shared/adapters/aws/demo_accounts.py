"""Accounts to try the product with, in a user pool that nobody else uses."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.adapters.aws.resources.user_pool import OPERATORS, ROLE_ATTRIBUTE

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

EXISTS = "UsernameExistsException"


@dataclass(frozen=True)
class DemoAccount:
    """A person to sign in as; the password is no secret."""

    email: str
    name: str
    role: str
    password: str = "Practice-2024!"
    groups: list[str] = field(default_factory=list)


DEMO_ACCOUNTS = (
    DemoAccount("student@example.com", "Student Kim", "student"),
    DemoAccount("tutor@example.com", "Tutor Park", "tutor"),
    DemoAccount("operator@example.com", "Operator Lee", "tutor", groups=[OPERATORS]),
)


@translated()
def create_demo_accounts(cognito: "CognitoIdentityProviderClient", pool_id: str) -> None:
    """Make the accounts, confirmed, with their passwords and groups; repetition sets the passwords again.

    Raises:
        Unavailable: Cognito did not answer; beginning again is safe.
    """
    for account in DEMO_ACCOUNTS:
        create_account(cognito, pool_id, account)


def create_account(cognito: "CognitoIdentityProviderClient", pool_id: str, account: DemoAccount) -> None:
    """Make an account, confirmed, with its password and groups; repetition sets the password again.

    Raises:
        ClientError: Cognito refused; beginning again is safe.
    """
    _create(cognito, pool_id, account)
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=account.email, Password=account.password, Permanent=True
    )
    for group in account.groups:
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=account.email, GroupName=group)


def _create(cognito: "CognitoIdentityProviderClient", pool_id: str, account: DemoAccount) -> None:
    named = {"email": account.email, "email_verified": "true", "name": account.name, ROLE_ATTRIBUTE: account.role}
    attributes: Any = [{"Name": name, "Value": value} for name, value in named.items()]
    try:
        cognito.admin_create_user(
            UserPoolId=pool_id, Username=account.email, UserAttributes=attributes, MessageAction="SUPPRESS"
        )
    except ClientError as error:
        if error_code(error) != EXISTS:
            raise
