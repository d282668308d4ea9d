#!/bin/sh
# Spark for the long proofs: Java 17 from Debian's packages, and .cache/spark, an environment of
# its own from requirements-spark.lock (half a gigabyte; nobody gets it unasked).
set -eu
cd "$(dirname "$0")/.."
folder=.cache/spark
say() { printf '%s\n' "$*" >&2; }

if ! command -v java >/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "✗ Spark 需要 Java 17 / Spark needs Java 17"
        say "  sudo apt-get install openjdk-17-jre-headless"
        exit 1
    fi
    say "· 安装 Java 17 / installing Java 17"
    apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        openjdk-17-jre-headless < /dev/null > /dev/null
fi

key=$(cat requirements-spark.lock requirements-build.lock pyproject.toml | cksum)
[ "$(cat "$folder/stamp" 2>/dev/null)" = "$key" ] && exit 0
say "· 安装 Spark / installing Spark"
.venv/bin/python -m venv --clear "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r requirements-spark.lock -r requirements-build.lock
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --editable .
echo "$key" > "$folder/stamp"
