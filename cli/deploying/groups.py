"""The hosts, as autoscaling groups: how each starts, is ready, drains, and follows its work."""

from collections.abc import Iterator
from typing import Any

from cli.deploying.hosts import Host
from cli.deploying.intrinsics import Resource, imported, logical, prefixed, ref
from cli.deploying.keeping import tags
from cli.deploying.network import private_subnets, public_subnets
from cli.deploying.start import start_script
from shared.adapters.aws.published_numbers import BACKLOG, NAMESPACE, OLDEST
from shared.kernel.scaling import GATEWAYS, GROUPS, GUARD_SHARE, PERIOD_SECONDS

BOUNDS: dict[str, tuple[int, int]] = {
    "web": (GATEWAYS.least, GATEWAYS.most),
    "everything": (0, 1),
    **{group.name: (group.policy.least, group.policy.most) for group in GROUPS},
    "operations": (1, 2),
}
TYPES = {group.name: group.instance_type for group in GROUPS} | {
    "web": GATEWAYS.instance_type,
    "operations": "t3a.medium",
    "everything": "t3a.large",
}
LEAVING_SECONDS = 180
"""A host that leaves and has not said for so long that it still does is taken for gone; as a rule it is in 30 s."""
ARRIVING_SECONDS = 900
DISK_GIGABYTES = 10


def groups(kinds: tuple[Host, ...]) -> Resource:
    """Return launch templates, groups, warm pools and scaling policies of every kind of host."""
    found: Resource = {}
    for host in kinds:
        parts = {
            f"{logical(host.name)}Launch": _launch(host),
            f"{logical(host.name)}Group": _group(host),
            **dict(_pool(host)),
            **dict(_policies(host)),
        }
        found |= {name: {**one, "Condition": host.condition} for name, one in parts.items()}
    return found


def group_name(host: Host) -> str:
    """Return the physical name of a host's group, behind the environment."""
    return f"speaktracker-{host.name}"


def _launch(host: Host) -> Resource:
    is_dev = host.condition == "IsDev"
    market = {"InstanceMarketOptions": {"MarketType": "spot"}} if is_dev else {}
    reached = {"AssociatePublicIpAddress": True} if is_dev else {"AssociatePublicIpAddress": False}
    disk = {"VolumeType": "gp3", "VolumeSize": DISK_GIGABYTES, "Encrypted": True, "DeleteOnTermination": True}
    return {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "ImageId": ref("ImageId"),
                "InstanceType": TYPES[host.name],
                "IamInstanceProfile": {"Arn": imported(f"{logical(host.name)}Profile")},
                "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                "Monitoring": {"Enabled": not is_dev},
                "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [ref("HostsGroup")], **reached}],
                "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": disk}],
                "TagSpecifications": [{"ResourceType": kind, "Tags": tags()} for kind in ("instance", "volume")],
                "UserData": {"Fn::Base64": start_script(host)},
                **market,
            }
        },
    }


