#!/usr/bin/env bash
# ActiveMQ Classic from its distribution on Maven Central: classic.sh up|down|status
#
# It keeps everything in memory and listens on the loopback only: AMQP, and AMQPS on the port behind it. Users: tester
# (password tester-pass), and who ANONYMOUS is. Queues are made by their first use; one whose name begins with "full."
# has no room.
set -euo pipefail
NAME=classic
. "$(dirname "$0")/lib.sh"

CLASSIC=5.18.3
amqp=${CLASSIC_PORT:-5694}
amqps=$((amqp + 1))
home=$BROKERS_HOME/classic
program=$BROKERS_HOME/apache-activemq-$CLASSIC

configure() {
  openssl pkcs12 -export -in "$certs/server.pem" -inkey "$certs/server.key" -passout pass:stored -out "$home/server.p12"
  cat >"$home/log4j2.properties" <<'CONF'
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %-5level [%logger] %msg%n
CONF
  cat >"$home/broker.xml" <<XML
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="classic" dataDirectory="$home/data"
    persistent="false" useJmx="false" useShutdownHook="true">
    <destinationPolicy>
      <policyMap>
        <policyEntries>
          <policyEntry queue="full.>" memoryLimit="1" producerFlowControl="true"/>
        </policyEntries>
      </policyMap>
    </destinationPolicy>
    <plugins>
      <simpleAuthenticationPlugin anonymousAccessAllowed="true">
        <users><authenticationUser username="tester" password="tester-pass" groups="testers"/></users>
      </simpleAuthenticationPlugin>
    </plugins>
    <sslContext>
      <sslContext keyStore="file:$home/server.p12" keyStorePassword="stored" keyStoreType="PKCS12"/>
    </sslContext>
    <systemUsage>
      <systemUsage sendFailIfNoSpace="true">
        <memoryUsage><memoryUsage limit="128 mb"/></memoryUsage>
      </systemUsage>
    </systemUsage>
    <transportConnectors>
      <transportConnector name="amqp" uri="amqp+nio://127.0.0.1:$amqp"/>
      <transportConnector name="amqps" uri="amqp+nio+ssl://127.0.0.1:$amqps"/>
    </transportConnectors>
  </broker>
</beans>
XML
}

up() {
  if alive "$home/pid" "$home"; then return; fi
  command -v java >/dev/null || fail 'needs Java 11 or newer'
  unpack_maven "org.apache.activemq:apache-activemq:$CLASSIC:tar.gz:bin" "$program"
  want_free "$amqp" "$amqps"
  "$HERE/certs.sh"
  rm -rf "$home"
  mkdir -p "$home"
  configure
  cd "$home"
  setsid java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="$home" \
    -Dactivemq.home="$program" -Dactivemq.base="$program" -Dactivemq.conf="$home" -Dactivemq.data="$home/data" \
    -Dlog4j2.configurationFile="file:$home/log4j2.properties" \
    -jar "$program/bin/activemq.jar" start "xbean:file:$home/broker.xml" </dev/null >log 2>&1 &
  echo $! >pid
  if ! until_true 60 decided || ! started; then
    tail -n 40 log >&2
    down
    fail "did not start, see $home/log"
  fi
  say "up on $amqp, TLS $amqps"
}
started() { grep -qs 'Apache ActiveMQ .* started' "$home/log"; }
decided() { started || gone "$home/pid" "$home"; }

down() { finish "$home/pid" "$home" 20; }

case ${1:-} in
  up | down) "$1" ;;
  status) alive "$home/pid" "$home" ;;
  *) fail 'usage: classic.sh up|down|status' ;;
esac
