"""What is counted is told, whatever is wrong with it; several processes tell as one."""

import os
import socket
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.adapters.metrics import snapshots
from shared.adapters.metrics.meters import MOST_LABEL_SETS, Meters
from shared.adapters.metrics.process import tell_of_process
from shared.adapters.metrics.serving import MetricsServer
from shared.adapters.metrics.snapshots import Snapshots, Sum, taken
from shared.kernel.settings import read_settings

Told = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def values(metrics: object) -> Told:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in metrics  # type: ignore[attr-defined]
        for sample in metric.samples
    }


def value(told: Told, name: str, **labels: str) -> float:
    return told[f"speaktracker_{name}", tuple(sorted(labels.items()))]


@pytest.fixture
def meters() -> Meters:
    return Meters()


def test_counters_add_up_and_distributions_have_edges(meters: Meters) -> None:
    meters.count("jobs_sent", queue="tts")
    meters.count("jobs_sent", 2, queue="tts")
    meters.observe("delivery_seconds", 0.15)
    told = values(meters.collect())

    assert value(told, "jobs_sent_total", queue="tts") == 3
    assert value(told, "delivery_seconds_bucket", le="0.1") == 0
    assert value(told, "delivery_seconds_bucket", le="0.2") == 1


def test_what_is_wrong_with_a_measurement_is_counted_and_raises_nothing(meters: Meters) -> None:
    meters.count("unheard_of")
    meters.count("jobs_sent", station="nowhere")
    meters.observe("delivery_seconds", "long")  # type: ignore[arg-type]
    meters.watch("loops_broken", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    meters.watch("connections", lambda: [({"kind": "room"}, 7)])
    values(meters.collect())

    assert value(values(meters.collect()), "measuring_faults_total") >= 4
    assert value(values(meters.collect()), "connections", kind="room") == 7


def test_labels_beyond_the_bound_are_told_together(meters: Meters) -> None:
    for number in range(MOST_LABEL_SETS + 5):
        meters.count("jobs_sent", queue=f"q{number}")
    told = values(meters.collect())

    assert value(told, "jobs_sent_total", queue="other") == 5
    assert sum(name == "speaktracker_jobs_sent_total" for name, _ in told) == MOST_LABEL_SETS + 1


def test_several_threads_lose_no_count(meters: Meters) -> None:
    threads = [
        threading.Thread(target=lambda: [meters.count("jobs_sent", queue="tts") for _ in range(500)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert value(values(meters.collect()), "jobs_sent_total", queue="tts") == 4_000


def test_gauges_of_processes_are_joined_as_each_is_meant() -> None:
    total = Sum()
    for free in (5, 3):
        one = Meters()
        one.watch("log_disk_free_bytes", lambda free=free: [({}, free)])
        one.watch("connections", lambda free=free: [({"kind": "room"}, free)])
        total.add(taken(one.collect()))
    told = values(snapshots.told(total.snapshot()))

    assert value(told, "log_disk_free_bytes") == 3
    assert value(told, "connections", kind="room") == 8


def child_counts(folder: Snapshots, meters: Meters, amount: int) -> int:
    """Fork a process that counts, tells and lives until it is waited for."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        meters.count("jobs_sent", amount, queue="tts")
        meters.watch("connections", lambda: [({"kind": "room"}, amount)])
        folder.write(meters.collect)
        os.write(writer, b"told")
        os._exit(0)
    assert os.read(reader, 4) == b"told"
    os.close(reader)
    os.close(writer)
    return pid


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_begins_at_nothing_and_its_count_outlives_it(meters: Meters) -> None:
    folder = Snapshots()
    meters.count("jobs_sent", 1, queue="tts")
    pids = [child_counts(folder, meters, amount) for amount in (10, 100)]
    living = values(folder.collect(meters.collect))
    for pid in pids:
        os.waitpid(pid, 0)
    after = values(folder.collect(meters.collect))
    again = values(folder.collect(meters.collect))

    assert value(living, "jobs_sent_total", queue="tts") == 111
    assert value(living, "connections", kind="room") == 110
    assert value(after, "jobs_sent_total", queue="tts") == value(again, "jobs_sent_total", queue="tts") == 111
    assert ("speaktracker_connections", (("kind", "room"),)) not in after
    folder.remove()
    assert not folder.path.exists()


def test_a_folder_that_cannot_be_written_costs_the_news_alone(meters: Meters, tmp_path: Path) -> None:
    folder = Snapshots()
    kept, folder.path = folder.path, tmp_path / "gone"
    folder.write(meters.collect)

    assert list(folder.collect(meters.collect))
    folder.path = kept
    folder.remove()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(meters: Meters) -> Iterator[str]:
    port = free_port()
    tell_of_process(meters, read_settings(aws_endpoint_url="http://127.0.0.1:1"), "tried")
    server = MetricsServer("127.0.0.1", port, meters).start(has_children=False)
    yield f"http://127.0.0.1:{port}/metrics"
    server.stop()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_metrics_are_served_as_prometheus_reads_them(meters: Meters, served: str) -> None:
    meters.count("jobs_sent", queue="tts")
    text = None
    for _ in range(200):  # until the loop listens
        try:
            text = read(served)
            break
        except OSError:
            threading.Event().wait(0.02)
    assert text is not None
    families = {family.name: family for family in text_string_to_metric_families(text)}

    assert families["speaktracker_jobs_sent"].type == "counter"
    assert families["speaktracker_build_info"].samples[0].labels == {"version": "development", "process": "tried"}
    assert "process_resident_memory_bytes" in families
    assert "_created" not in text


def test_a_port_that_another_holds_is_taken_as_soon_as_it_is_free(meters: Meters) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        server = MetricsServer("127.0.0.1", port, meters).start(has_children=False)
        threading.Event().wait(0.05)
    text = None
    for _ in range(500):
        try:
            text = read(f"http://127.0.0.1:{port}/metrics")
            break
        except OSError:
            threading.Event().wait(0.02)
    server.stop()

    assert text is not None
