"""Taking one's things along, and leaving for good."""

from shared.domains.accounts.contract import EraseAccount, EraseOwnAccount, ExportAccount
from shared.domains.accounts.errors import WrongCredentials, WrongPassword
from shared.domains.accounts.models import PASSWORDS, Origin
from shared.domains.accounts.ports import AccountReader, Archives, IdentityProvider, Mailer, PersonalData
from shared.domains.accounts.rules.desk import Desk
from shared.domains.accounts.rules.ending import end_all_sign_ins
from shared.kernel.errors import DomainError
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock, JobTracker
from shared.kernel.principal import Principal

log = get_log()

EXPORT, ERASURE = "export", "erasure"
RECEIPT_SECONDS = 5.0
"""How long the receipt can be read before the account itself, and the sign-in that reads it, go."""
KEPT = {
    "messages": "Words said in rooms stay readable for the others, as those of a former member.",
    "voices": "Spoken texts carry no name; they go after 7 days.",
    "tickets": "Used tickets of rooms name the userId alone, and go within two days.",
    "logs": "Log lines name the userId, and go after 30 days.",
    "pushes": "What was on its way to others, and may name you, is forgotten within a day.",
    "erasure": "The userId alone is kept for 15 days: what still waits on a queue is removed by it when it arrives.",
    "feedback": "Feedback that was given to students stays theirs, without the tutor's e-mail.",
}


def ask_for_export(principal: Principal, *, job_id: str, tracker: JobTracker, desk: Desk) -> None:
    """Have everything of the caller gathered; the job's result has the address of the archive."""
    tracker.record(job_id, EXPORT, principal.user_id)
    desk.jobs.enqueue(ExportAccount(job_id=job_id, user_id=principal.user_id))


def export_account(job: ExportAccount, *, data: PersonalData, archives: Archives, tracker: JobTracker) -> None:
    """Gather, store, and tell the person where; the address is good for one hour, the archive for a day."""
    tracker.progress(job.job_id)
    address = archives.keep(job.user_id, job.job_id, data.gather(job.user_id))
    tracker.complete(job.job_id, {"archiveUrl": address})


def ask_for_erasure(
    command: EraseOwnAccount, principal: Principal, origin: Origin, *, job_id: str, tracker: JobTracker, desk: Desk
) -> None:
    """Have the caller removed everywhere; nobody signs in as them from now on, and their other sign-ins end at once.

    Raises:
        WrongPassword: the password is wrong.
        RateLimited: too many wrong ones came before.
    """
    desk.guessing.admit(PASSWORDS, principal.email, origin)
    try:
        proof = desk.identities.sign_in(principal.email, command.password)
    except WrongCredentials as problem:
        desk.guessing.failed(PASSWORDS, principal.email, origin)
        raise WrongPassword from problem
    if proof.refresh_token is not None:
        desk.identities.revoke(proof.refresh_token)
    tracker.record(job_id, ERASURE, principal.user_id)
    desk.jobs.enqueue(EraseAccount(job_id=job_id, user_id=principal.user_id))
    end_all_sign_ins(principal.user_id, desk, keep=principal.session_id)


def erase_account(
    job: EraseAccount,
    *,
    accounts: AccountReader,
    data: PersonalData,
    identities: IdentityProvider,
    mailer: Mailer,
    tracker: JobTracker,
    clock: Clock,
) -> None:
    """Remove a person; the receipt says what was removed, and what is kept and why.

    The account itself goes last, so that a run that was broken off finds the person again.
    """
    account = accounts.get(job.user_id)
    email = account.email if account is not None else ""
    tracker.progress(job.job_id)
    removed = data.erase(job.user_id)
    identities.delete(job.user_id)
    tracker.complete(job.job_id, {"removed": removed, "kept": KEPT})
    if email:
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(removed.items())) or "nothing but the account"
        mailer.send(email, "Your account was removed", f"Removed: {said}. " + " ".join(KEPT.values()))
    clock.sleep(RECEIPT_SECONDS)
    data.erase(job.user_id)  # what was on its way when the first look was taken
    data.erase_account(job.user_id, email)


def sweep_erasures(*, data: PersonalData) -> int:
    """Remove what arrived since of those who have left lately; return of how many there was something.

    One of whom something cannot be removed now is logged and left to the next sweep; it stops no other.
    """
    found = 0
    for user_id in data.erased_lately():
        try:
            found += bool(data.erase(user_id))
            data.erase_account(user_id, "")
        except DomainError as problem:
            log.warning("accounts.not_erased", userId=user_id, problem=problem.code)
    return found
