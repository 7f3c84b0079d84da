#!/bin/sh
# Takes this host through its group: says when its programs are ready, sets it aside where it is to wait in a warm
# pool, and lets the programs drain before it goes: long jobs first, for as long as their kind may take. Asks the instance's own metadata every five seconds, and ends when
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

# finish: what takes long ends here, where it is, while the group waits; others begin anew what does not end in time.
# A worker that is told to stop has no more than its grace, so it is first told to take nothing more.
finish() {
  for each in ${LONG:-}; do
    name=${each%:*} seconds=${each#*:}
    workers=$(systemctl list-units --plain --no-legend --state=active "speaktracker-$name@*" |
      sed -n "s/^speaktracker-\(worker-\)\{0,1\}\(.*\)@\([0-9]*\)\.service.*/--worker \2-\3@$(hostname)/p")
    [ -n "$workers" ] || continue
    # shellcheck disable=SC2086  # two words a worker are meant
    systemd-run --quiet --wait --collect --pipe -p User=speaktracker -p EnvironmentFile=/etc/speaktracker/environment \
      -p WorkingDirectory=/opt/speaktracker/current .venv/bin/python -m cli queues --aws drain $workers \
      --wait "$seconds" &
    draining=$! waited=0
    while kill -0 "$draining" 2>/dev/null; do
      if [ $((waited % 6)) -eq 0 ]; then still_leaving || true; fi
      waited=$((waited + 1))
      sleep "$pause"
    done
    wait "$draining" || echo "speaktracker: $name did not finish; what it holds is begun anew elsewhere" >&2
  done
}

# A host that says nothing for three minutes is taken for gone.
still_leaving() {
  aws autoscaling record-lifecycle-action-heartbeat --region "$REGION" --auto-scaling-group-name "$GROUP" \
    --lifecycle-hook-name leave --instance-id "$instance"
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
      finish
      systemctl stop speaktracker.target 'speaktracker-w*' 'speaktracker-dead*' 2>/dev/null || true
      if go_on arrive || go_on leave; then said=$state; fi
      ;;
    Terminated)
      finish
      systemctl stop 'speaktracker-w*' 'speaktracker-dead*' 'speaktracker-beat*' 'speaktracker-flower*'
      if go_on leave; then exit 0; fi
      ;;
  esac
  sleep "$pause"
done
