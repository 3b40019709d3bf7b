# What the broker scripts share; sourced, never run.
# Programs, data, logs, pid files and certificates live under $BROKERS_HOME (no white space in its path).

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BROKERS_HOME=${BROKERS_HOME:-$HERE/../.brokers}
mkdir -p "$BROKERS_HOME"
BROKERS_HOME=$(cd "$BROKERS_HOME" && pwd)
certs=$BROKERS_HOME/certs
export BROKERS_HOME

say() { printf '%s: %s\n' "${NAME:-brokers}" "$*"; }
fail() {
  say "$*" >&2
  exit 1
}
case $BROKERS_HOME in *[[:space:]]*) fail "white space in BROKERS_HOME: $BROKERS_HOME" ;; esac

# until_true SECONDS COMMAND...: polls ten times a second; status 1 when the time is over.
until_true() {
  local tries=$(($1 * 10))
  shift
  until "$@"; do
    ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

# alive PIDFILE WORD: the recorded process runs, and WORD in its command line shows that it is ours.
# Without the second test an old pid file could point at a stranger.
alive() {
  local pid
  [ -s "$1" ] && pid=$(tr -cd '[:digit:]' <"$1") && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2"
}
gone() { ! alive "$@"; }

# finish PIDFILE WORD SECONDS: asks the process to end, and kills it only when the time is over.
finish() {
  if alive "$1" "$2"; then
    kill -TERM "$(<"$1")" 2>/dev/null || true
    until_true "$3" gone "$1" "$2" || kill -KILL "$(<"$1")" 2>/dev/null || true
  fi
  rm -f "$1"
}

# What is done to a running process from outside, by the name of the command.
signal_process() {
  alive "$2" "$3" || fail 'it does not run'
  kill "-$1" "$(<"$2")"
}
signal_kill() { signal_process KILL "$@" && until_true 10 gone "$@"; }
signal_freeze() { signal_process STOP "$@"; }
signal_thaw() { signal_process CONT "$@"; }

accepts() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
want_free() {
  local port
  for port; do
    if accepts "$port"; then fail "port $port is taken"; fi
  done
}

# The mirror that apt uses here, unless BROKERS_MIRROR names another.
mirror() {
  local found=${BROKERS_MIRROR:-}
  [ -n "$found" ] || found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    grep -v security | head -n 1) || true
  [ -n "$found" ] || fail 'apt knows no mirror; set BROKERS_MIRROR'
  printf '%s\n' "$found"
}

# unpack SUITE ROOT PATTERN PACKAGE...: unpacks into ROOT those packages that PACKAGE... need and whose names match
# PATTERN. The apt state is private (nothing counts as installed), so neither root nor the system is touched;
# signatures are checked as always.
unpack() {
  local suite=$1 root=$2 pattern=$3 apt=$2.apt from deb
  from=$(mirror)
  shift 3
  rm -rf "$root" "$apt"
  mkdir -p "$root" "$apt"/{state/lists/partial,cache/archives/partial,debs}
  : >"$apt/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$from" "$suite" \
    >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Sandbox::User "";
CONF
  (
    cd "$apt/debs"
    export APT_CONFIG=$apt/apt.conf
    apt-get -qq update
    apt-get -s --no-install-recommends install "$@" | awk '$1 == "Inst" { print $2 }' |
      grep -Ex -- "$pattern" | xargs apt-get -qq download
  )
  for deb in "$apt"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
  rm -rf "$apt"
}

# unpack_maven COORDINATES FOLDER: unpacks a distribution of a Maven repository, the one that Maven is set up with.
# It is kept under the name of the folder that the archive contains.
unpack_maven() {
  local folder=$2 fetched=$2.fetched
  if [ -d "$folder" ]; then return; fi
  command -v mvn >/dev/null || fail 'needs Maven'
  say "fetching $1"
  rm -rf "$fetched"
  mkdir -p "$fetched"
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="$1" -DoutputDirectory="$fetched" >"$fetched/log" 2>&1 || fail "$(tail -n 5 "$fetched/log")"
  tar xzf "$fetched"/*.tar.gz -C "$fetched"
  mv "$fetched/$(basename "$folder")" "$folder"
  rm -rf "$fetched"
}
