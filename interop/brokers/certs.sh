#!/usr/bin/env bash
# Test certificates in $BROKERS_HOME/certs; they are kept until a day before they run out.
#
#   ca.pem                  the authority to trust
#   server.pem .key         localhost, 127.0.0.1 and ::1
#   client.pem .key         CN=cert-user, who may use SASL EXTERNAL
#   wronghost.pem .key      a trusted certificate of another host
set -euo pipefail
NAME=certs
. "$(dirname "$0")/lib.sh"

if [ -s "$certs/done" ] && openssl x509 -checkend 86400 -noout -in "$certs/server.pem" >/dev/null; then exit 0; fi
rm -rf "$certs"
mkdir -p "$certs"
cd "$certs"
exec 3>&2 2>openssl.log
trap '[ $? -eq 0 ] || cat openssl.log >&3' EXIT

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
openssl req -x509 "${new_key[@]}" -days 365 -subj '/CN=amqp1 interop CA' -keyout ca.key -out ca.pem \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign

# signed NAME COMMON_NAME EXTENSION...
signed() {
  local name=$1 subject=$2
  shift 2
  openssl req "${new_key[@]}" -subj "/CN=$subject" -keyout "$name.key" -out "$name.csr"
  openssl x509 -req -days 365 -in "$name.csr" -CA ca.pem -CAkey ca.key -out "$name.pem" \
    -extfile <(printf '%s\n' basicConstraints=CA:FALSE "$@")
  rm "$name.csr"
}
signed server localhost extendedKeyUsage=serverAuth subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1
signed wronghost other.example extendedKeyUsage=serverAuth subjectAltName=DNS:other.example
signed client cert-user extendedKeyUsage=clientAuth
openssl verify -CAfile ca.pem server.pem client.pem wronghost.pem >done
say "made in $certs"
