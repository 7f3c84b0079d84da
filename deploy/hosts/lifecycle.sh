#!/bin/sh
# Takes this host through its group: says when its programs are ready, sets it aside where it is to wait in a warm
# pool, and lets the programs drain before it goes. Asks the instance's own metadata every five seconds, and ends when
# the host is done for. What AWS does not take now is said again five seconds later.
set -eu

# shellcheck source=/dev/null
. /etc/speaktracker/host
metadata=${METADATA:-http://169.254.169.254/latest}
pause=${PAUSE_SECONDS:-5}
said=

about() {
  token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token") &&
    curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"
}

# go_on HOOK: the group may go on with this host.
go_on() {
  aws autoscaling complete-lifecycle-action --region "$REGION" --auto-scaling-group-name "$GROUP" \
    --lifecycle-hook-name "$1" --instance-id "$instance" --lifecycle-action-result CONTINUE
}

# A gateway is ready when it answers /readyz; a host of workers when none of its units has failed or still starts.
is_ready() {
  if [ -n "$READY" ]; then
    curl -sf -m 5 -o /dev/null "$READY" || return 1
  fi
  ! systemctl list-units --no-legend --state=failed,activating 'speaktracker-*' | grep -q .
}

until instance=$(about instance-id); do sleep "$pause"; done
while :; do
  state=$(about autoscaling/target-lifecycle-state || echo unknown)
  case $state in
    "$said" | unknown) ;;
    InService)
      systemctl start speaktracker.target
      if is_ready && go_on arrive; then said=$state; fi
      ;;
    Warmed:*)
      systemctl stop speaktracker.target 'speaktracker-w*' 'speaktracker-dead*' 2>/dev/null || true
      if go_on arrive || go_on leave; then said=$state; fi
      ;;
    Terminated)
      systemctl stop 'speaktracker-w*' 'speaktracker-dead*' 'speaktracker-beat*' 'speaktracker-flower*'
      if go_on leave; then exit 0; fi
      ;;
  esac
  sleep "$pause"
done
