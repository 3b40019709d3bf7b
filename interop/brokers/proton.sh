#!/usr/bin/env bash
# The example broker of Qpid Proton in C (Debian bookworm: 0.37): proton.sh up|down|status
#
# AMQP and AMQPS on one port. SASL ANONYMOUS or none: Debian builds Proton without Cyrus SASL. Queues are made by their
# first use and live in memory.
set -euo pipefail
NAME=proton
. "$(dirname "$0")/lib.sh"

port=${PROTON_PORT:-5677}
home=$BROKERS_HOME/proton
source=/usr/share/proton/examples/c/broker.c

up() {
  if alive "$home/pid" c-broker; then return; fi
  [ -r "$source" ] || fail 'needs the Debian packages libqpid-proton11-dev and libqpid-proton11-dev-examples'
  command -v cc >/dev/null || fail 'needs the Debian packages gcc and libc6-dev'
  want_free "$port"
  "$HERE/certs.sh"
  mkdir -p "$home/ssl-certs"
  cd "$home"
  [ -x c-broker ] || cc -O2 -o c-broker "$source" -lqpid-proton -lpthread
  # File names and passphrase are fixed in the program.
  cp "$certs/server.pem" ssl-certs/tserver-certificate.pem
  openssl pkcs8 -topk8 -v2 aes256 -in "$certs/server.key" -passout pass:tserverpw -out ssl-certs/tserver-private-key.pem
  setsid ./c-broker 127.0.0.1 "$port" </dev/null >log 2>&1 &
  echo $! >pid
  if ! until_true 10 accepts "$port" || ! alive pid c-broker; then
    cat log >&2
    down
    fail 'did not start'
  fi
  say "up on $port"
}

down() { finish "$home/pid" c-broker 5; }

case ${1:-} in
  up | down) "$1" ;;
  status) alive "$home/pid" c-broker ;;
  *) fail 'usage: proton.sh up|down|status' ;;
esac
