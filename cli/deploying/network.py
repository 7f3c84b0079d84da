"""Where hosts stand: two zones, a private network in prod, what may talk to what, and Redis."""

from cli.deploying.intrinsics import Resource, logical, prefixed, ref, sub
from cli.deploying.keeping import tags

ZONES = (0, 1)
PORT = 8000
REDIS_PORT = 6379
SERVICES = ("bedrock-runtime", "logs", "monitoring", "polly", "secretsmanager", "sqs", "transcribestreaming")
"""Asked often, or with people's words: by endpoints of our own. The rest goes by the NAT gateway."""
FREE_SERVICES = ("dynamodb", "s3")
IN_PROD: Resource = {"Condition": "IsProd"}


def network() -> Resource:
    """Return the network; dev has public subnets alone, whose host lets nobody in, and so needs no NAT gateway."""
    found: Resource = {
        "Network": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
                "CidrBlock": "10.20.0.0/16",
                "EnableDnsSupport": True,
                "EnableDnsHostnames": True,
                "Tags": _named("network"),
            },
        },
        "Internet": {"Type": "AWS::EC2::InternetGateway", "Properties": {"Tags": _named("internet")}},
        "InternetOfNetwork": {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"VpcId": ref("Network"), "InternetGatewayId": ref("Internet")},
        },
        "PublicRoutes": _routes("public"),
        "PublicRoute": _route("PublicRoutes", {"GatewayId": ref("Internet")}),
        "PrivateRoutes": {**_routes("private"), **IN_PROD},
        "PrivateRoute": {**_route("PrivateRoutes", {"NatGatewayId": ref("Nat")}), **IN_PROD},
        "NatAddress": {"Type": "AWS::EC2::EIP", **IN_PROD, "Properties": {"Domain": "vpc", "Tags": _named("nat")}},
        "Nat": {
            "Type": "AWS::EC2::NatGateway",
            **IN_PROD,
            "Properties": {
                "AllocationId": {"Fn::GetAtt": ["NatAddress", "AllocationId"]},
                "SubnetId": ref("PublicSubnet0"),
                "Tags": _named("nat"),
            },
        },
    }
    for zone in ZONES:
        found |= _subnets(zone)
    return found | _endpoints() | _groups() | _redis()


def _subnets(zone: int) -> Resource:
    found: Resource = {}
    for kind, block, condition in (("Public", zone, {}), ("Private", 10 + zone, IN_PROD)):
        found[f"{kind}Subnet{zone}"] = {
            "Type": "AWS::EC2::Subnet",
            **condition,
            "Properties": {
                "VpcId": ref("Network"),
                "CidrBlock": f"10.20.{block}.0/24",
                "AvailabilityZone": {"Fn::Select": [zone, {"Fn::GetAZs": ""}]},
                "Tags": _named(f"{kind.lower()}-{zone}"),
            },
        }
        found[f"{kind}Subnet{zone}Routes"] = {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            **condition,
            "Properties": {"SubnetId": ref(f"{kind}Subnet{zone}"), "RouteTableId": ref(f"{kind}Routes")},
        }
    return found


def _endpoints() -> Resource:
    private = {"Fn::If": ["IsProd", ref("PrivateRoutes"), ref("AWS::NoValue")]}
    found: Resource = {
        f"{logical(name)}Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": ref("Network"),
                "VpcEndpointType": "Gateway",
                "ServiceName": sub(f"com.amazonaws.${{AWS::Region}}.{name}"),
                "RouteTableIds": [ref("PublicRoutes"), private],
            },
        }
        for name in FREE_SERVICES
    }
    for name in SERVICES:
        found[f"{logical(name)}Endpoint"] = {
            "Type": "AWS::EC2::VPCEndpoint",
            **IN_PROD,
            "Properties": {
                "VpcId": ref("Network"),
                "VpcEndpointType": "Interface",
                "PrivateDnsEnabled": True,
                "ServiceName": sub(f"com.amazonaws.${{AWS::Region}}.{name}"),
                "SubnetIds": private_subnets(),
                "SecurityGroupIds": [ref("EndpointsGroup")],
            },
        }
    return found


