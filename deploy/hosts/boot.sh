#!/bin/sh
# Makes a fresh Debian 12 a host of SpeakTracker: run once by the user data, from the release that it has unpacked.
# /etc/speaktracker/host says which programs run here (PROGRAMS="NAME:HOW_MANY …"), /etc/speaktracker/environment has
# their settings. Running it again is harmless, and is how a host changes its release.
set -eu

release=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=/dev/null
. /etc/speaktracker/host

id speaktracker >/dev/null 2>&1 ||
  useradd --system --home-dir /var/lib/speaktracker --shell /usr/sbin/nologin speaktracker
chown root:speaktracker /etc/speaktracker/environment
chmod 640 /etc/speaktracker/environment
chmod -R a+rX "$release"
ln -sfn "$release" /opt/speaktracker/current

# Prints the units of this host, a line each: a worker's carry their number.
units() {
  for each in $PROGRAMS; do
    name=${each%:*} number=${each#*:}
    if [ -e "$release/deploy/systemd/speaktracker-$name@.service" ]; then
      while [ "$number" -gt 0 ]; do
        echo "speaktracker-$name@$number.service"
        number=$((number - 1))
      done
    else
      echo "speaktracker-$name.service"
    fi
  done
}

for each in $PROGRAMS; do
  cp "$release"/deploy/systemd/speaktracker-"${each%:*}"*.service /etc/systemd/system/
done
cp "$release/deploy/hosts/speaktracker-lifecycle.service" /etc/systemd/system/
# Only what runs here: the release's own target names every program.
{
  echo "[Unit]"
  echo "Description=SpeakTracker: the programs of this host"
  echo "Wants=$(units | tr '\n' ' ')"
  echo
  echo "[Install]"
  echo "WantedBy=multi-user.target"
} >/etc/systemd/system/speaktracker.target

systemctl daemon-reload
# shellcheck disable=SC2046  # one word a unit is meant
systemctl enable speaktracker.target speaktracker-lifecycle.service $(units)
systemctl start speaktracker-lifecycle.service

# Logs to CloudWatch, a group a program; a host without them is of use all the same.
logs() {
  agent=/tmp/amazon-cloudwatch-agent.deb
  aws s3 cp --only-show-errors --no-sign-request --region "$REGION" \
    "s3://amazoncloudwatch-agent-$REGION/debian/amd64/latest/amazon-cloudwatch-agent.deb" "$agent" || return 1
  dpkg -i "$agent" >/dev/null || return 1
  rm "$agent"
  files=
  for each in $PROGRAMS; do
    name=${each%:*}
    files="$files${files:+,}{\"file_path\":\"/var/log/speaktracker/$name.jsonl\",\"log_group_name\":\"/speaktracker/${GROUP%%-*}/$name\",\"log_stream_name\":\"{instance_id}\"}"
  done
  printf '{"logs":{"logs_collected":{"files":{"collect_list":[%s]}}}}\n' "$files" >/etc/speaktracker/logs.json
  printf '/var/log/speaktracker/*.jsonl {\n  daily\n  rotate 3\n  maxsize 200M\n  copytruncate\n  missingok\n}\n' \
    >/etc/logrotate.d/speaktracker
  /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
    -c file:/etc/speaktracker/logs.json
}
logs || echo "speaktracker: this host sends no logs" >&2
