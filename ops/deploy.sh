#!/bin/bash
# Updates a server that ops/docker/compose.yaml runs, on its machine: takes a backup, starts the release, and asks it whether it is ready.
# If it is not, the release before is started again. It refuses a newer schema that replaced something; going back then needs the
# backup, and this says how.
#
#   ops/deploy.sh IMAGE        in the directory of compose.yaml, whose .env has GUILDHALL_PUBLIC_URL
set -euo pipefail
if [ $# != 1 ] || [ ! -e .env ]; then
    echo "usage: ops/deploy.sh IMAGE, in the directory of compose.yaml and .env" >&2
    exit 2
fi
image=$1
previous=$(sed -n 's/^GUILDHALL_IMAGE=//p' .env)
url=${HEALTH_URL:-http://127.0.0.1:8080}

use() {
    { grep -v '^GUILDHALL_IMAGE=' .env || true; echo "GUILDHALL_IMAGE=$1"; } > .env.new
    mv .env.new .env
}

start() {
    docker compose up --detach --no-build --wait --wait-timeout "${WAIT:-180}" < /dev/null &&
        curl --silent --show-error --fail --max-time 10 --retry 5 --retry-delay 2 --retry-all-errors --output /dev/null "$url/readyz"
}

# Standard input may be this script.
once() { docker compose run --rm --no-deps -T serve "$@" < /dev/null; }

docker pull --quiet "$image"
backup=/data/before-$(date -u +%Y%m%dT%H%M%SZ).db
[ -z "$previous" ] || once backup --to "$backup"
use "$image"
pending=0
[ -z "$previous" ] || pending=$(once migrate status | grep -c '^pending' || true)
if start; then
    echo "deployed $image ($pending migrations)"
    [ -z "$previous" ] || echo "remove $backup from the volume of data when you no longer go back: it is not encrypted"
    exit 0
fi
docker compose logs --tail 50 migrate serve worker >&2 || true
if [ -z "$previous" ]; then
    echo "$image did not become ready, and there is no release before it" >&2
else
    echo "$image did not become ready: going back to $previous" >&2
    use "$previous"
    if start; then
        echo "$previous runs again" >&2
    elif [ "$pending" -gt 0 ]; then
        echo "$previous did not become ready, either. If its log says that the schema is newer: stop serve and worker, make the database" >&2
        echo "empty, and run: docker compose run --rm --no-deps serve restore $backup" >&2
    fi
fi
exit 1
