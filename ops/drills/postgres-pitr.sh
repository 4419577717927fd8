#!/usr/bin/env bash
# Drill: point-in-time recovery of PostgreSQL. Makes a cluster of its own with an archive of its write-ahead log, a base backup
# and rows; loses the rows and the cluster; recovers the state of the second before, and checks each row.
#
#   PG_BIN=/usr/lib/postgresql/15/bin DRILL_DIR=/var/tmp/pitr DRILL_PORT=5599 ops/drills/postgres-pitr.sh
#
# Run by root, it continues as the user postgres, because PostgreSQL refuses root. It touches no other cluster, and removes
# its own at the end. Exit codes: 0 recovered as expected, 1 not.
set -euo pipefail

PG_BIN=${PG_BIN:-$(dirname "$(readlink -f "$(command -v initdb || echo /usr/lib/postgresql/15/bin/initdb)")")}
DRILL_DIR=${DRILL_DIR:-/var/tmp/guildhall-pitr}
DRILL_PORT=${DRILL_PORT:-5599}

if [ "$(id -u)" = 0 ]; then
    mkdir "$DRILL_DIR"
    chown postgres "$DRILL_DIR"
    cp "$0" "$DRILL_DIR/drill.sh"
    chmod 755 "$DRILL_DIR/drill.sh"
    code=0
    su postgres -c "cd '$DRILL_DIR' && PG_BIN='$PG_BIN' DRILL_DIR='$DRILL_DIR' DRILL_PORT='$DRILL_PORT' ./drill.sh" || code=1
    rm -rf "$DRILL_DIR"
    exit $code
fi

mkdir -p "$DRILL_DIR"
cd "$DRILL_DIR"
mkdir archive
live=$DRILL_DIR/live recovered=$DRILL_DIR/recovered archive=$DRILL_DIR/archive base=$DRILL_DIR/base

stop() {
    for cluster in "$live" "$recovered"; do
        if [ -f "$cluster/postmaster.pid" ]; then
            "$PG_BIN/pg_ctl" -D "$cluster" -m immediate stop >/dev/null || true
        fi
    done
}
finish() {
    code=$?
    stop
    if [ $code != 0 ]; then
        tail -n 20 "$DRILL_DIR"/*.log >&2 || true
    fi
    rm -rf "$live" "$recovered" "$archive" "$base" "$DRILL_DIR"/*.log
    exit $code
}
trap finish EXIT

sql() { "$PG_BIN/psql" -X -q -t -A -v ON_ERROR_STOP=1 -h "$DRILL_DIR" -p "$DRILL_PORT" -U postgres -d postgres -c "$1"; }
start() { "$PG_BIN/pg_ctl" -D "$1" -l "$2" -w -t 60 -o "-p $DRILL_PORT -c listen_addresses= -c unix_socket_directories=$DRILL_DIR" start >/dev/null; }
says() { echo "$(date +%T) $1"; }
began=$(date +%s)

says "1. a cluster whose write-ahead log is archived"
"$PG_BIN/initdb" -D "$live" -A trust -U postgres >/dev/null
cat >> "$live/postgresql.conf" <<CONF
wal_level = replica
archive_mode = on
archive_command = 'test ! -f $archive/%f && cp %p $archive/%f.part && mv $archive/%f.part $archive/%f'
archive_timeout = 60
CONF
start "$live" live.log
sql "CREATE TABLE entries (id int PRIMARY KEY, words text NOT NULL); INSERT INTO entries VALUES (1, 'before the base backup')"

says "2. a base backup, while the cluster is used"
"$PG_BIN/pg_basebackup" -h "$DRILL_DIR" -p "$DRILL_PORT" -U postgres -D "$base" -X none -c fast >/dev/null 2>base.log
"$PG_BIN/pg_verifybackup" -n -q "$base"

says "3. changes after it, of which only the write-ahead log knows"
sql "INSERT INTO entries VALUES (2, 'after the base backup')"
sleep 1
target=$(sql "SELECT now()")
sleep 1

says "4. the mistake, a second after $target"
sql "DELETE FROM entries; INSERT INTO entries VALUES (3, 'after the mistake')"
last=$(sql "SELECT pg_walfile_name(pg_switch_wal())")
for _ in $(seq 100); do
    if [ -f "$archive/$last" ]; then break; fi
    sleep 0.1
done
test -f "$archive/$last"

says "5. the disaster: the cluster is gone"
lost=$(date +%s)
"$PG_BIN/pg_ctl" -D "$live" -m immediate stop >/dev/null
rm -rf "$live"

says "6. recovery to $target"
cp -a "$base" "$recovered"
chmod 700 "$recovered"
cat >> "$recovered/postgresql.conf" <<CONF
restore_command = 'cp $archive/%f %p'
recovery_target_time = '$target'
recovery_target_action = 'promote'
archive_mode = off
CONF
touch "$recovered/recovery.signal"
start "$recovered" recovered.log
for _ in $(seq 300); do
    if [ "$(sql "SELECT pg_is_in_recovery()")" = f ]; then break; fi
    sleep 0.1
done

says "7. the rows of that time are there, and no others"
found=$(sql "SELECT string_agg(id || ': ' || words, ', ' ORDER BY id) FROM entries")
expected="1: before the base backup, 2: after the base backup"
if [ "$found" != "$expected" ]; then
    echo "expected '$expected', found '$found'" >&2
    exit 1
fi
sql "INSERT INTO entries VALUES (4, 'the recovered cluster is writable')"
says "recovered in $(($(date +%s) - lost)) s; the drill took $(($(date +%s) - began)) s"
