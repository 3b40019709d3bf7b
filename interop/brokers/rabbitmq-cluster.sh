#!/usr/bin/env bash
# A cluster of three RabbitMQ 4.0 on this machine: rabbitmq-cluster.sh up|down
# Its nodes are those of `rabbitmq.sh node-1`, `node-2` and `node-3`, each of which can be killed and started again.
set -euo pipefail
NAME=rabbitmq-cluster
. "$(dirname "$0")/lib.sh"
node="$HERE/rabbitmq.sh"

each() {
  local number failed=0 pids=()
  for number in 1 2 3; do
    "$node" "node-$number" "$1" &
    pids+=($!)
  done
  for number in "${pids[@]}"; do wait "$number" || failed=1; done
  return $failed
}

complete() { [ "$("$node" node-1 ctl cluster_status --formatter json 2>/dev/null | grep -o '"running_nodes":\[[^]]*\]' | grep -o '@localhost' | wc -l)" = 3 ]; }

case ${1:-} in
  up)
    "$node" 4 unpack
    "$HERE/certs.sh" # before the nodes want them all at once
    if ! { each up && until_true 60 complete; }; then
      each down || true
      fail 'the nodes do not form a cluster'
    fi
    ;;
  down) each down ;;
  *) fail 'usage: rabbitmq-cluster.sh up|down' ;;
esac
