/* The messages of each scenario, and how they are read. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include <proton/codec.h>

static pn_bytes_t text(const char *value) { return pn_bytes(strlen(value), value); }

static void make_typical(pn_message_t *message, size_t index) {
  char id[MAX_TEXT];
  int length = snprintf(id, sizeof id, "order-%010zu", index);
  pn_data_t *application = pn_message_properties(message);
  pn_message_set_id(message, (pn_atom_t){.type = PN_STRING, .u.as_bytes = pn_bytes(length, id)});
  pn_message_set_address(message, "orders");
  pn_message_set_subject(message, "order.created");
  pn_message_set_content_type(message, "application/json");
  pn_data_put_map(application);
  pn_data_enter(application);
  pn_data_put_string(application, text("tenant"));
  pn_data_put_string(application, text("acme-europe"));
  pn_data_put_string(application, text("region"));
  pn_data_put_string(application, text("eu-west-1"));
  pn_data_put_string(application, text("attempt"));
  pn_data_put_int(application, 3);
  pn_data_put_string(application, text("replayed"));
  pn_data_put_bool(application, false);
  pn_data_put_string(application, text("weight"));
  pn_data_put_double(application, 12.5);
  pn_data_exit(application);
}

/* Puts the message `index` into `bench->message`. A plain one stays the same, and is made once. */
void make_message(bench_t *bench, size_t index) {
  pn_message_t *message = bench->message;
  if (index > 0 && !bench->task.typical) return;
  pn_message_clear(message);
  /* A binary body is then a data section. */
  pn_message_set_inferred(message, true);
  if (bench->task.typical) make_typical(message, index);
  pn_data_put_binary(pn_message_body(message), pn_bytes(bench->task.body_size, bench->body));
}

static bool equal(pn_bytes_t bytes, const char *value) {
  return bytes.size == strlen(value) && memcmp(bytes.start, value, bytes.size) == 0;
}

/* Looks up one application property: a map of Proton is a sequence of keys and values. */
static bool find(pn_data_t *map, const char *key) {
  pn_data_rewind(map);
  pn_data_next(map);
  pn_data_enter(map);
  while (pn_data_next(map)) {
    bool found = equal(pn_data_get_string(map), key);
    pn_data_next(map);
    if (found) return true;
  }
  return false;
}

static bool is_typical(pn_message_t *message) {
  pn_data_t *application = pn_message_properties(message);
  pn_atom_t id = pn_message_get_id(message);
  return id.type == PN_STRING && id.u.as_bytes.size == 16 && strcmp(pn_message_get_address(message), "orders") == 0 &&
         strcmp(pn_message_get_subject(message), "order.created") == 0 &&
         strcmp(pn_message_get_content_type(message), "application/json") == 0 && find(application, "tenant") &&
         equal(pn_data_get_string(application), "acme-europe") && find(application, "region") &&
         equal(pn_data_get_string(application), "eu-west-1") && find(application, "attempt") &&
         pn_data_get_int(application) == 3 && find(application, "replayed") && !pn_data_get_bool(application) &&
         find(application, "weight") && pn_data_get_double(application) == 12.5;
}

/* Decodes a message and uses what is in it. */
void read_message(bench_t *bench, pn_bytes_t encoded) {
  pn_message_t *message = bench->message;
  if (pn_message_decode(message, encoded.start, encoded.size) != 0)
    die("a message that Proton does not decode: %s", pn_error_text(pn_message_error(message)));
  pn_data_t *body = pn_message_body(message);
  pn_data_rewind(body);
  if (!pn_data_next(body) || pn_data_get_binary(body).size != bench->task.body_size) die("a body of another size");
  if (bench->task.typical && !is_typical(message)) die("a message that the peer did not send");
}
