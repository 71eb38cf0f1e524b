#!/bin/sh
# Installs Debian packages where this user may; fails quietly where not.
set -eu
command -v apt-get >/dev/null || exit 1
root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || exit 1
    root="sudo -n"
fi
$root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
