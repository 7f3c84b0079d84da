"""How a process begins to send its spans."""

from importlib import import_module
from importlib.util import find_spec

from shared.kernel.settings import Misconfigured, Settings
from shared.kernel.tracing import install_tracer

ADAPTER = "shared.adapters.open_telemetry"


def begin_tracing(settings: Settings, process: str) -> None:
    """Send spans where a collector is set; call it in each process, after the fork.

    Raises:
        Misconfigured: a collector is set, and what speaks to it is not installed.
    """
    endpoint = settings.otel_exporter_otlp_endpoint
    if not endpoint:
        return
    require_tracing()
    adapter = import_module(ADAPTER)  # only who sends spans has its packages
    version, environment = settings.version, settings.environment
    install_tracer(adapter.OpenTelemetryTracer(endpoint, process=process, version=version, environment=environment))


def require_tracing() -> None:
    """Return if the packages are installed.

    Raises:
        Misconfigured: they are not.
    """
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        needed = "needs the extra `tracing` (requirements/tracing.txt)"
        raise Misconfigured(f"SpeakTracker does not start:\n  OTEL_EXPORTER_OTLP_ENDPOINT: {needed}.")
