#!/usr/bin/env bash
# ActiveMQ Artemis from its distribution on Maven Central:
# artemis.sh alone|primary|backup up|down|kill|again|freeze|thaw|status|password PASSWORD
#
#   alone     a broker with AMQP, and AMQPS on the port behind it
#   primary   one of a pair that shares its store: `backup` takes over when it dies
#   backup    the other one; it listens only while it serves
#
# `up` starts without data, `again` with those of the broker that was stopped or killed; `freeze` stops its process,
# `thaw` lets it go on. Everything listens on the loopback only. Users: tester (password tester-pass, or what `password`
# sets), cert-user (SASL EXTERNAL, over TLS), and who ANONYMOUS is. Queues are made by their first use; one whose name
# begins with "full." takes one message.
set -euo pipefail
role=${1:-}
NAME=artemis-$role
. "$(dirname "$0")/lib.sh"
usage='usage: artemis.sh alone|primary|backup up|down|kill|again|freeze|thaw|status|password PASSWORD'

ARTEMIS=2.56.0
first=${ARTEMIS_PORT:-5690}
case $role in
  alone) amqp=$first ;;
  primary) amqp=$((first + 2)) other=$((first + 3)) ;;
  backup) amqp=$((first + 3)) other=$((first + 2)) ;;
  *) fail "$usage" ;;
esac
amqps=$((first + 1))
home=$BROKERS_HOME/$NAME
etc=$home/etc
program=$BROKERS_HOME/apache-artemis-$ARTEMIS
store=$home/data
[ "$role" = alone ] || store=$BROKERS_HOME/artemis-store

acceptors() {
  local common='protocols=AMQP;saslMechanisms=PLAIN,ANONYMOUS;amqpIdleTimeout=60000'
  # The two of a pair speak CORE to each other.
  [ "$role" = alone ] || common=${common/AMQP/AMQP,CORE}
  echo "<acceptor name='amqp'>tcp://127.0.0.1:$amqp?$common</acceptor>"
  if [ "$role" = alone ]; then
    common='protocols=AMQP;saslMechanisms=EXTERNAL,PLAIN'
    common+=";sslEnabled=true;wantClientAuth=true;keyStoreType=PKCS12;keyStorePath=$home/server.p12;keyStorePassword=stored"
    common+=";trustStoreType=PEMCA;trustStorePath=$certs/ca.pem"
    echo "<acceptor name='amqps'>tcp://127.0.0.1:$amqps?$common</acceptor>"
  fi
}

# What a pair needs: its store is shared, and each knows the other.
pair() {
  if [ "$role" = alone ]; then return; fi
  cat <<XML
<connectors>
  <connector name='here'>tcp://127.0.0.1:$amqp</connector>
  <connector name='there'>tcp://127.0.0.1:$other</connector>
</connectors>
<ha-policy><shared-store><$role><failover-on-shutdown>true</failover-on-shutdown></$role></shared-store></ha-policy>
<cluster-user>cluster</cluster-user>
<cluster-password>cluster-pass</cluster-password>
<cluster-connections>
  <cluster-connection name='pair'>
    <connector-ref>here</connector-ref>
    <static-connectors><connector-ref>there</connector-ref></static-connectors>
  </cluster-connection>
</cluster-connections>
XML
}

