#!/usr/bin/env bash
# RabbitMQ from Debian packages that are unpacked, not installed:
# rabbitmq.sh 3|4|node-1|node-2|node-3 up|down|kill|again|freeze|thaw|unpack|status|ctl ARGUMENT...
#
#   3        RabbitMQ 3.10 with its AMQP 1.0 plugin (bookworm)
#   4        RabbitMQ 4.0, which speaks AMQP 1.0 natively (trixie)
#   node-N   the same as a node of a cluster of three; see rabbitmq-cluster.sh
#
# `up` starts without data, `again` with those of the broker that was stopped or killed; `freeze` stops its process,
# `thaw` lets it go on. Everything listens on the loopback only. Users: tester (password tester-pass, does
# everything), reader (reader-pass, only reads), cert-user (no password, SASL EXTERNAL), guest (who ANONYMOUS is).
set -euo pipefail
version=${1:-}
NAME=rabbitmq$version
. "$(dirname "$0")/lib.sh"
usage='usage: rabbitmq.sh 3|4|node-1|node-2|node-3 up|down|kill|again|freeze|thaw|unpack|status|ctl ARGUMENT...'
modern=$'auth_mechanisms.3 = ANONYMOUS\nanonymous_login_user = guest\nanonymous_login_pass = guest'
software=$NAME # whose packages it runs
mapper=$NAME   # whose port mapper it uses: that of a cluster serves all its nodes

case $version in
  3)
    suite=bookworm
    ports=("${RABBITMQ3_PORT:-5673}" "${RABBITMQ3_TLS_PORT:-5674}" "${RABBITMQ3_HTTP_PORT:-15673}" 25673 4373)
    more='amqp1_0.default_user = guest'
    ;;
  4)
    suite=trixie
    ports=("${RABBITMQ4_PORT:-5675}" "${RABBITMQ4_TLS_PORT:-5676}" "${RABBITMQ4_HTTP_PORT:-15675}" 25675 4375)
    more=$modern
    ;;
  node-[123])
    suite=trixie
    number=${version#node-}
    first=${RABBITMQ_CLUSTER_PORT:-5681}
    ports=($((first + number - 1)) $((first + number + 2)) $((first + 10000 + number - 1)) $((first + 20000 + number - 1)) 4381)
    software=rabbitmq4
    mapper=rabbitmq-cluster
    more=$modern$'\ncluster_formation.peer_discovery_backend = classic_config'
    for each in 1 2 3; do more+=$'\n'"cluster_formation.classic_config.nodes.$each = rabbitmqnode-$each@localhost"; done
    ;;
  *) fail "$usage" ;;
esac
read -r amqp amqps http distribution epmd <<<"${ports[*]}"

home=$BROKERS_HOME/$NAME
data=$home/data
unpacked=$BROKERS_HOME/$software
root=$unpacked/root
log=$data/log/rabbit.log

# What runs, and of the C library's side what that needs. Everything else of the closure is for installing.
packages='rabbitmq-server|erlang-.*|patchelf|libc6|libgcc-s1|libstdc\+\+6|libtinfo6|zlib1g|libssl3.*|libzstd1'
packages+='|libsystemd0|libcap2|liblzma5|liblz4-1|libgcrypt20|libgpg-error0'

# Erlang of trixie needs a newer C library than bookworm has, and starts helper programs itself, which would use the
# system's loader. So interpreter and library path of every program are set to the unpacked ones.
unpack_broker() (
  # Nodes that are started at the same time share what is unpacked.
  exec 9>"$unpacked.lock"
  flock 9
  local loader libraries program
  if [ "$(cat "$unpacked/unpacked" 2>/dev/null)" = "$root" ]; then exit; fi
  say "unpacking from $suite"
  mkdir -p "$unpacked"
  unpack "$suite" "$root" "$packages" rabbitmq-server patchelf
  loader=$(find "$root" -type f -name 'ld-linux*.so*' -print -quit)
  libraries=$(dirname "$loader"):$root/usr/lib/$(basename "$(dirname "$loader")")
  find "$root/usr/lib/erlang" -type f -perm -u+x | while read -r program; do
    if [ "$(head -c 4 "$program" | tail -c 3)" != ELF ]; then continue; fi
    "$loader" --library-path "$libraries" "$root/usr/bin/patchelf" \
      --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$program"
  done
  sed -i "s|=/usr/lib/erlang|=$root/usr/lib/erlang|" "$root"/usr/lib/erlang/{,erts-*/}bin/erl
  printf '%s' "$root" >"$unpacked/unpacked" # with absolute paths inside: a moved folder is unpacked again
)

