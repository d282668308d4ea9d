#!/bin/bash
# Runs a command beside a Spark cluster of this machine: one master, two workers, loopback only.
# SPARK_MASTER names the master for it; the cluster is gone afterwards.
# Usage: scripts/with_spark.sh COMMAND... (scripts/setup_spark.sh first)
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(.cache/spark/bin/python -c 'import pyspark; print(pyspark.__path__[0])')
folder=$(mktemp -d "${TMPDIR:-/tmp}/yiwang-spark.XXXXXX")
port=$(.cache/spark/bin/python -c '
import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])')
export SPARK_LOCAL_IP=127.0.0.1 SPARK_WORKER_DIR="$folder" PYSPARK_PYTHON=$PWD/.cache/spark/bin/python
pids=()

stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

start() {
    "$home/bin/spark-class" "$@" >> "$folder/log" 2>&1 &
    pids+=($!)
}

start org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0
for _ in $(seq 100); do # the master answers after some seconds
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.3
done
for _ in 1 2; do
    start org.apache.spark.deploy.worker.Worker "spark://127.0.0.1:$port" \
        --host 127.0.0.1 --webui-port 0 --cores 1 --memory 2g
done

SPARK_MASTER="spark://127.0.0.1:$port" "$@"
