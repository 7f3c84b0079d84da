"""The buckets of this very endpoint, over its own wire: what is written is as durable as what a client writes."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from embedded.aws.s3_client import endpoint_of, s3_client

LARGEST_BYTES = 64 * 1024 * 1024


class BucketRefused(Exception):
    """There is no such bucket or object, or it cannot be written."""


class Bucket:
    """Objects by bucket and key. Its threads are its own: the endpoint's answer to them must not wait for them."""

    def __init__(self, port: int) -> None:
        """Use the endpoint on a port of loopback, later: it does not answer yet."""
        self._port = port
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="transcribe-bucket")
        self._lock = threading.Lock()
        self._client: Any = None

    @classmethod
    def of_this_endpoint(cls) -> Self:
        """Return the buckets of the endpoint that this process is, by the port that ministack is told too."""
        return cls(int(os.environ["GATEWAY_PORT"]))

    def address(self, bucket: str, key: str) -> str:
        """Return where an object is."""
        return f"{endpoint_of(self._port)}/{bucket}/{key}"

    async def has(self, bucket: str, key: str) -> bool:
        """Tell whether there is such an object, and whether it is small enough."""
        try:
            head = await self._call("head_object", Bucket=bucket, Key=key)
        except BucketRefused:
            return False
        return int(head["ContentLength"]) <= LARGEST_BYTES

    async def read(self, bucket: str, key: str) -> bytes:
        """Return an object. Raises BucketRefused."""
        content: bytes = await self._call("get_object", Bucket=bucket, Key=key)
        return content

    async def write(self, bucket: str, key: str, content: bytes) -> None:
        """Store an object of JSON; it is there when this returns. Raises BucketRefused."""
        await self._call("put_object", Bucket=bucket, Key=key, Body=content, ContentType="application/json")

    async def _call(self, operation: str, **asked: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(self._ask, operation, asked))

    def _ask(self, operation: str, asked: dict[str, Any]) -> Any:
        with self._lock:
            self._client = self._client or s3_client(self._port)
        try:
            answer = getattr(self._client, operation)(**asked)
            return answer["Body"].read() if operation == "get_object" else answer
        except (ClientError, BotoCoreError) as problem:
            raise BucketRefused(str(problem)) from problem
