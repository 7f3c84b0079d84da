#!/bin/sh
# Brings an environment to a release, or back to one: the three stacks, then every group host by host, then a look.
# Usage: deploy/deploy.sh ENVIRONMENT VERSION [RELEASE.tar.gz]
# Without a file the release must lie in the bucket already: that is how the release before comes back.
# Credentials are those of the shell; STACK_ROLE is the role that CloudFormation takes (the output of the access stack).
# FRONTEND is the folder that `python -m web.frontend` wrote, to be put before CloudFront when all groups are new. Its
# pages are kept with the release, and come back with it.
# BUCKET and ALARM_EMAIL are needed; PARAMETERS has more of the platform stack's (NAME=VALUE …), URL is verified at last.
set -eu

environment=$1 version=$2 file=${3:-}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
stack=speaktracker-$environment
role=${STACK_ROLE:+--role-arn $STACK_ROLE}

# put STACK TEMPLATE NAME=VALUE …
put() {
  name=$1 template=$2
  shift 2
  # shellcheck disable=SC2086  # the role is two words, or none
  aws cloudformation deploy --stack-name "$stack-$name" --template-file "$here/cloudformation/$template" \
    --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset $role $place \
    --parameter-overrides "Environment=$environment" "Version=$version" "$@"
}

groups() {
  aws autoscaling describe-auto-scaling-groups --output text \
    --query "AutoScalingGroups[?starts_with(AutoScalingGroupName, '$environment-speaktracker-')].AutoScalingGroupName"
}

# refresh GROUP: a host more than usual starts, and one of the old ones goes when it is ready.
refresh() {
  aws autoscaling start-instance-refresh --auto-scaling-group-name "$1" --output text --query InstanceRefreshId \
    --preferences '{"MinHealthyPercentage":100,"MaxHealthyPercentage":120,"SkipMatching":true,"ScaleInProtectedInstances":"Wait"}'
}

# await GROUP ID: fails where the refresh does.
await() {
  while :; do
    state=$(aws autoscaling describe-instance-refreshes --auto-scaling-group-name "$1" --instance-refresh-ids "$2" \
      --output text --query 'InstanceRefreshes[0].Status')
    case $state in
      Successful) return 0 ;;
      Pending | InProgress | Baking) sleep "${PAUSE_SECONDS:-10}" ;;
      *) echo "deploy: $1: the refresh is $state" >&2; return 1 ;;
    esac
  done
}

# pages: the pages of this release, as they were kept with it, are those that CloudFront serves; they name their files.
pages() {
  for name in service-worker.js manifest.webmanifest index.html; do
    aws s3 cp --only-show-errors "s3://$BUCKET/releases/$version/frontend/$name" "s3://$BUCKET/frontend/$name"
  done
}

place=
put resources resources.json "BucketName=$BUCKET" "AlarmEmail=$ALARM_EMAIL"
put access access.json
if [ -n "$file" ]; then
  aws s3 cp --only-show-errors "$file" "s3://$BUCKET/releases/$version.tar.gz"
else
  aws s3api head-object --bucket "$BUCKET" --key "releases/$version.tar.gz" >/dev/null
fi
place="--s3-bucket $BUCKET --s3-prefix releases/templates"
# shellcheck disable=SC2086  # several words are meant
put platform platform.json ${PARAMETERS:-}

# A page is never newer than the gateways that it asks: on the way back it is the first to go.
if [ -z "$file" ]; then
  if aws s3api head-object --bucket "$BUCKET" --key "releases/$version/frontend/index.html" >/dev/null; then
    pages
  else
    echo "deploy: no pages lie with release $version: those that CloudFront serves stay" >&2
  fi
fi
# Gateways last: what they ask for, the workers of this release know.
for group in $(groups | tr '\t' '\n' | sort | awk '/-web$/ { web = $0; next } { print } END { if (web) print web }'); do
  id=$(refresh "$group")
  await "$group" "$id"
done
if [ -n "${FRONTEND:-}" ]; then
  # Files of earlier releases stay: pages that are open still ask for them.
  aws s3 cp --only-show-errors --recursive --cache-control 'public, max-age=31536000, immutable' \
    "$FRONTEND/static" "s3://$BUCKET/frontend/static"
  for name in service-worker.js manifest.webmanifest index.html; do
    aws s3 cp --only-show-errors --cache-control no-cache "$FRONTEND/$name" \
      "s3://$BUCKET/releases/$version/frontend/$name"
  done
  pages
fi
if [ -n "${URL:-}" ]; then
  "${PYTHON:-python3}" -m cli verify "$URL" --aws
fi
