#!/bin/bash
# Runs the root of the container image without a container engine: as a user without rights, in a read-only root, with a writable /data only.
# Needs root, for the mounts and for chroot; everything that it starts and mounts ends with it.
#
#   ops/docker/try.sh PROGRAM [PORT]
set -euo pipefail
[ -n "${INSIDE:-}" ] || exec env INSIDE=1 unshare --mount --pid --fork --kill-child "$0" "$@"
program=$(realpath "$1")
port=${2:-8690}
here=$(dirname "$(realpath "$0")")
uid=65534
root=$(mktemp -d)
# On a disk: `doctor` finds a database that is in memory.
data=$(mktemp -d --tmpdir=/var/tmp)
trap 'umount --lazy "$root/data" "$root/proc" "$root" 2>/dev/null || true; rmdir "$root"; rm -rf "$data"' EXIT

# The mounts are seen by this process and those that it starts.
mount -t proc proc /proc
mount -t tmpfs -o size=2g,mode=755 image "$root"
"$here/root.sh" "$program" "$root"
mkdir "$root/proc"
mount -t proc proc "$root/proc"
chown $uid:$uid "$data"
mount --bind "$data" "$root/data"
mount -o remount,ro "$root"

inside() {
    env --ignore-environment PATH="$PATH" GUILDHALL_DATA_DIR=/data GUILDHALL_BIND="127.0.0.1:$port" GUILDHALL_LOG_FORMAT=json \
        chroot --userspec=$uid:$uid --groups= "$root" /usr/bin/guildhall "$@"
}

say() { echo "try.sh: $*"; }

inside --version
! touch "$root/etc/x" 2>/dev/null || { say "the root can be written"; exit 1; }
inside serve > "$root/data/log" 2>&1 &
server=$!
for _ in $(seq 150); do
    ready=$(curl --silent --max-time 2 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/readyz" || true)
    [ "$ready" != 200 ] || break
    kill -0 $server || { cat "$root/data/log"; exit 1; }
    sleep 0.2
done
say "/readyz: $ready"
[ "$ready" = 200 ] || { cat "$root/data/log"; exit 1; }
health=$(curl --silent --max-time 5 "http://127.0.0.1:$port/api/health")
say "/api/health: $health"
front=$(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/")
say "/: $front"
if inside probe --help > /dev/null 2>&1; then
    inside probe
    say "the command of the image's health check: fine"
fi
process=$(pgrep --parent $server)
user=$(stat --format=%u "/proc/$process")
say "user of the server: $user"
[ "$user" = $uid ]
inside doctor > "$root/data/doctor" 2>&1 || { cat "$root/data/doctor"; exit 1; }
say "doctor: fine"
kill -TERM "$process"
wait $server
say "stopped; the image has $(find "$root" -xdev -type f | wc -l) files of $(du -shx "$root" | cut -f1)"
