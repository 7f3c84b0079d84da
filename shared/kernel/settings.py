"""Every setting of every process: one frozen model, read from the environment once."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.kernel.checked_settings import OneLogin, RedisAddress
from shared.kernel.origins import allowed_host, allowed_origin, host_of, origin_of
from shared.kernel.queues import Queue

DEVELOPMENT_CURSOR_KEY = "only-for-the-embedded-default"
NEEDED_ON_AWS = ("cursor_key", "cognito_user_pool_id", "cognito_client_id")
"""What has no default that could serve where AWS itself is used."""


class Settings(BaseSettings):
    """The settings table; each field's name in capitals is the environment variable."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False)

    # The gateway
    port: int = Field(8000, ge=1, le=65535, description="Port that the gateway binds.")
    host: str = Field("127.0.0.1", description="Address that the gateway binds.")
    web_concurrency: int = Field(2, ge=1, le=64, description="Gateway processes on this host.")
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Origins (comma-separated) that browsers may call from, besides the gateway's own.",
    )
    public_url: str | None = Field(
        None, description="Address at which browsers find the gateway, where a proxy in front changes it."
    )
    max_connections: int = Field(15_000, ge=1, description="Open WebSockets that one gateway process takes.")
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Proxies in front whose X-Forwarded-* headers are believed; to be set on AWS."
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Hosts (comma-separated; `.example.com` for a domain) that requests may name, besides that of "
        "PUBLIC_URL; to be set on AWS, and any host where there are none.",
    )

    dyno: str = Field("", description="Name of the dyno, as Heroku sets it: there a proxy stands in front.")

    # Redis
    redis_certificate: Literal["required", "none"] = Field(
        "required",
        description="Whether the certificate of a `rediss://` server must be signed by somebody who is known: `none` "
        "encrypts without knowing to whom, as Heroku's own signature needs.",
    )
    redis_url: RedisAddress = Field(
        "redis://127.0.0.1:6379/0", description="Redis for events, sequence numbers, limits, caches."
    )

    # AWS
    aws_region_name: str = Field("ap-northeast-2", description="AWS region.")
    aws_endpoint_url: str | None = Field(None, description="Endpoint of a stand-in for AWS; unset means AWS itself.")
    environment: str = Field(
        "", pattern=r"^[a-z0-9-]{0,20}$", description="Prefix of physical names: dev, prod or none."
    )
    chat_table_name: str = Field("ChatTable", min_length=3, description="Name of the DynamoDB table.")
    chat_bucket_name: str = Field("speaktracker-chat", min_length=3, description="Name of the S3 bucket.")
    cognito_user_pool_id: str = Field("", description="Id of the Cognito user pool.")
    cognito_client_id: str = Field("", description="Id of the Cognito app client (without secret).")
    jwks_url: str | None = Field(
        None, description="Where the pool's public keys lie; unset means the pool's own address."
    )
    persistence_queue_url: str | None = Field(None, description="URL of the persistence queue, where its name differs.")
    tts_queue_url: str | None = Field(None, description="URL of the tts queue, where its name differs.")
    tts_long_queue_url: str | None = Field(None, description="URL of the tts-long queue, where its name differs.")
    ai_chat_queue_url: str | None = Field(None, description="URL of the ai-chat queue, where its name differs.")
    ai_tasks_queue_url: str | None = Field(None, description="URL of the ai-tasks queue, where its name differs.")
    speech_queue_url: str | None = Field(None, description="URL of the speech queue, where its name differs.")
    graph_requests_queue_url: str | None = Field(None, description="URL of the graph-requests queue, where it differs.")
    graph_results_queue_url: str | None = Field(None, description="URL of the graph-results queue, where it differs.")
    dead_letters_queue_url: str | None = Field(
        None, description="URL of the dead-letters queue, where its name differs."
    )
    worker_pool: Literal["threads", "prefork"] = Field(
        "threads", description="What a worker runs jobs in: threads (I/O), or processes (CPU, or must be killable)."
    )
    lease_seconds: int = Field(
        12, ge=1, le=43_200, description="How long a dead worker's jobs stay hidden; a live one renews."
    )
    long_poll_seconds: int = Field(10, ge=0, le=20, description="Long poll of a worker; a stop does not wait for it.")

    # Secrets
    cursor_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_CURSOR_KEY),
        min_length=16,
        description="Secret that signs list cursors, or `secretsmanager:NAME`.",
    )
    cursor_key_before: SecretStr | None = Field(
        None, min_length=16, description="CURSOR_KEY before it was changed, whose cursors go on; unset after a day."
    )

    mail_sender: str | None = Field(
        None,
        description="Address (verified at Amazon SES) that mails to people come from; unset writes them to the log.",
    )
    notification_topic_arn: str | None = Field(
        None, description="SNS topic that reaches people who have no channel open; unset means that none is reached."
    )

    # Rules
    room_token_ttl_seconds: int = Field(300, ge=10, le=3600, description="Life of a RoomToken.")
    ping_interval_seconds: float = Field(
        25.0, gt=0, le=27, description="How often the gateway pings each socket, unless both spoke meanwhile."
    )
    even_answer_ms: int = Field(
        500,
        ge=0,
        le=2000,
        description="Registrations, refused log-ins, codes and mails are answered at multiples of it, known or not.",
    )
    sign_in_check_seconds: float = Field(
        10.0, gt=0, le=300, description="Age at which what a sign-in was last checked by is asked anew."
    )
    requests_per_two_seconds: int = Field(200, ge=1, description="REST requests in any 2 s per user or address.")
    frames_per_two_seconds: int = Field(40, ge=1, description="Frames in any 2 s per connection.")
    frames_per_two_seconds_per_user: int = Field(
        120, ge=1, description="Frames in any 2 s of all of a user's connections to this host."
    )
    rooms_per_user: int = Field(10, ge=1, le=100, description="Room connections open at once per user.")
    upload_megabytes_per_day: int = Field(
        500, ge=10, description="Megabytes that a user may upload in any 24 h; a file counts as whole ones."
    )
    spoken_texts_per_minute: int = Field(60, ge=1, description="Texts that a user may have spoken in any 60 s.")
    spoken_characters_per_minute: int = Field(
        20_000, ge=4_000, description="Characters that a user may have spoken in any 60 s."
    )
    spoken_characters_per_minute_of_all: int = Field(
        200_000, ge=4_000, description="Characters that all users together may have spoken in any 60 s."
    )
    connections_per_user: int = Field(5, ge=1, le=50, description="User channels open at once per user.")
    batch_linger_ms: float = Field(50.0, ge=0, le=1000, description="What gathers within it is queued as one job.")
    unqueued_after_seconds: float = Field(5.0, gt=0, description="Age at which a shown, never queued message is swept.")
    stale_connection_seconds: int = Field(3600, ge=60, description="Silence after which a connection record is swept.")
    vanished_after_seconds: int = Field(
        90_000, ge=60, description="Silence after which a job that has not ended is taken for lost with its message."
    )
    drain_seconds: float = Field(8.0, gt=0, le=25, description="Time over which a stopping gateway closes its sockets.")

    polly_voice_id: str = Field(
        "Matthew", pattern=r"^[A-Za-z]{2,30}$", description="Voice of texts that name none: one of Amazon Polly's."
    )
    polly_engine: Literal["neural", "standard"] = Field(
        "neural", description="Polly's engine, where the voice has it; else standard."
    )
    tts_calls_at_once: int = Field(50, ge=1, description="Calls to Polly at once, over all workers.")

    bedrock_model_id: str = Field(
        "anthropic.claude-3-5-haiku-20241022-v1:0",
        min_length=1,
        description="Amazon Bedrock's model, inference profile or ARN.",
    )
    bedrock_guardrail: str | None = Field(
        None, pattern=r"^\S+:\S+$", description="Guardrail of the AI partner as `id:version`; unset means none."
    )
    ai_calls_at_once: int = Field(30, ge=1, description="Calls to Bedrock at once, over all workers.")
    speech_calls_at_once: int = Field(20, ge=1, description="Calls to Transcribe at once, over all workers.")
    ai_requests_per_minute: int = Field(10, ge=1, description="Requests to the AI partner in any 60 s per user.")
    partner_window_tokens: int = Field(
        3000, ge=200, description="Tokens of past turns that the model is shown; what is older is summarised."
    )
    partner_answer_tokens: int = Field(300, ge=20, le=2000, description="Tokens that an answer takes at most.")
    partner_winds_up_after: int = Field(10, ge=1, description="Turn from which the partner winds a conversation up.")
    wait_seconds: float = Field(
        25.0, ge=0, le=28, description="How long a call waits for what a worker makes, where it does not say."
    )
    daily_tokens: int = Field(200_000, ge=0, description="Tokens of the AI partner per user and day (UTC).")
    daily_spoken_characters: int = Field(
        60_000,
        ge=0,
        description="Characters that a user may have spoken a day (UTC): the AI partner's, texts, sentences.",
    )
    daily_transcribed_seconds: int = Field(
        3_600,
        ge=0,
        description="Seconds of a user's recordings that are heard a day (UTC), by the AI partner and in practice.",
    )

    graph_names: Literal["offline", "bedrock"] = Field(
        "offline",
        description="Who names the clusters of graphs: their own words, or Amazon Bedrock from keywords and titles.",
    )
    graph_memory_megabytes: int = Field(
        1500, ge=300, description="Memory of the process that draws a graph; one that needs more is refused."
    )

    # Operations
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_file: str | None = Field(None, description="File that JSON log lines are appended to, besides standard error.")
    flower_basic_auth: OneLogin = Field(
        None, description="`user:password` of Flower's pages, or `user:secretsmanager:NAME`; Flower needs it."
    )
    metrics_port: int = Field(0, ge=0, le=65535, description="Port on which the program serves /metrics; 0 for none.")
    metrics_host: str = Field(
        "127.0.0.1", description="Address that /metrics is bound to; what it tells is meant for nobody outside."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        None,
        pattern=r"^https?://\S+$",
        description="Where spans are sent to, as OTLP over HTTP (needs the extra `tracing`); unset sends none.",
    )
    version: str = Field("development", pattern=r"^[\w.+-]{1,64}$", description="Version that is deployed.")
    price_input_tokens: float = Field(0.8, ge=0, description="USD a million input tokens of the model (list price).")
    price_output_tokens: float = Field(4.0, ge=0, description="USD a million output tokens of the model (list price).")
    price_characters: float = Field(16.0, ge=0, description="USD a million characters of Polly (list price, neural).")
    price_heard_minute: float = Field(0.024, ge=0, description="USD a minute of Transcribe (list price).")

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _as_browsers_write(cls, value: list[str]) -> list[str]:
        return [allowed_origin(origin) for origin in value]

    @field_validator("allowed_hosts")
    @classmethod
    def _are_names(cls, value: list[str]) -> list[str]:
        return [allowed_host(name) for name in value]

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        origin_of(value)
        return value.rstrip("/")

    @model_validator(mode="after")
    def _is_whole_on_aws(self) -> "Settings":
        if self.aws_endpoint_url is None and (missing := self.missing_on_aws()):
            raise ValueError(f"{', '.join(missing)} must be set where AWS itself is used (AWS_ENDPOINT_URL is unset)")
        return self

    def missing_on_aws(self) -> list[str]:
        """Return the variables that must be set where AWS itself is used, and are not."""
        found = {"cursor_key": self.cursor_key.get_secret_value().replace(DEVELOPMENT_CURSOR_KEY, "")}
        return [name.upper() for name in NEEDED_ON_AWS if not found.get(name, getattr(self, name))]

    def physical_name(self, queue_name: str) -> str:
        """Return the queue's name at SQS: the environment prefixes every name."""
        return f"{self.environment}-{queue_name}" if self.environment else queue_name

    @cached_property
    def hosts(self) -> list[str]:
        """Return the hosts that requests may name; none where any may be named."""
        own = [host_of(self.public_url)] if self.allowed_hosts and self.public_url else []
        return [*self.allowed_hosts, *own]

    def queue_url(self, queue: Queue) -> str | None:
        """Return the URL set for a queue, None where it is found by its name."""
        url: str | None = getattr(self, f"{queue.value.removesuffix('.fifo').replace('-', '_')}_queue_url")
        return url

    @cached_property
    def issuer(self) -> str:
        """Return the issuer that the pool's tokens name."""
        return f"https://cognito-idp.{self.aws_region_name}.amazonaws.com/{self.cognito_user_pool_id}"

    @cached_property
    def keys_address(self) -> str:
        """Return where the pool's public keys are fetched."""
        return self.jwks_url or f"{self.issuer}/.well-known/jwks.json"


class ToolSettings(Settings):
    """Settings of tools, which serve nobody: what only the service needs may be missing."""

    def missing_on_aws(self) -> list[str]:
        """Return nothing: tools sign no cursor, and provisioning is what makes the user pool."""
        return []


class Misconfigured(SystemExit):
    """A setting is wrong; the process ends with one sentence for each."""


def read_settings(kind: type[Settings] = Settings, /, **overrides: Any) -> Settings:
    """Read the environment.

    Raises:
        Misconfigured: some setting is wrong; the message names each and says why.
    """
    try:
        return kind(**overrides)
    except ValidationError as problem:
        lines = [_sentence(error) for error in problem.errors(include_input=False, include_url=False)]
        raise Misconfigured("SpeakTracker does not start:\n" + "\n".join(lines)) from None


def _sentence(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper()
    return f"  {name + ': ' if name else ''}{error['msg'].removeprefix('Value error, ')}"
