#!/bin/sh
# Checks the units without starting them: their syntax, and that their exposure is at most 2.0 of 10.
set -eu
cd "$(dirname "$0")"
copies=$(mktemp -d)
trap 'rm -r "$copies"' EXIT
for unit in guildhall.service guildhall-worker.service; do
    # The program need not be installed here.
    sed 's#^ExecStart=/usr/bin/guildhall.*#ExecStart=/bin/true#' "$unit" > "$copies/$unit"
    systemd-analyze verify --man=no --recursive-errors=no "$copies/$unit"
    systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" > /dev/null
    echo "$unit: fine"
done