def _group(host: Host) -> Resource:
    least, most = BOUNDS[host.name]
    is_dev = host.condition == "IsDev"
    properties: Resource = {
        "AutoScalingGroupName": prefixed(group_name(host)),
        "MinSize": str(least),
        "MaxSize": str(most),
        "LaunchTemplate": {
            "LaunchTemplateId": ref(f"{logical(host.name)}Launch"),
            "Version": {"Fn::GetAtt": [f"{logical(host.name)}Launch", "LatestVersionNumber"]},
        },
        "VPCZoneIdentifier": public_subnets() if is_dev else private_subnets(),
        "HealthCheckType": "ELB" if host.name == "web" else "EC2",
        "HealthCheckGracePeriod": 120,
        "DefaultInstanceWarmup": 120,
        "CapacityRebalance": True,
        "LifecycleHookSpecificationList": [
            _hook("arrive", "LAUNCHING", ARRIVING_SECONDS, "ABANDON"),
            _hook("leave", "TERMINATING", LEAVING_SECONDS, "CONTINUE"),
        ],
        "MetricsCollection": [{"Granularity": "1Minute"}],
        "Tags": [{**tag, "PropagateAtLaunch": True} for tag in tags()],
    }
    if host.name == "web":
        properties["TargetGroupARNs"] = [ref("Gateways")]
    return {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": properties}


def _hook(name: str, transition: str, seconds: int, otherwise: str) -> Resource:
    return {
        "LifecycleHookName": name,
        "LifecycleTransition": f"autoscaling:EC2_INSTANCE_{transition}",
        "HeartbeatTimeout": seconds,
        "DefaultResult": otherwise,
    }


def _pool(host: Host) -> Iterator[tuple[str, Resource]]:
    """Yield what makes hosts start within half a minute: they are installed once, stopped, and paid as disks."""
    if host.name in ("web", "worker-ai", "worker-speech", "worker-tts"):
        yield (
            f"{logical(host.name)}Pool",
            {
                "Type": "AWS::AutoScaling::WarmPool",
                "Properties": {
                    "AutoScalingGroupName": ref(f"{logical(host.name)}Group"),
                    "PoolState": "Stopped",
                    "MinSize": 1,
                    "InstanceReusePolicy": {"ReuseOnScaleIn": True},
                },
            },
        )


def _policies(host: Host) -> Iterator[tuple[str, Resource]]:
    name = logical(host.name)
    if host.name == "web":
        yield f"{name}ByProcessor", _tracking(host, {"PredefinedMetricSpecification": _PROCESSOR}, _CPU)
        each = {"CustomizedMetricSpecification": {"Metrics": list(_connections_each(host))}}
        yield f"{name}ByConnections", _tracking(host, each, float(GATEWAYS.connections))
    for group in GROUPS:
        if group.name == host.name:
            own = [_dimension("Environment", ref("Environment")), _dimension("Group", group.name)]
            backlog = {"CustomizedMetricSpecification": _metric(NAMESPACE, BACKLOG, own)}
            yield f"{name}ByBacklog", _tracking(host, backlog, group.policy.utilisation)
            yield f"{name}ByAge", _stepping(host, "PercentChangeInCapacity", int(100 * GUARD_SHARE))
            yield f"{name}TooOld", _too_old(host, group.policy.oldest_seconds, own)
            if group.policy.least == 0:
                yield f"{name}FromNothing", _stepping(host, "ChangeInCapacity", 1)
                yield f"{name}Wanted", _wanted(host, own)


_PROCESSOR = {"PredefinedMetricType": "ASGAverageCPUUtilization"}
_CPU = GATEWAYS.processor_percent
_OF_BALANCER = [{"Name": "LoadBalancer", "Value": {"Fn::GetAtt": ["Balancer", "LoadBalancerFullName"]}}]


def _connections_each(host: Host) -> Iterator[Resource]:
    """Yield the metrics of how many connections a gateway holds, which more gateways lower.

    The load balancer counts a client's connection to it and its own to the gateway: two for each that is held.
    """
    balancer = {"Namespace": "AWS/ApplicationELB", "MetricName": "ActiveConnectionCount", "Dimensions": _OF_BALANCER}
    own = [_dimension("AutoScalingGroupName", ref(f"{logical(host.name)}Group"))]
    there = {"Namespace": "AWS/AutoScaling", "MetricName": "GroupInServiceInstances", "Dimensions": own}
    yield {"Id": "held", "MetricStat": {"Metric": balancer, "Stat": "Sum"}, "ReturnData": False}
    yield {"Id": "gateways", "MetricStat": {"Metric": there, "Stat": "Average"}, "ReturnData": False}
    yield {"Id": "each", "Expression": "held / 2 / gateways", "ReturnData": True}


def _tracking(host: Host, specification: Resource, target: float) -> Resource:
    return _policy(host, "TargetTrackingScaling", TargetTrackingConfiguration={**specification, "TargetValue": target})


def _stepping(host: Host, kind: str, by: int) -> Resource:
    least = {"MinAdjustmentMagnitude": 1} if kind.startswith("Percent") else {}
    steps = [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": by}]
    return _policy(host, "StepScaling", AdjustmentType=kind, **least, StepAdjustments=steps)


def _policy(host: Host, kind: str, **properties: Any) -> Resource:
    of_group = {"AutoScalingGroupName": ref(f"{logical(host.name)}Group"), "PolicyType": kind}
    return {"Type": "AWS::AutoScaling::ScalingPolicy", "Properties": {**of_group, **properties}}


def _too_old(host: Host, seconds: float, dimensions: list[Resource]) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": prefixed(f"{host.name}-too-old"),
            "AlarmDescription": "The oldest message waits too long: the group grows.",
            "Namespace": NAMESPACE,
            "MetricName": OLDEST,
            "Dimensions": dimensions,
            "Statistic": "Maximum",
            "Period": int(PERIOD_SECONDS),
            "EvaluationPeriods": 1,
            "Threshold": seconds,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [ref(f"{logical(host.name)}ByAge")],
        },
    }


def _wanted(host: Host, dimensions: list[Resource]) -> Resource:
    """Return the alarm that brings a group back that is gone: target tracking has nothing to multiply then."""
    own = [_dimension("AutoScalingGroupName", ref(f"{logical(host.name)}Group"))]
    there = {"Namespace": "AWS/AutoScaling", "MetricName": "GroupDesiredCapacity", "Dimensions": own}
    waiting = {"Namespace": NAMESPACE, "MetricName": BACKLOG, "Dimensions": dimensions}
    period = int(PERIOD_SECONDS)
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": prefixed(f"{host.name}-wanted"),
            "AlarmDescription": "Something waits, and nobody is there: the group comes back.",
            "Metrics": [
                {"Id": "wanted", "Expression": "IF(FILL(there, 0) < 1 AND waiting > 0, 1, 0)", "ReturnData": True},
                *(
                    {
                        "Id": name,
                        "MetricStat": {"Metric": one, "Period": period, "Stat": "Maximum"},
                        "ReturnData": False,
                    }
                    for name, one in (("there", there), ("waiting", waiting))
                ),
            ],
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [ref(f"{logical(host.name)}FromNothing")],
        },
    }


def _metric(namespace: str, name: str, dimensions: list[Resource]) -> Resource:
    return {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions, "Statistic": "Average"}


def _dimension(name: str, value: object) -> Resource:
    return {"Name": name, "Value": value}
