"""The template of machines: as the Procfile, the policies of scaling and the gateway have it."""

import fnmatch
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.deploying.command import ROOT, templates
from cli.deploying.front import GATEWAY_PATHS, IDLE_SECONDS, PAGES, policy_of
from cli.deploying.hosts import Host, hosts
from cli.deploying.intrinsics import logical
from cli.deploying.platform import platform_template
from cli.deploying.start import LONG, host_settings, program_settings, start_script
from cli.procfile import NODE, read_procfile
from shared.kernel.scaling import GATEWAYS, GROUPS
from shared.kernel.settings import Settings, read_settings
from shared.wiring import build_gateway
from web.app import create_app
from web.frontend import write_frontend
from web.security import content_security_policy

PROGRAMS = read_procfile(ROOT / "Procfile")
HOSTS = hosts(tuple(PROGRAMS))
MADE: dict[str, Any] = json.loads(platform_template(ROOT / "Procfile"))
RESOURCES: dict[str, Any] = MADE["Resources"]
DEAR = {"NatGateway", "EIP", "ReplicationGroup", "LoadBalancer", "Distribution", "VpcOrigin", "WarmPool"}
GIVEN = {
    "${Environment}": "prod",
    "${Version}": "1.2.3",
    "${AWS::Region}": "ap-northeast-2",
    "${ChatTableName}": "ChatTable",
    "${ChatBucketName}": "prod-speaktracker-chat",
    "${CognitoUserPoolId}": "ap-northeast-2_abc",
    "${CognitoClientId}": "client",
    "${NotificationTopicArn}": "arn:aws:sns:ap-northeast-2:1:prod-people",
    "${Redis.PrimaryEndPoint.Address}": "redis.internal",
    "${MailSender}": "hello@example.com",
    "${DomainName}": "speak.example.com",
}


def of(kind: str) -> dict[str, Any]:
    return {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == kind}


def filled(text: str) -> str:
    for name, value in GIVEN.items():
        text = text.replace(name, value)
    return text


def test_every_group_of_workers_scales_by_its_policy() -> None:
    groups, policies = of("AWS::AutoScaling::AutoScalingGroup"), of("AWS::AutoScaling::ScalingPolicy")
    alarms = of("AWS::CloudWatch::Alarm")
    for group in GROUPS:
        if group.name == "dead-letters":
            continue  # it stands with beat and Flower, and one or two of it are enough
        name = logical(group.name)
        made = groups[f"{name}Group"]
        tracking = policies[f"{name}ByBacklog"]["TargetTrackingConfiguration"]
        metric = tracking["CustomizedMetricSpecification"]

        assert (made["MinSize"], made["MaxSize"]) == (str(group.policy.least), str(group.policy.most))
        assert tracking["TargetValue"] == group.policy.utilisation
        assert (metric["Namespace"], metric["MetricName"]) == ("SpeakTracker", "BacklogPerWorker")
        assert metric["Dimensions"] == [
            {"Name": "Environment", "Value": {"Ref": "Environment"}},
            {"Name": "Group", "Value": group.name},
        ]
        assert alarms[f"{name}TooOld"]["Threshold"] == group.policy.oldest_seconds
        assert alarms[f"{name}TooOld"]["MetricName"] == "OldestMessageAge"
        assert (f"{name}FromNothing" in policies) is (group.policy.least == 0)


def test_gateways_scale_by_connections_and_processor() -> None:
    policies = of("AWS::AutoScaling::ScalingPolicy")

    assert policies["WebByProcessor"]["TargetTrackingConfiguration"]["TargetValue"] == GATEWAYS.processor_percent
    connections = policies["WebByConnections"]["TargetTrackingConfiguration"]
    assert connections["TargetValue"] == GATEWAYS.connections
    metrics = {one["Id"]: one for one in connections["CustomizedMetricSpecification"]["Metrics"]}
    assert [one["Id"] for one in metrics.values() if one["ReturnData"]] == ["each"]
    assert metrics["each"]["Expression"] == "held / 2 / gateways"  # more gateways lower it
    counted = {name: one["MetricStat"]["Metric"]["MetricName"] for name, one in metrics.items() if "MetricStat" in one}
    assert counted == {"held": "ActiveConnectionCount", "gateways": "GroupInServiceInstances"}
    assert metrics["held"]["MetricStat"]["Stat"] == "Sum"
    assert of("AWS::AutoScaling::AutoScalingGroup")["WebGroup"]["MetricsCollection"] == [{"Granularity": "1Minute"}]


