#!/bin/sh
# Reads public pages from a streaming replica of PostgreSQL on this machine, and shows what happens while the replica falls behind, is
# gone and comes back. It needs the programs of PostgreSQL 15 or newer, curl, and the program to try:
#   ops/drills/replica.sh target/release/guildhall
# PG_BIN is the folder of PostgreSQL's programs, DRILL an empty folder for both servers. As root, PostgreSQL runs as the user postgres.
set -eu

guildhall=$(realpath "${1:?the path of the program}")
bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
drill=${DRILL:-/dev/shm/replica}
primary_port=5610 replica_port=5611 port=5612
url=http://127.0.0.1:$port
token=the-token-of-this-drill
lag=2 # GUILDHALL_REPLICA_LAG_SECONDS
began=$(date +%s)

exec 3>&1
say() { echo "$(($(date +%s) - began)) s: $*" >&3; }
fail() { say "FAILED: $*"; exit 1; }

pg() {
    if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "cd / && $*"; else sh -c "$*"; fi
}
start() { # the name and the port of a server
    pg "$bin/pg_ctl -w -D $drill/$1 -l $drill/$1.log -o '-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$drill' start" \
        > /dev/null || fail "cannot start the $1: see $drill/$1.log"
}
sql() { # a port, a statement
    pg "$bin/psql -X -q -t -A -h 127.0.0.1 -p $1 -U postgres -d ${3:-guildhall} -c \"$2\""
}

server=
stop() {
    if [ -n "$server" ]; then
        kill "$server" 2> /dev/null || true
        wait "$server" || true
    fi
    for name in replica primary; do
        pg "$bin/pg_ctl -D $drill/$name -m immediate stop" > /dev/null 2>&1 || true
    done
}
trap stop EXIT

[ ! -e "$drill/primary" ] || fail "$drill is in use: remove it, or set DRILL to another folder"
mkdir -p "$drill/data"
if [ "$(id -u)" = 0 ]; then chown postgres "$drill"; fi

pg "$bin/initdb -D $drill/primary -A trust -U postgres" > /dev/null
start primary $primary_port
sql $primary_port 'CREATE DATABASE guildhall' postgres
pg "$bin/pg_basebackup -h 127.0.0.1 -p $primary_port -U postgres -D $drill/replica -R -X stream -c fast"
start replica $replica_port
say "a primary on port $primary_port and its replica on port $replica_port"

export GUILDHALL_DATA_DIR="$drill/data" GUILDHALL_BIND=127.0.0.1:$port GUILDHALL_METRICS_TOKEN=$token
export DATABASE_URL=postgres://postgres@127.0.0.1:$primary_port/guildhall
export DATABASE_READ_URL=postgres://postgres@127.0.0.1:$replica_port/guildhall
export GUILDHALL_REPLICA_LAG_SECONDS=$lag
"$guildhall" migrate up --create > /dev/null
"$guildhall" project create --name alderworks > /dev/null
"$guildhall" serve 2> "$drill/guildhall.log" &
server=$!

page() { # a path, and more arguments of curl: prints the page, and fails unless its status is 200
    path=$1
    shift
    curl --silent --show-error --fail "$@" "$url$path"
}
reads() { # a value of the label: prints the number of such reads
    page /metrics -H "Authorization: Bearer $token" \
        | sed -n "s/^guildhall_replica_reads_total{read=\"$1\"} //p"
}
within() { # seconds, what should happen, and the command that shows it
    limit=$(($(date +%s) + $1)) what=$2
    shift 2
    until "$@" > /dev/null 2>&1; do
        [ "$(date +%s)" -lt "$limit" ] || fail "$what"
        sleep 0.2
    done
    say "$what"
}
grows() { # a value of the label: true if another page is counted there
    before=$(reads "$1")
    page /projects > /dev/null || fail 'a page was not served'
    [ "$(reads "$1")" -gt "$before" ]
}
has() { page "$1" | grep -q "$2"; }

within 30 'the server is ready' page /readyz
within 15 'public pages are read from the replica' grows replica
has /projects alderworks || fail 'the page of the replica lacks the first project'

# A person reads their own changes.
code=$("$guildhall" setup-code | head -1)
curl --silent --output /dev/null -c "$drill/cookies" -H 'Sec-Fetch-Site: same-origin' \
    --data-urlencode "code=$code" --data-urlencode 'name=Wren Oak' "$url/setup"
grep -q guildhall-changed "$drill/cookies" || fail 'the browser does not remember that it changed something'
before=$(reads own_change)
page /projects -b "$drill/cookies" > /dev/null
[ "$(reads own_change)" -gt "$before" ] || fail 'a page after an own change was not read from the primary'
say 'pages after an own change are read from the primary'

# The replica falls behind.
sql $replica_port 'SELECT pg_wal_replay_pause()' > /dev/null
"$guildhall" project create --name birchworks > /dev/null
within $((lag + 10)) 'pages are read from the primary, because the replica is behind' grows behind
has /projects birchworks || fail 'the page lacks the second project'
sql $replica_port 'SELECT pg_wal_replay_resume()' > /dev/null
within 10 'the replica has caught up, and is read again' grows replica
has /projects birchworks || fail 'the page of the replica lacks the second project'

# The replica is gone.
pg "$bin/pg_ctl -D $drill/replica -m immediate stop" > /dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do page /projects > /dev/null || fail 'a page was not served without the replica'; done
say 'ten pages were served right after the replica had gone'
within 10 'pages are read from the primary, because the replica is gone' grows unreachable
start replica $replica_port
within 15 'the replica is back, and is read again' grows replica
grep -c 'public pages are' "$drill/guildhall.log" | sed 's/^/lines of the log about the replica: /'
say 'passed'
