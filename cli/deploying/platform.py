"""Machines and what stands before them, as CloudFormation: network, Redis, hosts, load balancer, CloudFront, mail."""

from pathlib import Path

from cli.deploying.front import front
from cli.deploying.groups import groups
from cli.deploying.hosts import hosts
from cli.deploying.intrinsics import Resource, by_environment, is_given, prefixed, ref, release, text_of
from cli.deploying.network import network
from cli.procfile import read_procfile

_SAID = "SpeakTracker: network, Redis, hosts, load balancer, CloudFront, mail (speaktracker template)"
IMAGE = "/aws/service/debian/release/12/latest/amd64"
"""Debian 12, whose Python is 3.11; Debian keeps the newest image under that name."""
NO_CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/none"
"""Stands for none: cfn-lint takes no empty text for a certificate's name."""


def platform_template(procfile: Path) -> str:
    """Return the text of the template."""
    kinds = hosts(tuple(read_procfile(procfile)))
    sections = {
        "Parameters": _parameters(),
        "Conditions": {**by_environment(), "HasMail": is_given("MailDomain")},
        "Rules": _rules(),
        "Resources": {**network(), **groups(kinds), **front(), **_mail(), **_hours()},
        "Outputs": {
            "DistributionAddress": {
                "Condition": "IsProd",
                "Value": {"Fn::GetAtt": ["Distribution", "DomainName"]},
                "Export": {"Name": prefixed("DistributionAddress")},
            },
            "DistributionId": {"Condition": "IsProd", "Value": ref("Distribution")},
        },
    }
    return text_of(_SAID, sections)


def _parameters() -> Resource:
    def text(said: str, default: str = "") -> Resource:
        return {"Type": "String", "Default": default, "Description": said}

    return {
        **release("The release that hosts run; the one before it rolls back."),
        "DomainName": text("Host that people know; prod only."),
        "BalancerCertificate": text("ARN of its certificate in this region; prod only."),
        "DistributionCertificate": text("ARN of its certificate in us-east-1; prod only.", NO_CERTIFICATE),
        "CloudFrontAddresses": text("Prefix list of CloudFront's servers in this region; prod only."),
        "RedisNodeType": text("Size of each of the two nodes of Redis.", "cache.t4g.small"),
        "MailDomain": text("Domain that mails come from, to be verified at SES; empty for none."),
        "MailSender": text("MAIL_SENDER: an address of that domain; empty writes mails to the log."),
        "ImageId": {
            "Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
            "Default": IMAGE,
            "Description": "The image of hosts: Debian 12.",
        },
    }


def _rules() -> Resource:
    needed = dict.fromkeys(("DomainName", "BalancerCertificate", "CloudFrontAddresses"), "")
    needed["DistributionCertificate"] = NO_CERTIFICATE
    return {
        "ProdIsWhole": {
            "RuleCondition": {"Fn::Equals": [ref("Environment"), "prod"]},
            "Assertions": [
                {
                    "Assert": {"Fn::Not": [{"Fn::Equals": [ref(name), none]}]},
                    "AssertDescription": f"{name} must be given in prod.",
                }
                for name, none in needed.items()
            ],
        }
    }


def _mail() -> Resource:
    return {
        "MailIdentity": {
            "Type": "AWS::SES::EmailIdentity",
            "Condition": "HasMail",
            "Properties": {
                "EmailIdentity": ref("MailDomain"),
                "DkimAttributes": {"SigningEnabled": True},
                "FeedbackAttributes": {"EmailForwardingEnabled": True},
            },
        }
    }


def _hours() -> Resource:
    """Return dev's hours: its one host is there on working days from nine to eight in Seoul."""

    def at(recurrence: str, count: int) -> Resource:
        return {
            "Type": "AWS::AutoScaling::ScheduledAction",
            "Condition": "IsDev",
            "Properties": {
                "AutoScalingGroupName": ref("EverythingGroup"),
                "DesiredCapacity": count,
                "Recurrence": recurrence,
                "TimeZone": "Asia/Seoul",
            },
        }

    return {"DevBegins": at("0 9 * * 1-5", 1), "DevEnds": at("0 20 * * *", 0)}
