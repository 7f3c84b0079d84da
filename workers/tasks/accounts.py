"""Tasks of accounts."""

from shared.domains.accounts.contract import EraseAccount, ExportAccount, TellOwner
from shared.domains.accounts.rules import leaving, telling
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(TellOwner)
def tell_owner(job: TellOwner, context: WorkerContext) -> None:
    """Tell an owner what happened to the account."""
    telling.tell_owner(job, accounts=context.accounts, keep=context.keep_notification, mailer=context.mailer)


@handles(ExportAccount)
def export_account(job: ExportAccount, context: WorkerContext) -> None:
    """Gather everything of a person."""
    leaving.export_account(job, data=context.personal_data, archives=context.archives, tracker=context.job_tracker)


@handles(EraseAccount)
def erase_account(job: EraseAccount, context: WorkerContext) -> None:
    """Remove a person everywhere."""
    leaving.erase_account(
        job,
        accounts=context.accounts,
        data=context.personal_data,
        identities=context.identities,
        mailer=context.mailer,
        tracker=context.job_tracker,
        clock=context.clock,
    )
