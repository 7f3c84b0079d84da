"""What a new host is told: which release and programs, their settings, and where to fetch the rest."""

from cli.deploying.hosts import Host
from cli.deploying.intrinsics import Resource, imported, sub_with
from cli.deploying.network import PORT
from cli.supervision import STOP_SECONDS
from shared.kernel.scaling import GROUPS

LONG = {group.name: int(group.drain_seconds) for group in GROUPS if group.drain_seconds > STOP_SECONDS}
"""Programs whose jobs may outlast the grace of a stop: they are let finish first, for so many seconds."""
WORKERS = {group.name: group.workers_per_instance for group in GROUPS}
BESIDE = {"everything"}
"""Hosts on which a program of each kind is enough, and Redis runs beside them."""
_SCRIPT = """\
#!/bin/sh
set -eu
umask 077
mkdir -p /etc/speaktracker /opt/speaktracker/releases
cat > /etc/speaktracker/host <<'END'
{host}
END
cat > /etc/speaktracker/environment <<'END'
{environment}
END
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq awscli python3 curl{extra}
aws s3 cp --only-show-errors "s3://${{ChatBucketName}}/releases/${{Version}}.tar.gz" - \\
  | tar -xz -C /opt/speaktracker/releases
exec /opt/speaktracker/releases/${{Version}}/deploy/hosts/boot.sh
"""
IMPORTED = (
    "ChatTableName",
    "ChatBucketName",
    "CognitoUserPoolId",
    "CognitoClientId",
    "NotificationTopicArn",
)


def start_script(host: Host) -> Resource:
    """Return the user data of a kind of host; it holds no secret, only their names."""
    is_dev = host.condition == "IsDev"
    text = _SCRIPT.format(
        host="\n".join(f"{name}={value}" for name, value in host_settings(host).items()),
        environment="\n".join(f"{name}={value}" for name, value in program_settings(host).items()),
        extra=" redis-server" if is_dev else "",
    )
    return sub_with(text, **{name: imported(name) for name in IMPORTED})


def host_settings(host: Host) -> dict[str, str]:
    """Return what the scripts of a host read: `program:how many` for each that it runs."""
    return {
        "VERSION": "${Version}",
        "REGION": "${AWS::Region}",
        "GROUP": f"${{Environment}}-speaktracker-{host.name}",
        "PROGRAMS": f'"{" ".join(f"{name}:{count_of(host, name)}" for name in host.programs)}"',
        "LONG": f'"{" ".join(f"{name}:{LONG[name]}" for name in host.programs if name in LONG)}"',
        "READY": f"http://127.0.0.1:{PORT}/readyz" if "web" in host.programs else "",
    }


def count_of(host: Host, program: str) -> int:
    """Return how many of a program a host runs."""
    return 1 if host.name in BESIDE else WORKERS.get(program, 1)


def program_settings(host: Host) -> dict[str, str]:
    """Return the settings of the programs of a host, as `docs/settings.md` has them."""
    is_dev = host.condition == "IsDev"
    found = {
        "ENVIRONMENT": "${Environment}",
        "VERSION": "${Version}",
        "AWS_REGION_NAME": "${AWS::Region}",
        "AWS_DEFAULT_REGION": "${AWS::Region}",
        "CHAT_TABLE_NAME": "${ChatTableName}",
        "CHAT_BUCKET_NAME": "${ChatBucketName}",
        "COGNITO_USER_POOL_ID": "${CognitoUserPoolId}",
        "COGNITO_CLIENT_ID": "${CognitoClientId}",
        "NOTIFICATION_TOPIC_ARN": "${NotificationTopicArn}",
        "REDIS_URL": "redis://127.0.0.1:6379/0" if is_dev else "rediss://${Redis.PrimaryEndPoint.Address}:6379/0",
        "CURSOR_KEY": "secretsmanager:${Environment}/speaktracker/cursor-key",
        "MAIL_SENDER": "${MailSender}",
        "PORT": str(PORT),
        "PUBLIC_URL": f"http://127.0.0.1:{PORT}" if is_dev else "https://${DomainName}",
        "ALLOWED_HOSTS": "127.0.0.1" if is_dev else "${DomainName}",
        "TRUSTED_PROXIES": "0" if is_dev else "2",
    }
    if "flower" in host.programs:
        found["FLOWER_BASIC_AUTH"] = "operator:secretsmanager:${Environment}/speaktracker/flower-password"
    return found
