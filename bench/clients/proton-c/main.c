/* Qpid Proton C: `proton-c scenario host port count` prints its figures as one line of JSON. */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <proton/condition.h>
#include <proton/connection.h>
#include <proton/proactor.h>
#include <proton/session.h>
#include <proton/transport.h>

enum { MAX_FRAME = 65536 };

void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "proton-c: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  va_end(arguments);
  exit(1);
}

static bool starts(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

static task_t parse(char **arguments) {
  static const char *const known[] = {"send",          "send-awaited", "receive",       "receive-read", "typical-send",
                                      "typical-receive", "large-send", "large-receive", "huge-send",    "huge-receive"};
  task_t task = {.scenario = arguments[1], .host = arguments[2], .port = arguments[3]};
  const char *kind = "count";
  bool found = false;
  for (size_t index = 0; index < sizeof known / sizeof *known; index++)
    found = found || strcmp(known[index], task.scenario) == 0;
  if (!found) die("no scenario %s", task.scenario);
  task.count = strtoul(arguments[4], NULL, 10);
  task.warm = (task.count + 4) / 5;
  task.body_size = 100;
  task.window = 1000;
  if (starts(task.scenario, "typical")) {
    kind = "typical";
    task.typical = true;
    task.body_size = 1024;
  } else if (starts(task.scenario, "large")) {
    kind = "large";
    task.body_size = 1 << 20;
    task.window = 16;
  } else if (starts(task.scenario, "huge")) {
    kind = "huge";
    task.huge = true;
    task.body_size = 100 << 20;
    task.window = 1;
    task.warm = 0;
  }
  task.awaited = strcmp(task.scenario, "send-awaited") == 0;
  if (task.awaited) task.window = 1;
  task.receives = strstr(task.scenario, "receive") != NULL;
  task.reads = task.receives && strcmp(task.scenario, "receive") != 0;
  task.total = task.warm + task.count;
  snprintf(task.source, sizeof task.source, "%s-%zu", kind, task.total);
  return task;
}

static void open_link(bench_t *bench, pn_connection_t *connection) {
  const task_t *task = &bench->task;
  pn_session_t *session = pn_session(connection);
  pn_connection_set_container(connection, "proton-c");
  pn_connection_open(connection);
  pn_session_open(session);
  pn_link_t *link = task->receives ? pn_receiver(session, "link") : pn_sender(session, "link");
  if (task->receives) {
    if (task->warm == 0) meter_start(bench);
    pn_terminus_set_address(pn_link_source(link), task->source);
  } else {
    pn_terminus_set_address(pn_link_target(link), "bench");
  }
  pn_link_open(link);
  if (task->receives) pn_link_flow(link, (int)task->window);
}

static void refuse(pn_condition_t *condition) {
  if (pn_condition_is_set(condition))
    die("%s: %s", pn_condition_get_name(condition), pn_condition_get_description(condition));
}

/* False once the connection has ended. */
static bool handle(bench_t *bench, pn_event_t *event) {
  switch (pn_event_type(event)) {
    case PN_CONNECTION_INIT:
      open_link(bench, pn_event_connection(event));
      break;
    case PN_LINK_FLOW:
      if (!bench->task.receives) sender_fill(bench, pn_event_link(event));
      break;
    case PN_DELIVERY:
      if (bench->task.receives)
        receiver_took(bench, pn_event_delivery(event));
      else
        sender_settled(bench, pn_event_delivery(event));
      break;
    case PN_CONNECTION_REMOTE_CLOSE:
      refuse(pn_connection_remote_condition(pn_event_connection(event)));
      break;
    case PN_LINK_REMOTE_CLOSE:
      refuse(pn_link_remote_condition(pn_event_link(event)));
      break;
    case PN_TRANSPORT_CLOSED:
      refuse(pn_transport_condition(pn_event_transport(event)));
      break;
    case PN_PROACTOR_INACTIVE:
      return false;
    default:
      break;
  }
  return true;
}

static void run(bench_t *bench) {
  char address[PN_MAX_ADDR];
  pn_proactor_t *proactor = pn_proactor();
  pn_transport_t *transport = pn_transport();
  pn_transport_set_max_frame(transport, MAX_FRAME);
  pn_proactor_addr(address, sizeof address, bench->task.host, bench->task.port);
  pn_proactor_connect2(proactor, NULL, transport, address);
  for (bool running = true; running;) {
    pn_event_batch_t *events = pn_proactor_wait(proactor);
    for (pn_event_t *event = pn_event_batch_next(events); event; event = pn_event_batch_next(events))
      running = handle(bench, event) && running;
    pn_proactor_done(proactor, events);
  }
  pn_proactor_free(proactor);
}

int main(int count, char **arguments) {
  if (count != 5) die("usage: proton-c scenario host port count");
  bench_t bench = {.task = parse(arguments), .message = pn_message()};
  bench.body = malloc(bench.task.body_size);
  bench.trips = malloc(bench.task.count * sizeof *bench.trips);
  if (!bench.body || !bench.trips) die("no memory");
  memset(bench.body, 'x', bench.task.body_size);
  run(&bench);
  pn_message_free(bench.message);
  free(bench.buffer.start);
  free(bench.trips);
  free(bench.body);
  if (bench.done != bench.task.total) die("%zu of %zu messages", bench.done, bench.task.total);
  return 0;
}
