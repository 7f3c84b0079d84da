"""Tasks of accounts."""

from shared.domains.accounts.contract import TellOwner
from shared.domains.accounts.rules import telling
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(TellOwner)
def tell_owner(job: TellOwner, context: WorkerContext) -> None:
    """Tell an owner what happened to the account."""
    telling.tell_owner(job, accounts=context.accounts, keep=context.keep_notification, mailer=context.mailer)
