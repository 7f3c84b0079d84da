#!/bin/sh
# Rehearses a host without AWS: a Debian 12 in a directory of its own, in it a release of this checkout at HEAD, and on
# that the host's boot.sh and a gateway, by the settings that the template gives it, until /readyz answers.
# Usage, as root: deploy/hosts/rehearse.sh [DIRECTORY]; it needs debootstrap, Debian's mirror (MIRROR) and an index of
# Python packages, some 700 MB and two minutes, and no AWS: that is the laptop's. What was made stays in DIRECTORY;
# where there is a release already, it is used again.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
place=${1:-/tmp/speaktracker-host}
python=${PYTHON:-$here/.venv/bin/python}
version=rehearsal

if [ ! -e "$place/made" ]; then
  if [ -e "$place" ]; then
    echo "rehearse: $place is there, and no Debian that was finished by this: remove it, or name another" >&2
    exit 64
  fi
  debootstrap --variant=minbase --include=ca-certificates,curl,git,python3,python3-venv,systemd \
    bookworm "$place" "${MIRROR:-http://deb.debian.org/debian}"
  touch "$place/made"
fi
if [ ! -e "$place/tmp/released" ]; then
  # Certificates of this machine: where its network has an authority of its own, the host must know it too.
  cp /etc/ssl/certs/ca-certificates.crt "$place/etc/ssl/certs/ca-certificates.crt"
  rm -rf "$place/root/speaktracker"
  git clone --quiet --no-local "$here" "$place/root/speaktracker"
  chroot "$place" /bin/sh -c "cd /root/speaktracker && LOCKS=production deploy/release.sh $version /tmp/release.tar.gz"
  touch "$place/tmp/released"
fi
# As user data does: what is run is what was packed.
rm -rf "$place/opt/speaktracker/releases"
mkdir -p "$place/opt/speaktracker/releases"
tar -xzf "$place/tmp/release.tar.gz" -C "$place/opt/speaktracker/releases"
cd "$here"
exec "$python" -m cli.deploying.rehearsing "$place" "$version"
