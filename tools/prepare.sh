#!/bin/sh
# What `make` needs to do before Python can: find a Python, make .venv, see to Qt's system libraries.
# Apart from the Makefile because macOS still ships GNU Make 3.81, where this would be unreadable.
set -eu

say() { printf '%s\n' "$*" >&2; }

# The newest of the Pythons that CI knows is not the best one: 3.11 has the exact set of constraints.txt.
find_python() {
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    say "Echodeck needs Python 3.11, 3.12 or 3.13, and found none. Install one, for example: sudo apt install python3"
    exit 1
}

# How to become root without asking anybody: nothing when we are, sudo when it wants no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

# install "what it is for" package…: installs them, or says in one sentence which are missing.
install() {
    purpose=$1
    shift
    if may_install; then
        say "Installing $purpose: $*"
        if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
            </dev/null >/dev/null 2>&1; then
            return
        fi
        as_root apt-get update -q </dev/null >/dev/null 2>&1 || true
        if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
            </dev/null >/dev/null; then
            return
        fi
    fi
    say "Missing: $purpose. Install it with: sudo apt install $*"
    return 1
}

make_venv() {
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install "what Python makes environments with" "python$version-venv" || exit 1
    fi
    "$python" -m venv "$1"
}

# The library a window needs, and the Debian package that holds it.
needed() {
    cat <<LIBRARIES
libGL.so.1 libgl1
libEGL.so.1 libegl1
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0
libdbus-1.so.3 libdbus-1-3
libglib-2.0.so.0 libglib2.0-0
LIBRARIES
    if [ -n "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
        cat <<LIBRARIES
libxcb-cursor.so.0 libxcb-cursor0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
LIBRARIES
    fi
}

see_to_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$(needed | while read -r library package; do
        "$1" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$library" 2>/dev/null || printf '%s ' "$package"
    done)
    [ -z "$missing" ] && return 0
    # Without them the terminal still works: say it, and go on.
    # shellcheck disable=SC2086
    install "what the window needs from the system" $missing || true
}

case ${1:-} in
    venv) make_venv "$2" ;;
    libraries) see_to_libraries "$2" ;;
    *) say "usage: prepare.sh venv FOLDER | libraries PYTHON"; exit 2 ;;
esac
