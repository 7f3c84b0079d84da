#!/bin/sh
# Makes a release: this checkout at HEAD with everything installed by the locks' hashes, as it lies on hosts.
# Usage: deploy/release.sh VERSION FILE.tar.gz
# LOCKS are all that hosts need, unless it is to run on hosts of some programs only (production: no speech, no graphs).
# To be run on Debian 12 as root, as hosts are: what is installed knows the place where it lies.
set -eu

version=$1 file=$2
locks=${LOCKS:-production speech graph}
place=/opt/speaktracker/releases/$version
rm -rf "$place"
mkdir -p "$place"
git archive HEAD | tar -x -C "$place"
python3 -m venv "$place/.venv"
for lock in $locks; do
  "$place/.venv/bin/pip" install --quiet --no-cache-dir --require-hashes --no-deps -r "$place/requirements/$lock.txt"
done
case $locks in
  *graph*) (cd "$place" && .venv/bin/python -m graph_engine.encoders.building) ;;
esac
tar -czf "$file" -C /opt/speaktracker/releases "$version"
