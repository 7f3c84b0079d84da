#!/bin/sh
# Runs one program of the Procfile in a container: `run.sh worker-tts`. It takes the place of this shell, for signals.
set -eu
command=$(sed -n "s/^$1: //p" Procfile)
[ -n "$command" ] || { echo "run.sh: the Procfile has no program named $1" >&2; exit 64; }
exec /bin/sh -c "exec $command"
