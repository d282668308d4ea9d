#!/bin/sh
# What the tests need from the system: Chromium, a Chinese font, PostgreSQL. Root gets them from
# Debian's packages; anybody else is told exactly what is missing.
set -eu

has_font() { fc-list ':lang=zh-cn' 2>/dev/null | grep -q .; }
has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }
has_atomic() { ldconfig -p 2>/dev/null | grep -q libatomic.so.1 || /sbin/ldconfig -p | grep -q libatomic.so.1; }

missing=
command -v chromium >/dev/null || missing="$missing chromium"
has_font || missing="$missing fonts-noto-cjk fontconfig"
has_postgres || missing="$missing postgresql"
has_atomic || missing="$missing libatomic1" # Playwright's own node needs it

[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "· 安装测试所需 / installing what the tests need:$missing" >&2
    # Without this, Debian's package would start a server of its own on the usual port.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/yiwang.conf
    apt-get update -qq >&2 || true
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
        < /dev/null > /dev/null
else
    echo "✗ 测试缺少系统软件 / the tests need system packages that are missing:$missing" >&2
    echo "  sudo apt-get install$missing" >&2
    exit 1
fi
