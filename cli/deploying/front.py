"""What stands in front of the gateways in prod: a load balancer inside, and CloudFront, through which all come."""

from cli.deploying.intrinsics import Resource, imported, prefixed, ref, sub, sub_with
from cli.deploying.keeping import tags
from cli.deploying.network import IN_PROD, PORT, private_subnets

IDLE_SECONDS = 120
"""A load balancer cuts what is silent for so long; sockets are pinged every 25 s, event streams every 15 s."""
TTLS = {"MinTTL": 0, "DefaultTTL": 86_400, "MaxTTL": 31_536_000}
GATEWAY_PATHS = (
    "/api/*",
    "/rooms",
    "/rooms/*",
    "/ws",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/asyncapi.json",
    "/docs*",
)
"""What gateways answer themselves; all else is a file of `frontend/`, or a page of the client."""
FOR_PROGRAMS = ("/api/", "/rooms", "/ws")
"""Of these, the ones that send a token: by http they are refused, so that it is noticed."""
NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's managed CachingDisabled
ALL_OF_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"  # AWS's managed AllViewer: the Host too, which gateways check
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
PAGES = """\
function handler(event) {
  var request = event.request;
  var name = request.uri.split('/').pop();
  if (name.indexOf('.') < 0 || request.uri.indexOf('/app/') === 0) { request.uri = '/index.html'; }
  return request;
}
"""
"""An address of the client is no file, though an e-mail in it has a dot: /index.html answers it. A page for all 404s
would answer the API's too."""


def front() -> Resource:
    """Return the load balancer and the distribution."""
    return {name: {**one, **IN_PROD} for name, one in (_balancer() | _distribution()).items()}


def _balancer() -> Resource:
    return {
        "Balancer": _load_balancer(),
        "Listener": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "LoadBalancerArn": ref("Balancer"),
                "Port": 443,
                "Protocol": "HTTPS",
                "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "Certificates": [{"CertificateArn": ref("BalancerCertificate")}],
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": ref("Gateways")}],
            },
        },
        "Gateways": _gateways(),
    }


def _load_balancer() -> Resource:
    return {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {
            "Name": prefixed("speaktracker"),
            "Scheme": "internal",
            "Subnets": private_subnets(),
            "SecurityGroups": [ref("BalancerGroup")],
            "LoadBalancerAttributes": _attributes(
                {
                    "idle_timeout.timeout_seconds": IDLE_SECONDS,
                    "client_keep_alive.seconds": 3600,
                    "routing.http.drop_invalid_header_fields.enabled": "true",
                    "deletion_protection.enabled": "true",
                }
            ),
            "Tags": tags(),
        },
    }


def _gateways() -> Resource:
    return {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {
            "VpcId": ref("Network"),
            "Port": PORT,
            "Protocol": "HTTP",
            "HealthCheckPath": "/readyz",
            "HealthCheckIntervalSeconds": 10,
            "HealthCheckTimeoutSeconds": 5,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 3,
            "TargetGroupAttributes": _attributes(
                {
                    "deregistration_delay.timeout_seconds": 30,
                    "load_balancing.algorithm.type": "least_outstanding_requests",
                }
            ),
            "Tags": tags(),
        },
    }


def _distribution() -> Resource:
    return {
        "FrontendCache": _cache(),
        "FrontendPages": {
            "Type": "AWS::CloudFront::Function",
            "Properties": {
                "Name": prefixed("speaktracker-pages"),
                "AutoPublish": True,
                "FunctionCode": PAGES,
                "FunctionConfig": {"Comment": "Pages of the client are /index.html.", "Runtime": "cloudfront-js-2.0"},
            },
        },
        "FrontendHeaders": _headers(),
        "BalancerOrigin": {
            "Type": "AWS::CloudFront::VpcOrigin",
            "Properties": {
                "VpcOriginEndpointConfig": {
                    "Arn": ref("Balancer"),
                    "Name": prefixed("speaktracker-gateways"),
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSSLProtocols": ["TLSv1.2"],
                }
            },
        },
        "Distribution": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": _configuration(), "Tags": tags()},
        },
    }


