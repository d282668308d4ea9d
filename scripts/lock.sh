#!/bin/sh
# Writes the locks: exact versions with hashes, and no address of any index (decision 0004).
# LOCK_OPTIONS=--upgrade chooses versions anew, npm's as well, and notes the day.
set -eu
cd "$(dirname "$0")/.."

lock() {
    output=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
        ${LOCK_OPTIONS:-} "$@" --output-file "$output"
    if grep -nE '://|@ file' "$output"; then
        echo "✗ $output names an address" >&2
        exit 1
    fi
}

# The widest first: the other two are held to its versions, so that one environment serves all.
lock requirements-dev.lock pyproject.toml --extra dev --group pyproject.toml:build
lock requirements.lock pyproject.toml --constraint requirements-dev.lock
lock requirements-build.lock --group pyproject.toml:build --constraint requirements-dev.lock
# Spark is installed by hand and by the long proofs only.
lock requirements-spark.lock pyproject.toml --extra spark --constraint requirements-dev.lock

case ${LOCK_OPTIONS:-} in *--upgrade*)
    npm update --package-lock-only --ignore-scripts
    sed -i "s/^chosen = .*/chosen = $(date -u +%F)/" pyproject.toml
esac
