#!/bin/sh
# Makes a release: this checkout at HEAD with everything installed by the locks' hashes, as it lies on hosts.
# Usage: deploy/release.sh VERSION FILE.tar.gz
# To be run on Debian 12 as root, as hosts are: what is installed knows the place where it lies.
set -eu

version=$1 file=$2
place=/opt/speaktracker/releases/$version
rm -rf "$place"
mkdir -p "$place"
git archive HEAD | tar -x -C "$place"
python3 -m venv "$place/.venv"
for lock in production speech graph; do
  "$place/.venv/bin/pip" install --quiet --no-cache-dir --require-hashes --no-deps -r "$place/requirements/$lock.txt"
done
(cd "$place" && .venv/bin/python -m graph_engine.encoders.building)
tar -czf "$file" -C /opt/speaktracker/releases "$version"