def test_every_host_arrives_and_leaves_by_a_hook() -> None:
    for host in HOSTS:
        made = of("AWS::AutoScaling::AutoScalingGroup")[f"{logical(host.name)}Group"]
        hooks = {one["LifecycleHookName"]: one["DefaultResult"] for one in made["LifecycleHookSpecificationList"]}

        assert hooks == {"arrive": "ABANDON", "leave": "CONTINUE"}
        assert made["AutoScalingGroupName"] == {"Fn::Sub": f"${{Environment}}-speaktracker-{host.name}"}


def test_dev_has_nothing_that_costs_while_nobody_works() -> None:
    for name, one in RESOURCES.items():
        is_dear = one["Type"].split("::")[-1] in DEAR or one["Properties"].get("VpcEndpointType") == "Interface"
        assert not is_dear or one.get("Condition") == "IsProd", name
    assert (
        RESOURCES["EverythingGroup"]["Properties"]["MinSize"],
        RESOURCES["DevEnds"]["Properties"]["DesiredCapacity"],
    ) == ("0", 0)
    market = RESOURCES["EverythingLaunch"]["Properties"]["LaunchTemplateData"]["InstanceMarketOptions"]
    assert market == {"MarketType": "spot"}


def test_hosts_let_nobody_in_but_the_load_balancer_and_ask_metadata_with_a_token() -> None:
    assert RESOURCES["HostsGroup"]["Properties"]["SecurityGroupIngress"] == []
    assert RESOURCES["FromBalancer"]["Properties"]["SourceSecurityGroupId"] == {"Ref": "BalancerGroup"}
    for launch in of("AWS::EC2::LaunchTemplate").values():
        told = launch["LaunchTemplateData"]
        assert told["MetadataOptions"]["HttpTokens"] == "required"
        assert told["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
def test_the_settings_of_a_host_are_settings(host: Host) -> None:
    found = {name.lower(): filled(value) for name, value in program_settings(host).items()}
    unknown = set(found) - set(Settings.model_fields) - {"aws_default_region"}

    assert unknown == set()
    settings = Settings(**{name: value for name, value in found.items() if name in Settings.model_fields})  # type: ignore[arg-type]
    assert settings.cursor_key.get_secret_value() == "secretsmanager:prod/speaktracker/cursor-key"
    assert "trusted_proxies" in settings.model_fields_set
    assert settings.allowed_hosts


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
def test_the_script_of_a_host_is_a_script(host: Host) -> None:
    text, imported = start_script(host)["Fn::Sub"]
    parameters = set(MADE["Parameters"]) | set(imported) | {"AWS::Region", "Redis.PrimaryEndPoint.Address"}

    assert set(re.findall(r"\$\{([\w:.]+)\}", text)) <= parameters
    assert subprocess.run(["sh", "-n"], input=filled(text), text=True).returncode == 0
    assert len(text) < 16_384


def test_programs_of_long_jobs_are_named_as_their_workers_are() -> None:
    [graphs] = [host for host in HOSTS if host.name == "worker-graphs"]

    assert host_settings(graphs)["LONG"] == '"worker-graphs:450"'
    for program in LONG:
        assert NODE.search(PROGRAMS[program])[0].split()[-1] == f"{program.removeprefix('worker-')}@"  # type: ignore[index]


def test_every_program_runs_on_one_kind_of_host_in_prod_and_on_the_one_of_dev() -> None:
    [dev] = [host for host in HOSTS if host.condition == "IsDev"]

    assert set(dev.programs) == set(PROGRAMS)
    with pytest.raises(ValueError, match="each program"):
        hosts((*PROGRAMS, "worker-of-nobody"))


def test_cloudfront_passes_the_api_through_and_keeps_files_as_long_as_was_said() -> None:
    made = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]
    policy = RESOURCES["FrontendCache"]["Properties"]["CachePolicyConfig"]
    passed = {one["PathPattern"]: one for one in made["CacheBehaviors"]}

    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 86_400, 31_536_000)
    assert made["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    refused = {path for path, one in passed.items() if one["ViewerProtocolPolicy"] == "https-only"}
    assert refused == {"/api/*", "/rooms", "/rooms/*", "/ws"}
    assert {one["ViewerProtocolPolicy"] for one in passed.values()} == {"https-only", "redirect-to-https"}
    assert {one["TargetOriginId"] for one in passed.values()} == {"gateways"}
    assert {"/api/*", "/ws"} <= set(passed)
    [frontend] = [one for one in made["Origins"] if one["Id"] == "frontend"]
    assert frontend["OriginPath"] == "/frontend"


def test_every_address_of_the_gateway_is_passed_through_or_a_file_of_the_client() -> None:
    routes = json.loads((ROOT / "docs" / "roles.json").read_text("utf-8"))["routes"]
    paths = {re.sub(r"<[^>]+>", "x", route.split(" ")[1]) for route in routes}
    mine = {path for path in paths if path.startswith(("/static/", "/app")) or path == "/"}
    mine |= {"/manifest.webmanifest", "/service-worker.js"}

    left = {path for path in paths - mine if not any(fnmatch.fnmatch(path, one) for one in GATEWAY_PATHS)}
    assert left == set()
    assert not {path for path in mine if any(fnmatch.fnmatch(path, one) for one in GATEWAY_PATHS)}


def test_the_page_of_the_client_is_kept_as_safe_as_by_the_gateway() -> None:
    settings = Settings(
        cursor_key="x" * 16,
        cognito_user_pool_id="pool",
        cognito_client_id="client",
        chat_bucket_name="bucket",
        aws_region_name="ap-northeast-2",
    )

    assert policy_of("https://bucket.s3.ap-northeast-2.amazonaws.com") == content_security_policy(settings)


def test_the_load_balancer_outwaits_the_pings() -> None:
    pings = Settings.model_fields["ping_interval_seconds"].default

    assert 4 * pings < IDLE_SECONDS
    attributes = {one["Key"]: one["Value"] for one in RESOURCES["Balancer"]["Properties"]["LoadBalancerAttributes"]}
    assert attributes["idle_timeout.timeout_seconds"] == str(IDLE_SECONDS)


def test_prod_is_refused_without_what_it_needs() -> None:
    said = {one["AssertDescription"] for one in MADE["Rules"]["ProdIsWhole"]["Assertions"]}

    assert said == {
        f"{name} must be given in prod."
        for name in ("DomainName", "BalancerCertificate", "DistributionCertificate", "CloudFrontAddresses")
    }


def test_the_frontend_is_written_as_the_gateway_answers_it(tmp_path: Path) -> None:
    app = create_app(build_gateway(read_settings(aws_endpoint_url="http://127.0.0.1:1")))

    names = write_frontend(app, tmp_path)

    assert {"index.html", "service-worker.js", "manifest.webmanifest"} <= set(names)
    page = (tmp_path / "index.html").read_text("utf-8")
    for address in re.findall(r'(?:src|href)="/(static/[^"]+)"', page):
        assert (tmp_path / address).stat().st_size > 0


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "/index.html"),
        ("/app/rooms", "/index.html"),
        ("/app/students/mina%40example.com", "/index.html"),
        ("/service-worker.js", "/service-worker.js"),
        ("/static/a.b.css", "/static/a.b.css"),
    ],
)
def test_an_address_of_the_client_is_answered_by_its_page(address: str, file: str) -> None:
    asked = json.dumps({"request": {"uri": address}})
    told = subprocess.run(["node", "-p", f"{PAGES};handler({asked}).uri"], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == file


def test_the_page_counts_every_resource() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    for name, text in templates().items():
        table = page.split(f"| `{name}` |")[1].split("\n\n")[0]
        counted = sum(int(number) for number in re.findall(r"^\|[^|]+\| (\d+) \|", table, re.MULTILINE))
        assert counted == len(json.loads(text)["Resources"]), name
