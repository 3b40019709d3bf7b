#!/usr/bin/env bash
# Qpid Broker-J from its distribution on Maven Central: broker-j.sh up|down|status
#
# It keeps everything in memory and listens on the loopback only, on four ports in a row, because each of them has one
# way to authenticate: AMQP and AMQPS with a user and password, AMQP for ANONYMOUS, AMQPS for EXTERNAL. Users: tester
# (password tester-pass), and cert-user (client certificate only). Queues are made by their first use; one whose name
# begins with "full." takes one message.
set -euo pipefail
NAME=broker-j
. "$(dirname "$0")/lib.sh"

BROKER_J=9.2.1
amqp=${BROKERJ_PORT:-5696}
amqps=$((amqp + 1))
anonymous=$((amqp + 2))
external=$((amqp + 3))
home=$BROKERS_HOME/broker-j
program=$BROKERS_HOME/qpid-broker

# port NAME NUMBER PROVIDER MORE
port() {
  cat <<JSON
  { "name": "$1", "port": $2, "bindingAddress": "127.0.0.1", "authenticationProvider": "$3", "protocols": ["AMQP_1_0"]$4,
    "virtualhostaliases": [{ "name": "host", "type": "hostnameAlias" }, { "name": "name", "type": "nameAlias" }] }
JSON
}

configure() {
  local secure=', "transports": ["SSL"], "keyStore": "server"'
  local asking="$secure"', "needClientAuth": true, "trustStores": ["clients"]'
  openssl pkcs12 -export -in "$certs/server.pem" -inkey "$certs/server.key" -passout pass:stored -out "$home/server.p12"
  cat >"$home/host.json" <<JSON
{
  "type": "BDB",
  "storePath": "$home/store",
  "nodeAutoCreationPolicies": [
    { "pattern": "full[.].*", "nodeType": "queue", "createdOnPublish": true, "createdOnConsume": true,
      "attributes": { "maximumQueueDepthMessages": 1, "overflowPolicy": "REJECT" } },
    { "pattern": "nowhere", "nodeType": "exchange", "createdOnPublish": true, "createdOnConsume": false,
      "attributes": { "type": "direct", "unroutableMessageBehaviour": "REJECT" } },
    { "pattern": "interop.*", "nodeType": "queue", "createdOnPublish": true, "createdOnConsume": true, "attributes": {} }
  ]
}
JSON
  cat >"$home/initial.json" <<JSON
{
  "name": "broker-j",
  "modelVersion": "9.0",
  "authenticationproviders": [
    { "name": "passwords", "type": "Plain", "secureOnlyMechanisms": [],
      "users": [{ "name": "tester", "type": "managed", "password": "tester-pass" }] },
    { "name": "anyone", "type": "Anonymous" },
    { "name": "certificates", "type": "External" }
  ],
  "keystores": [
    { "name": "server", "storeUrl": "file:$home/server.p12", "password": "stored", "keyStoreType": "PKCS12" }
  ],
  "truststores": [{ "name": "clients", "type": "NonJavaTrustStore", "certificatesUrl": "file:$certs/ca.pem" }],
  "brokerloggers": [
    { "name": "file", "type": "File", "fileName": "$home/broker.log",
      "brokerloginclusionrules": [
        { "name": "root", "type": "NameAndLevel", "level": "WARN", "loggerName": "ROOT" },
        { "name": "operational", "type": "NameAndLevel", "level": "INFO", "loggerName": "qpid.message.*" }
      ] }
  ],
  "ports": [
$(port amqp "$amqp" passwords ''),
$(port amqps "$amqps" passwords "$secure"),
$(port anonymous "$anonymous" anyone ''),
$(port external "$external" certificates "$asking")
  ],
  "virtualhostnodes": [
    { "name": "default", "type": "Memory", "defaultVirtualHostNode": true,
      "virtualHostInitialConfiguration": "$(tr -d '\n' <"$home/host.json" | sed 's/"/\\"/g')" }
  ]
}
JSON
}

up() {
  if alive "$home/pid" "$home"; then return; fi
  command -v java >/dev/null || fail 'needs Java 11 or newer'
  unpack_maven "org.apache.qpid:apache-qpid-broker-j:$BROKER_J:tar.gz:bin" "$program"
  want_free "$amqp" "$amqps" "$anonymous" "$external"
  "$HERE/certs.sh"
  rm -rf "$home"
  mkdir -p "$home"
  configure
  cd "$home"
  setsid java -Xms64m -Xmx256m -XX:MaxDirectMemorySize=256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -DQPID_WORK="$home" -classpath "$program/$BROKER_J/lib/*" org.apache.qpid.server.Main \
    -st Memory -icp "$home/initial.json" </dev/null >log 2>&1 &
  echo $! >pid
  if ! until_true 60 decided || ! started; then
    tail -n 40 log broker.log >&2
    down
    fail "did not start, see $home/broker.log"
  fi
  say "up on $amqp, TLS $amqps, ANONYMOUS $anonymous, EXTERNAL $external"
}
started() { grep -qs 'BRK-1004' "$home/broker.log"; }
decided() { started || gone "$home/pid" "$home"; }

down() { finish "$home/pid" "$home" 20; }

case ${1:-} in
  up | down) "$1" ;;
  status) alive "$home/pid" "$home" ;;
  *) fail 'usage: broker-j.sh up|down|status' ;;
esac
