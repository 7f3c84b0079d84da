"""What installing changes in an application, and how Flower's application is built."""

from dataclasses import replace

import pytest
from celery import Celery

from shared.adapters.monitoring import flower_app
from shared.adapters.monitoring.application import install
from shared.adapters.monitoring.bus import bus_of
from shared.adapters.monitoring.options import MonitoringOptions

OPTIONS = MonitoringOptions(redis_url="redis://:hush@127.0.0.1:1/0", key_prefix="applications.", redis_timeout=0.2)


@pytest.fixture
def app():
    app = Celery("applications", broker="memory://", set_as_current=False)
    app.conf.task_default_queue = "letters"
    yield install(app, OPTIONS)
    app.close()


def sent(app, revealing=False):
    """Answer the fields of a failure as the dispatcher would publish them."""
    seen = []
    dispatcher = app.events.Dispatcher(hostname="a@host")
    dispatcher._publish = lambda event, *arguments, **settings: seen.append(event)
    dispatcher.send("task-failed", uuid="an-id", exception="ValueError('word')", args="(...)")
    return seen[0]


def test_the_password_of_redis_is_in_no_setting(app):
    assert "hush" not in str(app.conf.table(censored=False))


def test_events_are_redacted(app):
    assert sent(app)["exception"] == "ValueError"
    assert sent(app)["args"] == "(...)"


def test_events_are_whole_when_the_options_say_so():
    app = install(
        Celery("revealing", broker="memory://", set_as_current=False),
        MonitoringOptions(redis_url="redis://127.0.0.1:1/0", reveal_errors=True),
    )

    assert sent(app)["exception"] == "ValueError('word')"
    app.close()


def test_control_without_redis_fails_soon_and_says_so(app):
    with pytest.raises(Exception, match="Connection refused"):
        app.control.ping(timeout=0.2)


def test_an_application_without_monitoring_has_no_bus():
    with pytest.raises(KeyError):
        bus_of(Celery("other", set_as_current=False))


def test_flower_sends_by_the_real_application(app):
    @app.task(name="applications.write")
    def write(word):
        return word

    flower = flower_app.build_flower_app(OPTIONS, app)
    relayed = flower.tasks["applications.write"]
    with app.connection_for_read() as connection:
        relayed.apply_async(args=["word"])
        flower.send_task("applications.write", ["word"], argsrepr="(1)")
        queue = connection.SimpleQueue("letters")
        headers = [queue.get(timeout=2).headers for _ in range(2)]
        queue.close()

    assert [header["argsrepr"] for header in headers] == ["[hidden]", "(1)"]
    assert [header["task"] for header in headers] == ["applications.write"] * 2


def test_flower_lists_no_queue_that_is_not_there(app):
    there = {"one": "dev-one", "two": "dev-two"}
    conf = flower_app.build_flower_app(replace(OPTIONS, queues=there), app).conf
    assert {conf.task_default_queue, *(queue.name for queue in conf.task_queues)} == set(there)


def test_the_module_for_the_command_line_needs_a_binding(monkeypatch, app):
    monkeypatch.delenv(flower_app.BINDING, raising=False)

    with pytest.raises(KeyError, match="MONITORING_BINDING"):
        _ = flower_app.app
    with pytest.raises(AttributeError):
        _ = flower_app.something_else
