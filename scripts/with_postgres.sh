#!/bin/bash
# Runs a command with a private PostgreSQL cluster: YIWANG_DATABASE is set for it, and the cluster
# is gone afterwards. Usage: scripts/with_postgres.sh COMMAND...
# POSTGRES_DURABLE=1 keeps fsync on, for measurements; tests do without.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
folder=$(mktemp -d "${TMPDIR:-/tmp}/yiwang-postgres.XXXXXX")
port=$("${PYTHON:-.venv/bin/python}" -c '
import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])')

# PostgreSQL refuses to run as root: then Debian's own user for it runs it.
as_owner() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$folder"

stop() {
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT

as_owner "$bin/initdb" -D "$folder/data" -U yiwang -A trust -E UTF8 --locale=C.UTF-8 -N \
    >/dev/null
{
    echo "listen_addresses = '127.0.0.1'"
    echo "port = $port"
    echo "unix_socket_directories = '$folder'"
    echo "max_connections = 60"
    if [ "${POSTGRES_DURABLE:-0}" = 1 ]; then  # as docs/operations.md advises for a town
        printf '%s\n' "shared_buffers = 2GB" "random_page_cost = 1.1" "jit = off" \
            "max_wal_size = 4GB"
    else
        echo "shared_buffers = 256MB"
        printf '%s\n' "fsync = off" "synchronous_commit = off" "full_page_writes = off"
    fi
} >> "$folder/data/postgresql.conf"
as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/log" -w -s start </dev/null
as_owner "$bin/createdb" -h 127.0.0.1 -p "$port" -U yiwang yiwang

address="postgresql://yiwang@127.0.0.1:$port/yiwang"
# A town's database on the same machine is reached by its socket, which costs less than TCP.
[ "${POSTGRES_DURABLE:-0}" != 1 ] || address="postgresql://yiwang@/yiwang?host=$folder&port=$port"
YIWANG_DATABASE=$address "$@"
