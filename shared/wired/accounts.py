"""Which adapter serves which port of accounts."""

from functools import cached_property, partial

from shared.adapters.aws.cognito import CognitoIdentities
from shared.adapters.aws.mailer import LoggedMailer, SesMailer
from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.aws.tokens import TokenVerifier
from shared.adapters.bcrypt_passwords import BcryptPasswords
from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.notifications import DynamoNotifications
from shared.adapters.dynamodb.personal_data import DynamoPersonalData
from shared.adapters.dynamodb.personal_letters import PersonalLetters
from shared.adapters.dynamodb.registrations import DynamoRegistrations
from shared.adapters.dynamodb.sign_ins import DynamoSignIns
from shared.adapters.guessing import CountedGuessing, RedisCounters
from shared.adapters.personal_moments import PersonalMoments
from shared.adapters.personal_places import PersonalPlaces, S3Archives
from shared.adapters.revocations import TableRevocations
from shared.domains.accounts.ports import Keep, Mailer
from shared.domains.accounts.rules.desk import Desk
from shared.domains.notifications.service import keep
from shared.kernel.payloads import LETTERS_PREFIX
from shared.wired.base import Base


class AccountsParts(Base):
    """What every process has of accounts."""

    @cached_property
    def accounts(self) -> DynamoAccounts:
        """Return accounts."""
        return DynamoAccounts(self.table)

    @cached_property
    def sign_ins(self) -> DynamoSignIns:
        """Return sign-ins."""
        return DynamoSignIns(self.table, self.clock)

    @cached_property
    def identities(self) -> CognitoIdentities:
        """Return who people are."""
        settings = self.settings
        once = self.aws.client("cognito-idp", repeats=False)
        return CognitoIdentities(self.aws.cognito, settings.cognito_client_id, settings.cognito_user_pool_id, once=once)

    @cached_property
    def revocations(self) -> TableRevocations:
        """Return the sign-ins that ended."""
        return TableRevocations(self.table, self.redis)


class AccountsInWorkers(AccountsParts):
    """What tasks have of accounts."""

    @cached_property
    def mailer(self) -> Mailer:
        """Return what sends e-mail."""
        sender = self.settings.mail_sender
        return SesMailer(self.aws.client("ses"), sender) if sender else LoggedMailer()

    @property
    def personal_data(self) -> DynamoPersonalData:
        """Return everything that is kept of people; one for each job, since it notes what it finds."""
        s3, bucket = self.aws.s3, self.settings.chat_bucket_name
        letters = PersonalLetters(self.table, S3Payloads(s3, bucket, prefix=LETTERS_PREFIX))
        return DynamoPersonalData(self.table, PersonalPlaces(s3, bucket), PersonalMoments(self.redis), letters)

    @cached_property
    def archives(self) -> S3Archives:
        """Return archives that people fetch."""
        return S3Archives(self.aws.s3, self.settings.chat_bucket_name)

    @cached_property
    def keep_notification(self) -> Keep:
        """Return what keeps a notification and shows it."""
        store = DynamoNotifications(self.table)
        return partial(keep, notifications=store, events=self.events, jobs=self.jobs)


class AccountsInGateways(AccountsParts):
    """What the gateway has of accounts."""

    @cached_property
    def tokens(self) -> TokenVerifier:
        """Return the verifier of access tokens."""
        return TokenVerifier(self.settings.keys_address, self.settings.issuer, self.settings.cognito_client_id)

    @cached_property
    def guessing(self) -> CountedGuessing:
        """Return the bound on guessing passwords and codes."""
        return CountedGuessing(RedisCounters(self.redis))

    @cached_property
    def registrations(self) -> DynamoRegistrations:
        """Return registrations that wait to be proved; their hash costs 50 ms, for a day at most."""
        return DynamoRegistrations(self.table, BcryptPasswords(rounds=10), self.clock)

    @cached_property
    def account_desk(self) -> Desk:
        """Return what signing in and out rests on."""
        return Desk(
            identities=self.identities,
            tokens=self.tokens,
            registrations=self.registrations,
            accounts=self.accounts,
            sign_ins=self.sign_ins,
            revocations=self.revocations,
            guessing=self.guessing,
            events=self.events,
            jobs=self.jobs,
            clock=self.clock,
        )
