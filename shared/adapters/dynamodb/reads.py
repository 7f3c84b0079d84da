"""Single items of the table, read together where many are asked for at the same time."""

import copy
from collections import Counter
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import translated
from shared.adapters.dynamodb.items import decode
from shared.adapters.dynamodb.patience import parts, primary_key, until_done
from shared.adapters.grouping import Grouping
from shared.kernel.errors import Unavailable

Item = dict[str, Any]
Place = tuple[str, str]
BATCH_GET_LIMIT = 100
READS_AT_ONCE = 4
"""Calls for single items that are under way before others wait to be read together."""


class Reads:
    """Strongly consistent reads: while four calls are on their way, further reads wait and leave together.

    A call costs this process some half a millisecond of CPU (botocore), whether it brings one item or a hundred: that
    is what a thousand who reconnect at once are made of.
    """

    def __init__(self, client: Any, name: str) -> None:
        """Use a boto3 DynamoDB client, which is thread-safe, and a table's name."""
        self._client, self._name = client, name
        self._grouping: Grouping[Place, Item | None] = Grouping(
            self._get_together, most=BATCH_GET_LIMIT, at_once=READS_AT_ONCE
        )

    def get(self, place: Place) -> Item | None:
        """Return the item of a partition key and a sort key, or None."""
        return self._grouping.ask(place)

    def glance(self, place: Place) -> Item | None:
        """Return an item as it stood a moment ago perhaps, waiting for nobody else's reads."""
        return self._get_one(place, consistent=False)

    def batch(self, places: list[Place]) -> list[Item]:
        """Return those of the items that exist, in no order; what was throttled is asked for again."""
        found: list[Item] = []

        def ask(request: dict[str, Any]) -> Any:
            answer = self._client.batch_get_item(RequestItems=request)
            found.extend(decode(item) for item in answer["Responses"].get(self._name, []))
            return answer.get("UnprocessedKeys")

        for part in parts(list(dict.fromkeys(places)), BATCH_GET_LIMIT):
            until_done(ask, {self._name: {"Keys": [primary_key(*place) for place in part], "ConsistentRead": True}})
        return found

    def _get_one(self, place: Place, *, consistent: bool) -> Item | None:
        with translated():
            found = self._client.get_item(TableName=self._name, Key=primary_key(*place), ConsistentRead=consistent)
        return decode(found["Item"]) if "Item" in found else None

    def _get_together(self, places: list[Place]) -> list[Item | Exception | None]:
        if len(places) > 1:
            try:
                found = {(item["PK"], item["SK"]): item for item in self.batch(places)}
            except Unavailable as problem:
                return [problem for _ in places]
            except ClientError:
                # One of the keys is refused: each caller hears of its own.
                return [self._outcome(place) for place in places]
            asked = Counter(places)  # who shares an item gets a copy: any of them may change it
            return [copy.deepcopy(found.get(one)) if asked[one] > 1 else found.get(one) for one in places]
        return [self._outcome(place) for place in places]

    def _outcome(self, place: Place) -> Item | Exception | None:
        try:
            return self._get_one(place, consistent=True)
        except Exception as problem:  # raised where the read was asked for
            return problem
