"""Which adapter serves which port of graphs."""

from functools import cached_property

from shared.adapters.aws.graph_objects import S3GraphObjects
from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.graphs import DynamoGraphs
from shared.adapters.graph_processes.drawing import ProcessMapMaker
from shared.adapters.graph_processes.searching import ProcessMeaningSearch
from shared.adapters.own_talk import AccountLevels, CorrectedPhrases, NotebookPhrases, StoredTalk
from shared.domains.graphs.rules.workshop import Workshop
from shared.wired.base import Base
from shared.wired.conversations import ConversationsInWorkers
from shared.wired.messages import MessagesParts
from shared.wired.practice import PracticeParts
from shared.wired.rooms import RoomsParts


class GraphsParts(Base):
    """What every process has of graphs."""

    @cached_property
    def graphs(self) -> DynamoGraphs:
        """Return graphs."""
        return DynamoGraphs(self.table)

    @cached_property
    def graph_objects(self) -> S3GraphObjects:
        """Return their objects in the bucket."""
        return S3GraphObjects(self.aws.s3, self.settings.chat_bucket_name)


class GraphsInWorkers(ConversationsInWorkers, PracticeParts, RoomsParts, MessagesParts, GraphsParts):
    """What tasks have of graphs."""

    @cached_property
    def workshop(self) -> Workshop:
        """Return what drawing maps rests on; the engine itself runs in processes of its own."""
        return Workshop(
            store=self.graphs,
            objects=self.graph_objects,
            maker=ProcessMapMaker(memory_megabytes=self.settings.graph_memory_megabytes),
            search=ProcessMeaningSearch(),
            talk=StoredTalk(self.conversations, self.rooms, self.messages),
            phrases=(CorrectedPhrases(self.conversations), NotebookPhrases(self.notebook)),
            learner=AccountLevels(DynamoAccounts(self.table)),
            namer=self.partner if self.settings.graph_names == "bedrock" else None,
            tracker=self.job_tracker,
            jobs=self.jobs,
            events=self.events,
            clock=self.clock,
        )
