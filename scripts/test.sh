#!/bin/bash
# Everything that must hold before a change lands: the checks, the whole suite on SQLite with the
# browser journeys, what asks a database again on PostgreSQL. Options are handed to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
began=$SECONDS
failed=()

step() {
    local title=$1 since=$SECONDS
    shift
    printf '\n── %s\n' "$title"
    "$@" || failed+=("$title")
    printf '── %s: %d s\n' "$title" $((SECONDS - since))
}

scripts/setup dev || exit 1
scripts/setup_tests.sh || exit 1

step "checks" make --no-print-directory check
step "SQLite" .venv/bin/pytest -n 2 --dist loadfile -q "$@"
step "PostgreSQL" scripts/with_postgres.sh .venv/bin/pytest -n 2 --dist loadfile -q --ignore=tests/journeys --only-database "$@"

printf '\n── %d s in all\n' $((SECONDS - began))
if [ ${#failed[@]} -gt 0 ]; then
    printf '✗ failed: %s\n' "${failed[*]}"
    exit 1
fi
echo "✓ all passed"
