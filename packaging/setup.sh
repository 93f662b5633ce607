# What ./run, ./test and ./bench share: installing what is missing, building, saying how far it is.
# Sourced by bash with ROOT set to the top of the tree. Every step looks first whether its work is
# done already, so a second start is quick and needs no network.

JOBS=$(nproc)

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Runs a long step: its output goes to build/log/NAME.log, of which the end is shown on failure.
step() {
    local name=$1 title=$2 started=$SECONDS log
    shift 2
    log=$ROOT/build/log/$name.log
    mkdir -p "${log%/*}"
    say "$title"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        die "failed: $title (whole output: ${log#"$ROOT"/})"
    fi
    say "$title: done in $((SECONDS - started)) s"
}

# The packages of the named groups, in the order of the list.
packages_of() {
    local group arch
    arch=$(dpkg --print-architecture)
    for group in "$@"; do
        sed -n "s/^$group\(@$arch\)\? //p" "$ROOT/packaging/debian-packages"
    done | tr ' ' '\n'
}

# Those of the given packages that are not installed.
packages_missing() {
    local installed
    # dpkg-query fails if it has never heard of one of them; its answer on the others still counts.
    installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } |
        sed -n 's/^installed //p' | sort -u)
    comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$installed")
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends "$@"
}

# Installs what is missing of the named groups; without root says which line to run.
setup_packages() {
    local wanted missing line
    mapfile -t wanted < <(packages_of "$@")
    mapfile -t missing < <(packages_missing "${wanted[@]}")
    command -v npm >/dev/null ||
        mapfile -t -O "${#missing[@]}" missing < <(packages_of npm)
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" = 0 ]; then
        step apt "Installing ${#missing[@]} Debian packages and what they need" \
            apt_install "${missing[@]}"
        return 0
    fi
    line="apt-get install -y --no-install-recommends ${missing[*]}"
    if sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
        say "Installing ${#missing[@]} Debian packages (sudo may ask for your password)"
        sudo apt-get update >&2 && sudo DEBIAN_FRONTEND=noninteractive $line >&2 ||
            die "failed: installing Debian packages"
        return 0
    fi
    die "Some Debian packages are missing, and installing them needs root. Run this line, then" \
        "$0 again:

    apt-get update && $line
"
}

# One hash over the contents of the named files and folders (paths from the top of the tree).
hash_of() {
    (cd "$ROOT" && find "$@" -name node_modules -prune -o -name dist -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# True if the step of this name was done with this hash.
stamp_holds() { [ "$(cat "$ROOT/build/stamps/$1" 2>/dev/null)" = "$2" ]; }

stamp_set() {
    mkdir -p "$ROOT/build/stamps"
    printf '%s\n' "$2" >"$ROOT/build/stamps/$1"
}

# Node and npm as pinned in packaging/toolchain, first on the PATH.
setup_toolchain() {
    local hash
    hash=$(hash_of packaging/toolchain)
    if ! stamp_holds toolchain "$hash" || [ ! -x "$ROOT/.tools/bin/node" ]; then
        step toolchain "Fetching Node and npm" "$ROOT/packaging/toolchain/setup"
        stamp_set toolchain "$hash"
    fi
    export PATH=$ROOT/.tools/bin:$PATH
}

# Installs a folder's npm packages exactly as its lock file says.
setup_npm() {
    local folder=$1 name=npm-${1//\//-} hash
    hash=$(hash_of "$folder/package.json" "$folder/package-lock.json" packaging/toolchain)
    if ! stamp_holds "$name" "$hash" || [ ! -d "$ROOT/$folder/node_modules" ]; then
        step "$name" "Fetching the npm packages of $folder/" \
            npm --prefix "$ROOT/$folder" ci --no-fund --no-audit --no-update-notifier
        stamp_set "$name" "$hash"
    fi
}

build_client() {
    local hash
    setup_toolchain
    setup_npm web
    hash=$(hash_of web docs/openapi.yaml packaging/toolchain)
    if ! stamp_holds client "$hash" || [ ! -d "$ROOT/web/dist" ]; then
        step client "Building the web client" npm --prefix "$ROOT/web" run build
        stamp_set client "$hash"
    fi
}

# Passes ninja's output on to a log and tells every five seconds how far it is; says nothing when
# there was nothing to build.
build_progress() {
    local title=$1 log=$2 line next=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >&3
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (Building|Linking) ]] && [ $SECONDS -ge $next ]; then
            say "$title: ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
            next=$((SECONDS + 5))
        fi
    done 3>"$log"
}

# build_preset PRESET [target…]: configures once, then builds; ninja knows what is up to date.
build_preset() {
    local preset=$1 log=$ROOT/build/log/build-$1.log
    shift
    cd "$ROOT"
    mkdir -p build/log
    [ -f "build/$preset/build.ninja" ] ||
        step "configure-$preset" "Configuring build/$preset" cmake --preset "$preset"
    if ! ninja -C "build/$preset" -j "$JOBS" "$@" 2>&1 |
        build_progress "Building build/$preset" "$log"; then
        grep -A 12 -E 'FAILED|error|Error' "$log" | head -n 60 >&2
        die "failed: building build/$preset (whole output: build/log/${log##*/})"
    fi
}
