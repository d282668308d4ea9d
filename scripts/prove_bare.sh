#!/bin/bash
# Proves the two commands on a Debian 12 that holds nothing but python3, make, git and certificates.
# Usage (as root, with debootstrap): scripts/prove_bare.sh FOLDER [test]
# PROVE_TEST names another command than .ci/run to be run inside.
# FOLDER is made when missing and kept, so that a second proof is quick to begin. Of this machine
# it takes only the ways out: name service, package sources, certificates, pip's and npm's settings.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?usage: scripts/prove_bare.sh FOLDER [test]}
port=${YIWANG_PORT:-8099}

[ -f "$folder/etc/debian_version" ] || nice -n 10 debootstrap --variant=minbase \
    --include=python3,make,ca-certificates,git bookworm "$folder" ${DEBIAN_MIRROR:-} >/dev/null

copy() { [ ! -e "$1" ] || { mkdir -p "$folder$(dirname "$1")" && cp -a "$1" "$folder$(dirname "$1")/"; }; }
for path in /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d /etc/apt/sources.list.d \
    /etc/apt/auth.conf.d /etc/pip.conf /etc/npmrc /etc/ssl/certs /usr/share/ca-certificates \
    /usr/local/share/ca-certificates; do
    copy "$path"
done
find "$folder/etc/apt/sources.list.d" -type f ! -name 'debian*' -delete
[ ! -e "$folder/etc/apt/sources.list.d/debian.sources" ] || rm -f "$folder/etc/apt/sources.list"
for file in "$HOME/.npmrc" "$HOME/.config/pip/pip.conf"; do
    [ ! -e "$file" ] || install -D "$file" "$folder/root/${file#"$HOME"/}"
done
# Local folders of packages stay behind: the index alone must do.
sed -i -E '/(find-links|index-url).*(file:|= *\/)/d' "$folder"/etc/pip.conf \
    "$folder/root/.config/pip/pip.conf" 2>/dev/null || true

rm -rf "$folder/srv/yiwang"
mkdir -p "$folder/srv/yiwang"
tar -c --exclude=./.git --exclude=./.venv --exclude='./.data*' --exclude=./.cache \
    --exclude=node_modules --exclude=__pycache__ --exclude='./.*_cache' \
    --exclude=./src/yiwang/shell/static/vendor --exclude=./dist . | tar -x -C "$folder/srv/yiwang"

mounts=()
mount_in() { mount "$@" && mounts+=("${!#}"); }
unmount() { for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do umount -l "${mounts[i]}"; done; }
trap unmount EXIT
mount_in -t proc proc "$folder/proc"
mount_in --rbind /dev "$folder/dev"

outward=$(env | grep -E '^(PIP_CERT|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|https?_proxy)=' || true)
# shellcheck disable=SC2086  # one word each
enter=(env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8
    YIWANG_PORT="$port" $outward chroot "$folder" /bin/sh -c)
inside() { "${enter[@]}" "cd /srv/yiwang && $1"; }

# Starts `make demo`, waits for the first page, says how long that took, stops it again.
start_and_measure() {
    local began=${EPOCHREALTIME/./} process
    setsid "${enter[@]}" "cd /srv/yiwang && exec make demo" </dev/null &
    process=$!
    until curl -s -o /dev/null "http://127.0.0.1:$port/"; do
        kill -0 "$process" 2>/dev/null || { wait "$process"; return 1; }
        sleep 0.2
    done
    echo "── $1: first answer after $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
    curl -s -o /dev/null -w '── GET / → %{http_code}\n' "http://127.0.0.1:$port/"
    kill -TERM -- "-$process"
    wait "$process" || true
    while curl -s -o /dev/null "http://127.0.0.1:$port/"; do sleep 0.2; done
}

inside 'python3 --version; python3 -m venv --help >/dev/null 2>&1 || echo "no venv"; command -v node gcc || echo "no node, no gcc"'
start_and_measure "first make demo"
start_and_measure "second make demo"
[ "${2:-}" != test ] || inside "CI=true ${PROVE_TEST:-.ci/run}"