def _cache() -> Resource:
    return {
        "Type": "AWS::CloudFront::CachePolicy",
        "Properties": {
            "CachePolicyConfig": {
                "Name": prefixed("speaktracker-frontend"),
                **TTLS,
                "ParametersInCacheKeyAndForwardedToOrigin": {
                    "CookiesConfig": {"CookieBehavior": "none"},
                    "HeadersConfig": {"HeaderBehavior": "none"},
                    "QueryStringsConfig": {"QueryStringBehavior": "none"},
                    "EnableAcceptEncodingGzip": True,
                    "EnableAcceptEncodingBrotli": True,
                },
            }
        },
    }


def _configuration() -> Resource:
    return {
        "Enabled": True,
        "HttpVersion": "http2and3",
        "Comment": sub("SpeakTracker ${Environment}"),
        "Aliases": [ref("DomainName")],
        "DefaultRootObject": "index.html",
        "ViewerCertificate": {
            "AcmCertificateArn": ref("DistributionCertificate"),
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "Origins": _origins(),
        "DefaultCacheBehavior": {
            "TargetOriginId": "frontend",
            "ViewerProtocolPolicy": "redirect-to-https",
            "Compress": True,
            "CachePolicyId": ref("FrontendCache"),
            "ResponseHeadersPolicyId": ref("FrontendHeaders"),
            "FunctionAssociations": [
                {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["FrontendPages", "FunctionARN"]}}
            ],
        },
        "CacheBehaviors": [_passed_through(path) for path in GATEWAY_PATHS],
    }


def _origins() -> list[Resource]:
    return [
        {
            "Id": "frontend",
            "DomainName": sub_with("${Bucket}.s3.${AWS::Region}.amazonaws.com", Bucket=imported("ChatBucketName")),
            "OriginPath": "/frontend",
            "S3OriginConfig": {
                "OriginAccessIdentity": sub_with(
                    "origin-access-identity/cloudfront/${Identity}", Identity=imported("FrontendIdentity")
                )
            },
        },
        {
            "Id": "gateways",
            "DomainName": {"Fn::GetAtt": ["Balancer", "DNSName"]},
            "VpcOriginConfig": {
                "VpcOriginId": {"Fn::GetAtt": ["BalancerOrigin", "Id"]},
                "OriginReadTimeout": 60,
                "OriginKeepaliveTimeout": 60,
            },
        },
    ]


def _passed_through(path: str) -> Resource:
    return {
        "PathPattern": path,
        "TargetOriginId": "gateways",
        "ViewerProtocolPolicy": "https-only" if path.startswith(FOR_PROGRAMS) else "redirect-to-https",
        "AllowedMethods": METHODS,
        "CachePolicyId": NO_CACHE,
        "OriginRequestPolicyId": ALL_OF_VIEWER,
    }


def _headers() -> Resource:
    """Return what gateways say with every page, for the files that they do not send."""
    bucket = "https://${Bucket}.s3.${AWS::Region}.amazonaws.com"
    override = {"Override": True}
    return {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {
            "ResponseHeadersPolicyConfig": {
                "Name": prefixed("speaktracker-frontend"),
                "SecurityHeadersConfig": {
                    "ContentSecurityPolicy": {
                        "ContentSecurityPolicy": sub_with(policy_of(bucket), Bucket=imported("ChatBucketName")),
                        **override,
                    },
                    "ContentTypeOptions": override,
                    "FrameOptions": {"FrameOption": "DENY", **override},
                    "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", **override},
                    "StrictTransportSecurity": {
                        "AccessControlMaxAgeSec": 31_536_000,
                        "IncludeSubdomains": True,
                        **override,
                    },
                },
                "CustomHeadersConfig": {
                    "Items": [
                        {"Header": name, "Value": value, **override}
                        for name, value in {
                            "Cross-Origin-Opener-Policy": "same-origin",
                            "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
                        }.items()
                    ]
                },
            }
        },
    }


def policy_of(bucket: str) -> str:
    """Return the Content-Security-Policy of the client's page; a test holds it against the gateway's own."""
    parts = (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        f"img-src 'self' data: blob: {bucket}",
        f"media-src 'self' blob: {bucket}",
        f"connect-src 'self' {bucket}",
        "worker-src 'self'",
        "manifest-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types speaktracker",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(parts)


def _attributes(given: dict[str, object]) -> list[Resource]:
    return [{"Key": key, "Value": str(value)} for key, value in given.items()]