configure() {
  echo 'tester = tester-pass' >"$etc/users.properties"
  echo 'cert-user = CN=cert-user' >"$etc/certificates.properties"
  echo 'amq = tester,cert-user' >"$etc/roles.properties"
  cat >"$etc/login.config" <<'CONF'
activemq {
  org.apache.activemq.artemis.spi.core.security.jaas.PropertiesLoginModule sufficient
    reload=true
    org.apache.activemq.jaas.properties.user="users.properties"
    org.apache.activemq.jaas.properties.role="roles.properties";
  org.apache.activemq.artemis.spi.core.security.jaas.TextFileCertificateLoginModule sufficient
    org.apache.activemq.jaas.textfiledn.user="certificates.properties"
    org.apache.activemq.jaas.textfiledn.role="roles.properties";
  org.apache.activemq.artemis.spi.core.security.jaas.GuestLoginModule sufficient
    credentialsInvalidate=true
    org.apache.activemq.jaas.guest.user="anyone"
    org.apache.activemq.jaas.guest.role="amq";
};
CONF
  cat >"$etc/bootstrap.xml" <<XML
<broker xmlns="http://activemq.apache.org/schema">
  <jaas-security domain="activemq"/>
  <server configuration="file:$etc/broker.xml"/>
</broker>
XML
  echo '<management-context xmlns="http://activemq.apache.org/schema"/>' >"$etc/management.xml"
  cat >"$etc/log4j2.properties" <<'CONF'
rootLogger.level = INFO
logger.audit.name = org.apache.activemq.audit
logger.audit.level = OFF
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %-5level [%logger] %msg%n
CONF
  cat >"$etc/broker.xml" <<XML
<configuration xmlns="urn:activemq">
  <core xmlns="urn:activemq:core">
    <name>$NAME</name>
    <journal-type>NIO</journal-type>
    <journal-directory>$store/journal</journal-directory>
    <bindings-directory>$store/bindings</bindings-directory>
    <paging-directory>$store/paging</paging-directory>
    <large-messages-directory>$store/large</large-messages-directory>
    <journal-pool-files>4</journal-pool-files>
    <max-disk-usage>100</max-disk-usage>
    <acceptors>$(acceptors)</acceptors>
    $(pair)
    <security-settings>
      <security-setting match="#">
$(for each in createNonDurableQueue deleteNonDurableQueue createDurableQueue deleteDurableQueue createAddress \
    deleteAddress consume browse send manage; do echo "        <permission type='$each' roles='amq'/>"; done)
      </security-setting>
    </security-settings>
    <address-settings>
      <address-setting match="#">
        <default-address-routing-type>ANYCAST</default-address-routing-type>
        <default-queue-routing-type>ANYCAST</default-queue-routing-type>
        <redelivery-delay>0</redelivery-delay>
        <auto-create-queues>true</auto-create-queues>
        <auto-create-addresses>true</auto-create-addresses>
      </address-setting>
      <address-setting match="full.#">
        <max-size-messages>1</max-size-messages>
        <address-full-policy>FAIL</address-full-policy>
      </address-setting>
    </address-settings>
  </core>
</configuration>
XML
}

launch() {
  local library=$program/lib
  cd "$home"
  : >log # what it said before must not be taken for what it says now
  setsid java -Xms64m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -classpath "$library/artemis-boot.jar" \
    -Djava.security.auth.login.config="$etc/login.config" -Dartemis.home="$program" -Dartemis.instance="$home" \
    -Dartemis.instance.etc="$etc" -Ddata.dir="$store" -Dlog4j2.configurationFile="file:$etc/log4j2.properties" \
    org.apache.activemq.artemis.boot.Artemis run </dev/null >log 2>&1 &
  echo $! >pid
  if [ "$role" = primary ] && ! until_true 20 ready && "$HERE/artemis.sh" backup status; then relieve; fi
  if ! until_true 60 ready || ! alive pid "$home"; then
    tail -n 40 log >&2
    down
    fail "did not start, see $home/log"
  fi
  say "up on $amqp"
}
# "Server is now active"; a backup that waits for the store listens to nobody: "backup announced".
ready() { grep -qs "$([ "$role" = backup ] && echo AMQ221031 || echo AMQ221007)" "$home/log" || gone "$home/pid" "$home"; }

# A backup that is to hand back hangs now and then while it stops, and keeps the store. Whoever runs a pair kills it.
relieve() {
  say 'the backup hangs instead of handing back: it is killed, and started again' >&2
  "$HERE/artemis.sh" backup kill
  if until_true 40 ready; then "$HERE/artemis.sh" backup again; fi
}

up() {
  if alive "$home/pid" "$home"; then return; fi
  command -v java >/dev/null || fail 'needs Java 17 or newer'
  unpack_maven "org.apache.activemq:apache-artemis:$ARTEMIS:tar.gz:bin" "$program"
  want_free "$amqp"
  "$HERE/certs.sh"
  rm -rf "$home"
  [ "$role" = backup ] || rm -rf "$store"
  mkdir -p "$etc"
  openssl pkcs12 -export -in "$certs/server.pem" -inkey "$certs/server.key" -passout pass:stored -out "$home/server.p12"
  configure
  launch
}

again() {
  if alive "$home/pid" "$home"; then return; fi
  launch
}

down() { finish "$home/pid" "$home" 20; }

case ${2:-} in
  up | down | again) "$2" ;;
  kill | freeze | thaw) "signal_$2" "$home/pid" "$home" ;;
  status) alive "$home/pid" "$home" ;;
  password) echo "tester = ${3:?}" >"$etc/users.properties" ;;
  *) fail "$usage" ;;
esac
