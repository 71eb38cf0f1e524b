#!/bin/sh
# A browser for the tests: the one that is there, else Debian's, else Playwright's own.
set -eu
command -v chromium >/dev/null && exit 0
sh "$(dirname "$0")/apt.sh" chromium 2>/dev/null && command -v chromium >/dev/null && exit 0
.venv/bin/playwright install --with-deps chromium || .venv/bin/playwright install chromium
