"""Which engine speaks, by setting."""

from embedded.bedrock.builtin.engine import BuiltinEngine
from embedded.bedrock.compatible import CompatibleEngine
from embedded.bedrock.engine import Engine
from embedded.bedrock.settings import PartnerSettings


def chosen_engine(settings: PartnerSettings) -> Engine:
    """Return the engine that the settings name; it connects to nothing before it is asked."""
    if settings.compatible is not None:
        return CompatibleEngine(settings.compatible)
    return BuiltinEngine()