environment() {
  export HOME=$data LANG=C.UTF-8 PATH=$root/usr/lib/erlang/bin:$PATH
  export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd
  export RABBITMQ_NODENAME=$NAME@localhost RABBITMQ_DIST_PORT=$distribution
  export RABBITMQ_CONF_ENV_FILE=$data/env.conf RABBITMQ_CONFIG_FILE=$data/rabbitmq.conf
  export RABBITMQ_ADVANCED_CONFIG_FILE=$data/advanced.config RABBITMQ_ENABLED_PLUGINS_FILE=$data/plugins
  export RABBITMQ_MNESIA_BASE=$data/mnesia RABBITMQ_GENERATED_CONFIG_DIR=$data/config
  export RABBITMQ_LOG_BASE=$data/log RABBITMQ_LOGS=$log RABBITMQ_PID_FILE=$data/pid
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-setcookie interop -kernel inet_dist_use_interface {127,0,0,1}'
  export RABBITMQ_CTL_ERL_ARGS=$RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS
  export RABBITMQ_CTL_DIST_PORT_MIN=$((distribution + 100))
}

configure() {
  : >"$data/env.conf"
  echo '[].' >"$data/advanced.config"
  echo '[rabbitmq_amqp1_0,rabbitmq_auth_mechanism_ssl,rabbitmq_management].' >"$data/plugins"
  cat >"$data/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$amqp
listeners.ssl.1 = 127.0.0.1:$amqps
ssl_options.cacertfile = $certs/ca.pem
ssl_options.certfile = $certs/server.pem
ssl_options.keyfile = $certs/server.key
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = false
ssl_cert_login_from = common_name
auth_mechanisms.1 = PLAIN
auth_mechanisms.2 = EXTERNAL
$more
management.tcp.ip = 127.0.0.1
management.tcp.port = $http
load_definitions = $data/definitions.json
CONF
  cat >"$data/definitions.json" <<'JSON'
{
  "vhosts": [{ "name": "/" }],
  "users": [
    { "name": "tester", "password": "tester-pass", "tags": "administrator" },
    { "name": "reader", "password": "reader-pass", "tags": "" },
    { "name": "cert-user", "password_hash": "", "tags": "" },
    { "name": "guest", "password": "guest", "tags": "" }
  ],
  "permissions": [
    { "user": "tester", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" },
    { "user": "reader", "vhost": "/", "configure": "", "write": "", "read": ".*" },
    { "user": "cert-user", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" },
    { "user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" }
  ]
}
JSON
}

up() {
  if alive "$home/pid" "$root"; then return; fi
  unpack_broker
  want_free "$amqp" "$amqps" "$http" "$distribution"
  "$HERE/certs.sh"
  rm -rf "$data"
  mkdir -p "$data/log"
  environment
  configure
  launch
}

again() {
  if alive "$home/pid" "$root"; then return; fi
  : >"$log"
  rm -f "$data/pid"
  environment
  launch
}

launch() {
  local launcher
  cd "$data"
  start_mapper
  setsid "$root/usr/lib/rabbitmq/bin/rabbitmq-server" </dev/null >console.log 2>&1 &
  launcher=$!
  decided() { started || ! kill -0 "$launcher" 2>/dev/null; }
  until_true 120 decided || true
  [ ! -s "$data/pid" ] || cp "$data/pid" "$home/pid"
  if ! started || gone "$home/pid" "$root"; then
    tail -n 40 console.log >&2
    down
    kill -TERM "$launcher" 2>/dev/null || true
    fail "did not start, see $data"
  fi
  say "up on $amqp, TLS $amqps, HTTP $http"
}
started() { grep -qs 'Server startup complete' "$log"; }

# Our own port mapper: the one that RabbitMQ starts stays behind at the end. Nodes that are started at the same time
# share one: the first starts it, the others wait for it.
start_mapper() (
  exec 9>"$BROKERS_HOME/$mapper.epmd.lock"
  flock 9
  if alive "$BROKERS_HOME/$mapper.epmd" epmd; then exit; fi
  want_free "$epmd"
  setsid epmd -address 127.0.0.1 -port "$epmd" </dev/null >epmd.log 2>&1 9>&- &
  echo $! >"$BROKERS_HOME/$mapper.epmd"
  until_true 10 accepts "$epmd"
)

stop_mapper() (
  exec 9>"$BROKERS_HOME/$mapper.epmd.lock"
  flock 9
  for other in "$BROKERS_HOME"/rabbitmqnode-*/pid; do
    if [ "$mapper" = rabbitmq-cluster ] && alive "$other" "$root"; then exit; fi
  done
  finish "$BROKERS_HOME/$mapper.epmd" epmd 5
)

down() {
  finish "$home/pid" "$root" 30
  stop_mapper
}

case ${2:-} in
  up | down | again) "$2" ;;
  unpack) unpack_broker ;;
  kill | freeze | thaw) "signal_$2" "$home/pid" "$root" ;;
  status) alive "$home/pid" "$root" ;;
  ctl)
    environment
    exec "$root/usr/lib/rabbitmq/bin/rabbitmqctl" "${@:3}"
    ;;
  *) fail "$usage" ;;
esac
