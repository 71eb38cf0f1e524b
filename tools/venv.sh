#!/bin/sh
# Makes .venv with the given Python. Debian and Ubuntu ship `venv` apart from Python; it is fetched
# where that is possible, and named where it is not.
set -eu
python=$1

command -v "$python" >/dev/null || { echo "Python 3.11 or newer is needed; '$python' was not found." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; '$python' is $("$python" -V)." >&2
    exit 1
}
[ -x .venv/bin/pip ] && exit 0
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    sh "$(dirname "$0")/apt.sh" "$version-venv" || {
        echo "Please install the package $version-venv, then run this again." >&2
        exit 1
    }
fi
"$python" -m venv --clear .venv
