"""Students in the table, as practice knows them: their account, and the tutors whom they let see results."""

from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.table import Table
from shared.adapters.dynamodb.tutoring import DynamoTutoring
from shared.domains.accounts.models import DEFAULT_TIME_ZONE
from shared.domains.practice.models import Learner


class DynamoLearners:
    """The port Learners."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._accounts, self._tutoring = DynamoAccounts(table), DynamoTutoring(table)

    def learner(self, user_id: str) -> Learner:
        """Return a student as the account stands; one whose account is gone has the platform's defaults."""
        account = self._accounts.get(user_id)
        if account is None:
            return Learner(user_id=user_id, email="", time_zone=DEFAULT_TIME_ZONE)
        return Learner(
            user_id=user_id,
            email=account.email,
            language=account.language or "en",
            time_zone=account.time_zone,
            level=account.level,
            keep_recordings=account.keep_recordings,
            share_results=account.share_results,
            share_recordings=account.share_recordings,
        )

    def watching(self, learner: Learner) -> list[str]:
        """Return the userIds of the tutors who may see this student's results as they come."""
        if not learner.share_results:
            return []
        return [relation.tutor_id for relation in self._tutoring.tutors_of(learner.user_id)]
