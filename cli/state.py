"""What `.run/state.json` tells other programs of a running platform."""

import os
from datetime import UTC, datetime
from typing import Any

from cli.environment import keys_address
from cli.plan import SUPERVISOR, Plan
from cli.ports import LOOPBACK
from shared.adapters.aws.demo_accounts import DEMO_ACCOUNTS
from shared.adapters.aws.provisioner import Provisioned


def state(plan: Plan, provisioned: Provisioned) -> dict[str, Any]:
    """Return addresses and ports by name, the metrics of each program, AWS's names, and the demo accounts."""
    return {
        "pid": os.getpid(),
        "startedAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "addresses": addresses(plan, provisioned),
        "ports": {"web": plan.settings.port, **plan.ports},
        "metrics": {program: plan.metrics_address(program) for program in plan.commands},
        "aws": {
            "region": plan.settings.aws_region_name,
            "table": provisioned.table,
            "bucket": provisioned.bucket,
            "userPoolId": provisioned.user_pool_id,
            "clientId": provisioned.client_id,
            "queues": provisioned.queue_urls,
        },
        "accounts": [] if plan.uses_aws_itself else accounts(),
    }


def addresses(plan: Plan, provisioned: Provisioned) -> dict[str, str]:
    """Return where each part is reached, by name."""
    found = {
        "web": plan.base,
        "webSocket": f"{plan.base.replace('http', 'ws', 1)}/ws",
        "documents": f"{plan.base}/docs",
        "readiness": f"{plan.base}/readyz",
        "keys": keys_address(plan.settings, provisioned),
        "redis": plan.settings.redis_url,
        "supervisor": f"http://{LOOPBACK}:{plan.ports[SUPERVISOR]}",
    }
    if plan.flower:
        found["flower"] = plan.flower[0]
    if plan.settings.aws_endpoint_url:
        found["aws"] = plan.settings.aws_endpoint_url
    return found


def accounts() -> list[dict[str, Any]]:
    """Return the demo accounts as JSON."""
    return [
        {
            "email": account.email,
            "password": account.password,
            "name": account.name,
            "role": account.role,
            "groups": list(account.groups),
        }
        for account in DEMO_ACCOUNTS
    ]
