#!/bin/sh
# Gives the demo province its seal: a SoftHSM2 token in DATA/seal with a key and a certificate of
# the development authority, made once. Prints only what went wrong; exit status 3: no SoftHSM2.
#
# Usage: packaging/demo/seal.sh PROGRAM DATA
#
# Afterwards DATA/seal holds softhsm2.conf (for the environment's SOFTHSM2_CONF), dienhong.conf (for
# --config) and pin. A real agency's seal lives in a device of its own (docs/keys.md), and its PIN
# in the clerk's head.
set -eu
umask 077

program=$1
mkdir -p "$2/seal"
seal=$(cd "$2/seal" && pwd)
data=$(dirname "$seal")

module=
for one in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
    [ -f "$one" ] && module=$one && break
done
[ -n "$module" ] || exit 3
[ ! -f "$seal/pin" ] || exit 0

mkdir -p "$seal/tokens"
printf 'directories.tokendir = %s/tokens\nlog.level = ERROR\n' "$seal" >"$seal/softhsm2.conf"
printf '[seal]\nmodule = %s\ntoken = Dau co quan\nlabel = con-dau\n' "$module" \
    >"$seal/dienhong.conf"
pin=128400
printf '%s\n%s\n' "$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" "$pin" |
    SOFTHSM2_CONF=$seal/softhsm2.conf "$program" seal make --module "$module" \
        --token 'Dau co quan' --label con-dau --ca "$data/ca" \
        --name 'Ủy ban nhân dân tỉnh Lam Giang' >"$seal/serial"
printf '%s\n' "$pin" >"$seal/pin"
