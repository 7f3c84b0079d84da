"""The end of the watched worker, in a file of its own because it has to be the last of all."""


def test_a_worker_is_shut_down_and_seen_to_go(flower, online, worker_process, until):
    flower.post("/api/worker/shutdown/first@host")

    assert worker_process.wait(60) == 0
    until(lambda: 'flower_worker_online{worker="first@host"} 0.0' in flower.get("/metrics"), "Flower saw it go")
