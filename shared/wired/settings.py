"""The settings of a process, with what they leave to Secrets Manager."""

from pydantic import SecretStr

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.secrets import SecretsManager, is_reference
from shared.kernel.settings import Settings, read_settings


def deployed_settings() -> Settings:
    """Return the environment's settings; secrets of which it holds only the names are read now, a call for each.

    Raises:
        Misconfigured: a setting is wrong, as given or as the secret has it, or a secret cannot be read.
    """
    given = read_settings()
    named = {name: text for name in Settings.model_fields if is_reference(text := _secret(given, name))}
    if not named:
        return given
    secrets = SecretsManager(AwsClients(given).client("secretsmanager"))
    return read_settings(**{name: secrets.filled_in(name.upper(), text) for name, text in named.items()})


def _secret(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else ""
