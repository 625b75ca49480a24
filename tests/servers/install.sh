#!/bin/sh
# Install what the tests need from Debian: Dovecot, Chromium and clamd. Safe to run again; starts no service.
set -eu

say() { echo "install.sh: $*"; }

missing=""
command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ] || missing="$missing dovecot-imapd"
# LMTP has no command of its own; the package leaves this program.
[ -x /usr/lib/dovecot/lmtp ] || missing="$missing dovecot-lmtpd"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v clamd >/dev/null 2>&1 || [ -x /usr/sbin/clamd ] || missing="$missing clamav-daemon"

if [ -z "$missing" ]; then
    say "Dovecot, Chromium and clamd are here already."
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    say "this is no Debian system; install by hand:$missing. Tests that need them are skipped." >&2
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    say "not root; run 'sudo sh $0' to install:$missing. Tests that need them are skipped." >&2
    exit 0
fi

# Without this, Debian starts a public mail server the moment it is installed.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 0755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
say "installing:$missing"
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null; }; then
    say "apt-get could not install:$missing. Tests that need them are skipped." >&2
    exit 0
fi
# Nor is it to start at the next boot; the tests run one of their own.
case "$missing" in
*dovecot-imapd*)
    if command -v systemctl >/dev/null 2>&1; then
        systemctl disable dovecot.service dovecot.socket >/dev/null 2>&1 || true
    fi
    ;;
esac
case "$missing" in
*clamav-daemon*)
    if command -v systemctl >/dev/null 2>&1; then
        systemctl disable clamav-daemon.service clamav-daemon.socket clamav-freshclam.service >/dev/null 2>&1 || true
    fi
    ;;
esac
say "done."
