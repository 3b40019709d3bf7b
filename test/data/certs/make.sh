#!/bin/sh
# Makes the certificates that the TLS tests use, in the folder of this script: an authority, servers with good, wrong,
# expired and self-signed certificates, and clients with one name, two and none. They are valid for a century and worth nothing outside the tests.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.p12
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1-key.pem"; }

# issue NAME SUBJECT EXTENSIONS [START END]
issue() {
  key "$1"
  openssl req -new -key "$1-key.pem" -subj "$2" -out "$scratch/$1.csr"
  printf 'basicConstraints=critical,CA:false\n%s\n' "$3" >"$scratch/$1.ext"
  openssl ca -batch -notext -config "$scratch/ca.conf" -extfile "$scratch/$1.ext" -in "$scratch/$1.csr" \
    -startdate "${4:-20200101000000Z}" -enddate "${5:-21200101000000Z}" -out "$1-cert.pem" 2>"$scratch/log" ||
    { cat "$scratch/log" >&2; exit 1; }
}

cat >"$scratch/ca.conf" <<CONF
[ca]
default_ca = tests
[tests]
database = $scratch/index
new_certs_dir = $scratch
rand_serial = yes
unique_subject = no
certificate = ca-cert.pem
private_key = ca-key.pem
default_md = sha256
policy = any
[any]
commonName = optional
organizationName = optional
CONF
: >"$scratch/index"

key ca
openssl req -x509 -new -key ca-key.pem -subj '/CN=amqp1 test authority' -days 36500 -out ca-cert.pem

local_names='subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1'
issue server /CN=localhost "$local_names"
issue elsewhere /CN=broker.example 'subjectAltName=DNS:broker.example'
issue expired /CN=localhost "$local_names" 20200101000000Z 20210101000000Z
issue client /CN=tester 'extendedKeyUsage=clientAuth'
issue two-names /CN=tester/CN=admin 'extendedKeyUsage=clientAuth'
issue no-name /O=testers 'extendedKeyUsage=clientAuth'

key self
openssl req -x509 -new -key self-key.pem -subj '/CN=localhost' -addext "$local_names" -days 36500 -out self-cert.pem

openssl pkcs12 -export -inkey client-key.pem -in client-cert.pem -passout pass:secret -out client.p12
openssl pkcs8 -topk8 -in client-key.pem -passout pass:secret -out client-locked-key.pem
rm ca-key.pem
