"""A flood on the bus, in a process of its own: `python -m bench.realtime_flood REDIS_URL SECONDS TOPIC USER`.

It publishes as fast as Redis takes it, to a topic that gateways listen to, pushes that concern nobody: what is
measured is whether reading them starves everything else. It prints how many a second it published.
"""

import sys
import time

import redis

from shared.kernel.wire import pack_push

_GROUP = 500


def main() -> None:
    """Publish for so many seconds."""
    address, seconds, topic, user = sys.argv[1:]
    parcel = pack_push(b'{"type":"typing","text":"' + b"x" * 150 + b'"}', user)
    published, began = 0, time.monotonic()
    with redis.Redis.from_url(address) as client:
        while (spent := time.monotonic() - began) < float(seconds):
            pipeline = client.pipeline(transaction=False)
            for _ in range(_GROUP):
                pipeline.publish(topic, parcel)
            pipeline.execute()
            published += _GROUP
    print(round(published / spent))


if __name__ == "__main__":
    main()
