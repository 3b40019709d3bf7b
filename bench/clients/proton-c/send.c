/* Scenarios that send. */
#include "bench.h"

#include <proton/connection.h>
#include <proton/disposition.h>
#include <proton/session.h>

/* Sends as many messages as may be in flight; the measured ones begin when those before are accepted. */
void sender_fill(bench_t *bench, pn_link_t *sender) {
  const task_t *task = &bench->task;
  size_t limit = bench->done < task->warm ? task->warm : task->total;
  while (bench->begun < limit && bench->begun - bench->done < task->window && pn_link_credit(sender) > 0) {
    size_t tag = bench->begun;
    if (tag == task->warm) meter_start(bench);
    make_message(bench, tag);
    if (task->awaited) bench->trip_began = now_micros();
    pn_delivery(sender, pn_dtag((const char *)&tag, sizeof tag));
    if (pn_message_send(bench->message, sender, &bench->buffer) < 0) die("a message that Proton does not send");
    bench->begun++;
  }
}

/* The outcome of a message arrived. */
void sender_settled(bench_t *bench, pn_delivery_t *delivery) {
  const task_t *task = &bench->task;
  pn_link_t *sender = pn_delivery_link(delivery);
  if (!pn_delivery_updated(delivery)) return;
  if (pn_delivery_remote_state(delivery) != PN_ACCEPTED) die("a message was not accepted");
  if (task->awaited && bench->done >= task->warm) bench->trips[bench->trip_count++] = now_micros() - bench->trip_began;
  pn_delivery_settle(delivery);
  bench->done++;
  if (bench->done == task->total) {
    meter_stop(bench);
    pn_connection_close(pn_session_connection(pn_link_session(sender)));
    return;
  }
  sender_fill(bench, sender);
}
