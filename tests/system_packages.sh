#!/bin/sh
# Installs what the tests need beside Python packages, where it may: Debian or
# Ubuntu, as root or with sudo that asks nothing. Elsewhere it says, in one plain
# sentence each, what is missing, and fails: a test that cannot run must not pass.

missing=""
need() { # need PACKAGE "what for" COMMAND-OR-FILE...
    package=$1 purpose=$2
    shift 2
    for sign in "$@"; do
        [ -e "$sign" ] && return
        command -v "$sign" >/dev/null && return
    done
    missing="$missing $package"
    sentences="$sentences$package is missing; $purpose. Install it with: apt-get install $package
"
}

find_missing() {
    missing="" sentences=""
    need chromium "the tests open the pages in it" chromium chromium-browser
    need redis-server "the tests carry cues between processes with it" redis-server
    need postgresql "the tests keep a ledger in it" \
        postgres /usr/lib/postgresql/*/bin/postgres
    need strace "the tests see with it that no receipt leaves before its flush" strace
    need gcc "the tests compile with it what takes the power away" cc
    need libc6-dev "the compiler needs it" /usr/include/stdio.h /usr/include/*/stdio.h
    need iproute2 "the fault tests cut a network of their own with it" ip /sbin/ip
    need libfaketime "the tests step the clock with it" \
        /usr/lib/*/faketime/libfaketimeMT.so.1
    need fontconfig "Chromium finds the letters of Vietnamese with it" fc-list
    need fonts-dejavu-core "the pages are drawn with its letters" \
        /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
    python3 -c "import venv, ensurepip" 2>/dev/null ||
        need python3-venv "the tests run in a virtual environment"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

install_missing() {
    command -v apt-get >/dev/null || return 1
    as_root true || return 1
    echo "Installing$missing ..."
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq &&
        # shellcheck disable=SC2086  # a list of packages
        as_root apt-get install -qq -y --no-install-recommends $missing >/dev/null
}

# Not needed, but the browser tests take half the time with it.
install_quicker() {
    command -v chromium-headless-shell >/dev/null && return
    apt-cache show chromium-headless-shell >/dev/null 2>&1 || return
    missing=" chromium-headless-shell"
    install_missing || echo "They run without it too."
}

find_missing
if [ -n "$missing" ]; then
    install_missing
    find_missing
fi
if [ -z "$missing" ]; then
    install_quicker
    exit 0
fi
printf '%s' "$sentences"
exit 1