def _groups() -> Resource:
    hosts, balancer = ref("HostsGroup"), ref("BalancerGroup")
    cloudfront = {"SourcePrefixListId": ref("CloudFrontAddresses")}
    return {
        "HostsGroup": _group("hosts: nobody comes in but the load balancer", []),
        "BalancerGroup": {**_group("load balancer: CloudFront alone", [_rule(443, **cloudfront)]), **IN_PROD},
        "EndpointsGroup": {**_group("endpoints: hosts", [_rule(443, SourceSecurityGroupId=hosts)]), **IN_PROD},
        "RedisGroup": {**_group("Redis: hosts", [_rule(REDIS_PORT, SourceSecurityGroupId=hosts)]), **IN_PROD},
        "FromBalancer": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            **IN_PROD,
            "Properties": {"GroupId": hosts, **_rule(PORT, SourceSecurityGroupId=balancer)},
        },
    }


def _redis() -> Resource:
    """Return Redis of prod: it must keep what it was given, so it refuses where it is full, and never evicts."""
    return {
        "RedisParameters": {
            "Type": "AWS::ElastiCache::ParameterGroup",
            **IN_PROD,
            "Properties": {
                "CacheParameterGroupFamily": "valkey8",
                "Description": "Nothing is evicted.",
                "Properties": {"maxmemory-policy": "noeviction"},
            },
        },
        "RedisSubnets": {
            "Type": "AWS::ElastiCache::SubnetGroup",
            **IN_PROD,
            "Properties": {"Description": "The private subnets.", "SubnetIds": private_subnets()},
        },
        "Redis": {
            "Type": "AWS::ElastiCache::ReplicationGroup",
            **IN_PROD,
            "Properties": {
                "ReplicationGroupDescription": "Events, sequence numbers, limits and caches of SpeakTracker.",
                "Engine": "valkey",
                "EngineVersion": "8.0",
                "CacheNodeType": ref("RedisNodeType"),
                "NumCacheClusters": 2,
                "AutomaticFailoverEnabled": True,
                "MultiAZEnabled": True,
                "TransitEncryptionEnabled": True,
                "AtRestEncryptionEnabled": True,
                "SnapshotRetentionLimit": 1,
                "CacheParameterGroupName": ref("RedisParameters"),
                "CacheSubnetGroupName": ref("RedisSubnets"),
                "SecurityGroupIds": [ref("RedisGroup")],
                "Tags": tags(),
            },
        },
    }


def private_subnets() -> list[Resource]:
    """Return the subnets that nobody reaches from outside; prod alone has them."""
    return [ref(f"PrivateSubnet{zone}") for zone in ZONES]


def public_subnets() -> list[Resource]:
    """Return the subnets with a way to the internet."""
    return [ref(f"PublicSubnet{zone}") for zone in ZONES]


def _group(said: str, rules: list[Resource]) -> Resource:
    return {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": said,
            "VpcId": ref("Network"),
            "SecurityGroupIngress": rules,
            "Tags": tags(),
        },
    }


def _rule(port: int, **source: object) -> Resource:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}


def _routes(kind: str) -> Resource:
    return {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref("Network"), "Tags": _named(kind)}}


def _route(table: str, target: Resource) -> Resource:
    found: Resource = {
        "Type": "AWS::EC2::Route",
        "Properties": {"RouteTableId": ref(table), "DestinationCidrBlock": "0.0.0.0/0", **target},
    }
    return found | ({"DependsOn": "InternetOfNetwork"} if "GatewayId" in target else {})


def _named(name: str) -> list[Resource]:
    return [{"Key": "Name", "Value": prefixed(f"speaktracker-{name}")}, *tags()]
