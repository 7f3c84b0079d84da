import subprocess
import sys

from embedded.running import EmbeddedProcess

IN_GATEWAY = """
from gevent import monkey; monkey.patch_all()
import sys
import gevent
from gevent.event import Event
from shared.adapters.grouping import Grouping
from shared.adapters.redis_grouped import GroupedRedis, connect

class Slow:
    def __init__(self, client):
        self.client, self.gate, self.trips = client, Event(), []
        self.gate.set()

    def pipeline(self, transaction):
        pipeline = self.client.pipeline(transaction=transaction)
        execute = pipeline.execute

        def slowly(raise_on_error):
            self.trips.append(len(pipeline.command_stack))
            self.gate.wait()
            return execute(raise_on_error=raise_on_error)

        pipeline.execute = slowly
        return pipeline

client = Slow(connect(sys.argv[1]))
grouped = GroupedRedis(client)

def ask(*numbers):
    return [gevent.spawn(grouped.call, "ECHO", number) for number in range(*numbers)]

def replies(greenlets):
    gevent.joinall(greenlets, timeout=60, raise_error=True)
    return [one.value for one in greenlets]

expected = [b"%d" % number for number in range(50)]
assert replies(ask(50)) == expected and client.trips == [50], client.trips

# Killed while it gathers a group.
asked = ask(1)
gevent.get_hub().loop.run_callback(asked[0].throw, gevent.GreenletExit)
asked += ask(1, 50)
gevent.joinall(asked, timeout=60)
assert [one.value for one in asked[1:]] == expected[1:]

# Killed on its way, while waiting, and several of them.
for killed in ([0], [3], [0, 1, 2]):
    client.gate.clear()
    asked = ask(1)
    gevent.idle()
    asked += ask(1, 50)
    gevent.idle()
    for number in killed:
        asked[number].kill(block=False)
    client.gate.set()
    gevent.joinall(asked, timeout=60)
    assert all(one.ready() for one in asked), killed
    assert all(one.value == expected[n] for n, one in enumerate(asked) if n not in killed), killed
class Cruel(Grouping):
    victims = []

    def _choose_leader(self):
        if self.victims:
            self.victims.pop().kill(block=False)
        super()._choose_leader()

# Killed in the moment between being chosen to lead and leading.
grouped._grouping.__class__ = Cruel
client.gate.clear()
asked = ask(1)
gevent.idle()
asked += ask(1, 50)
gevent.idle()
Cruel.victims.append(asked[1])
client.gate.set()
gevent.joinall(asked, timeout=60)
assert [one.value for n, one in enumerate(asked) if n != 1] == [expected[0], *expected[2:]]
assert replies(ask(50)) == expected
print("done")
"""


def test_in_the_gateway_greenlets_share_trips_and_may_be_killed(adapter_shared_valkey: EmbeddedProcess) -> None:
    command = [sys.executable, "-c", IN_GATEWAY, f"redis://127.0.0.1:{adapter_shared_valkey.port}/0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
