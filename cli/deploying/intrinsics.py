"""CloudFormation's own functions, and names behind the environment."""

import json
from typing import Any

Resource = dict[str, Any]
FORMAT = "2010-09-09"


def ref(name: str) -> Resource:
    """Return the value of a parameter, or the name of a resource."""
    return {"Ref": name}


def sub(text: str) -> Resource:
    """Return a text with `${names}` put in."""
    return {"Fn::Sub": text}


def is_given(parameter: str) -> Resource:
    """Return the condition that a parameter is not left empty."""
    return {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}


def release(version: str) -> Resource:
    """Return the parameters that every stack has; `version` says what its Version is of."""
    return {
        "Environment": {"Type": "String", "AllowedValues": ["dev", "prod"], "Description": "Prefix of every name."},
        "Version": {"Type": "String", "Description": version},
    }


def by_environment() -> Resource:
    """Return the conditions that tell the environments from each other."""
    return {f"Is{name.capitalize()}": {"Fn::Equals": [ref("Environment"), name]} for name in ("prod", "dev")}


def imported(output: str) -> Resource:
    """Return what another stack of the same environment tells under a name."""
    return {"Fn::ImportValue": prefixed(output)}


def sub_with(text: str, **given: Any) -> Resource:
    """Return a text with `${names}` put in, some of which are given here."""
    return {"Fn::Sub": [text, given]}


def arn_of(resource: str) -> Resource:
    """Return the ARN of a resource."""
    return {"Fn::GetAtt": [resource, "Arn"]}


def logical(name: str) -> str:
    """Return a name as CloudFormation takes it for a resource: letters and digits."""
    return "".join(part.capitalize() for part in name.replace(".", "-").replace("_", "-").split("-"))


def prefixed(name: str) -> Resource:
    """Return a physical name behind the environment, as `Settings.physical_name` makes it."""
    return sub(f"${{Environment}}-{name}")


def tls_only(action: str, resources: list[Any]) -> Resource:
    """Return the statement that refuses every request without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def text_of(description: str, sections: Resource) -> str:
    """Return a template as JSON, a line for each parameter, resource and output: small, and it can be compared."""
    parts = []
    for name, value in {"AWSTemplateFormatVersion": FORMAT, "Description": description, **sections}.items():
        if isinstance(value, str):
            parts.append(f"{json.dumps(name)}: {json.dumps(value)}")
            continue
        lines = ",\n".join(
            f"  {json.dumps(key)}: {json.dumps(one, separators=(',', ':'))}" for key, one in value.items()
        )
        parts.append(f"{json.dumps(name)}: {{\n{lines}\n }}")
    return "{\n " + ",\n ".join(parts) + "\n}\n"
