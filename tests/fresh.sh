#!/bin/bash
# Proves the two commands of the README in a fresh Debian 12: clones the committed tree into a
# chroot that holds a base system, git and ca-certificates, and runs ./run and ./test there.
#
# Needs root, debootstrap, curl, some 8 GB under FRESH_DIR (default: build/fresh) and the network.
# The apt sources of this machine, and the certificate files its environment names, are copied in,
# so a site with its own mirror or authority can run this too. With FRESH_TESTS="unit e2e" only
# those groups run. The base system is kept as a tar file for the next time.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FRESH_DIR=${FRESH_DIR:-$ROOT/build/fresh}
PORT=${FRESH_PORT:-8443}
TREE=$FRESH_DIR/tree
BASE=$FRESH_DIR/base.tar
PASSED=0
FAILED=0

say() { printf '\033[1m==>\033[0m fresh: %s\n' "$*"; }

check() {
    local title=$1 started=$SECONDS
    shift
    if "$@"; then
        PASSED=$((PASSED + 1))
        say "ok: $title ($((SECONDS - started)) s)"
    else
        FAILED=$((FAILED + 1))
        say "FAILED: $title ($((SECONDS - started)) s)"
    fi
}

finish() {
    [ -z "${SERVER:-}" ] || kill "$SERVER" 2>/dev/null || true
    local point
    for point in dev/shm dev/pts dev proc; do
        umount "$TREE/$point" 2>/dev/null || umount -l "$TREE/$point" 2>/dev/null || true
    done
}
trap finish EXIT

# Becomes a command in the tree, with nothing of this machine's environment but the certificate
# settings.
become() {
    exec chroot "$TREE" /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        "${CERT_ENV[@]}" /bin/bash -c "cd /root && $1"
}

inside() { (become "$1"); }

make_base() {
    [ ! -f "$BASE" ] || return 0
    say "debootstrap: a base system (a minute or two)"
    mkdir -p "$FRESH_DIR"
    debootstrap --variant=minbase --include=git,ca-certificates bookworm "$FRESH_DIR/base" \
        >"$FRESH_DIR/debootstrap.log" 2>&1
    tar -C "$FRESH_DIR/base" -cf "$BASE.part" .
    mv "$BASE.part" "$BASE"
    rm -rf "$FRESH_DIR/base"
}

# The machine's own way to its packages: sources with their keys, and apt's settings for fetching.
copy_apt() {
    local file
    rm -f "$TREE/etc/apt/sources.list"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
        /etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] || install -D -m 644 "$file" "$TREE$file"
    done
    for file in /etc/apt/apt.conf.d/*; do
        if grep -qE '^ *Acquire::' "$file" && ! grep -qE 'Invoke' "$file"; then
            install -D -m 644 "$file" "$TREE$file"
        fi
    done
}

# Files that the environment names as certificate bundles, and the variables that name them.
copy_certificates() {
    local name file
    CERT_ENV=()
    mkdir -p "$TREE/etc/fresh"
    for name in NODE_EXTRA_CA_CERTS SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO; do
        file=${!name:-}
        [ -n "$file" ] && [ -f "$file" ] || continue
        cp -L "$file" "$TREE/etc/fresh/$name.pem"
        CERT_ENV+=("$name=/etc/fresh/$name.pem")
    done
}

make_tree() {
    finish
    rm -rf --one-file-system "$TREE"
    mkdir -p "$TREE"
    tar -C "$TREE" -xf "$BASE"
    mount -t proc proc "$TREE/proc"
    mount --bind /dev "$TREE/dev"
    mount -t devpts devpts "$TREE/dev/pts" 2>/dev/null || true
    mountpoint -q "$TREE/dev/shm" || mount -t tmpfs tmpfs "$TREE/dev/shm"
    cp -L /etc/resolv.conf "$TREE/etc/resolv.conf"
    copy_apt
    copy_certificates
    git clone -q --bare "$ROOT" "$TREE/root/origin.git"
}

# Starts ./run in the tree and waits until it says ready; sets SERVER and the seconds it took.
start_server() {
    local log=$FRESH_DIR/run.log
    : >"$log"
    (become "cd dienhong && exec ./run --port $PORT") >"$log" 2>&1 &
    SERVER=$!
    local started deadline=$((SECONDS + $1))
    started=$(date +%s%N)
    until grep -q '^ready https://' "$log"; do
        if [ $SECONDS -ge $deadline ] || ! kill -0 "$SERVER" 2>/dev/null; then
            tail -n 30 "$log"
            return 1
        fi
        sleep 0.05
    done
    START_MS=$((($(date +%s%N) - started) / 1000000))
    say "ready after $START_MS ms"
}

stop_server() {
    kill -TERM "$SERVER" && wait "$SERVER"
    local status=$?
    SERVER=
    return $status
}

page_answers() {
    local body
    body=$(curl -fsS --cacert "$TREE/root/dienhong/data/ca/root.pem" "https://localhost:$PORT/")
    grep -q '<html' <<<"$body"
}

second_start_is_quick() {
    # An address that leads nowhere in place of every proxy: a second start needs no network.
    CERT_ENV+=(http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9)
    start_server 20 && [ "$START_MS" -lt 2000 ]
}

[ "$(id -u)" = 0 ] || { echo "tests/fresh.sh needs root" >&2; exit 1; }
make_base
make_tree
check "git clone" inside "git clone -q origin.git dienhong"
check "./run --build-only" inside "cd dienhong && ./run --build-only"
check "./run becomes ready" start_server 60
check "the first page answers, by a certificate that the development authority vouches for" \
    page_answers
check "SIGTERM stops it cleanly" stop_server
check "a second start takes less than 2 s and no network" second_start_is_quick
check "SIGTERM stops it again" stop_server
CERT_ENV=("${CERT_ENV[@]/#http*_proxy=*/FRESH=1}")
check "./test ${FRESH_TESTS:-}" inside "cd dienhong && ./test ${FRESH_TESTS:-} </dev/null"
du -sh --one-file-system "$TREE" | cut -f 1 | sed 's/^/    the tree now takes /'
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" = 0 ]
