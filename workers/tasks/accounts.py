"""Tasks of accounts."""

from shared.domains.accounts.contract import EraseAccount, ExportAccount, SweepErasures, TellOfRecordings, TellOwner
from shared.domains.accounts.rules import leaving, telling
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(TellOwner)
def tell_owner(job: TellOwner, context: WorkerContext) -> None:
    """Tell an owner what happened to the account."""
    telling.tell_owner(job, accounts=context.accounts, keep=context.keep_notification, mailer=context.mailer)


@handles(TellOfRecordings)
def tell_of_recordings(job: TellOfRecordings, context: WorkerContext) -> None:
    """Tell a student what becomes of recordings."""
    telling.tell_of_recordings(job, accounts=context.accounts, keep=context.keep_notification)


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


@handles(SweepErasures)
def sweep_erasures(job: SweepErasures, context: WorkerContext) -> None:
    """Remove what arrived after its person was removed."""
    leaving.sweep_erasures(data=context.personal_data)
