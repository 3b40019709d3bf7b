"""Qpid Proton as a foreign client of a broker: python3 proton_client.py SETUP SCENARIO...

SETUP is {"port", "tlsPort", "user", "password", "ca", "values", "prefix"} as JSON: "values" is the path of values.json,
"prefix" begins the names of the queues. It runs the scenarios named and prints one line {"scenario", "ok", "detail"}
for each. What the queue of values-read holds and what becomes of that of values-write is up to ../foreign-run.mjs.
"""

import json
import sys
import traceback

from proton import Delivery, Message, symbol
from proton_link import Inbox, open_connection, send, settle
from proton_values import encode, sections

SETUP = json.loads(sys.argv[1])
ACCOUNT = SETUP["port"], SETUP["user"], SETUP["password"]
PREFIX = SETUP["prefix"]
SIMPLE_NOT = ("list", "map", "array", "described")


def connect():
    return open_connection("amqp", *ACCOUNT)


def equal(found, expected, what=""):
    if found != expected:
        raise AssertionError(f"{what}: {str(found)[:300]} is not {str(expected)[:300]}")


def refused(*arguments, **options):
    try:
        open_connection(*arguments, **options).close()
    except Exception as error:
        return str(error)
    raise AssertionError("the connection was not refused")


def plain():
    connect().close()
    reason = refused("amqp", SETUP["port"], SETUP["user"], "wrong")
    equal("auth" in reason.lower(), True, reason)


def tls():
    secure = SETUP["tlsPort"], SETUP["user"], SETUP["password"]
    reason = refused("amqps", *secure, trust=False)
    equal("certificate" in reason, True, reason)
    connection = open_connection("amqps", *secure, ca=SETUP["ca"])
    round_trip(connection, PREFIX + ".tls", 100)
    connection.close()


def bulk():
    connection = connect()
    round_trip(connection, PREFIX + ".bulk", 10_000)
    connection.close()


def round_trip(connection, address, count):
    """Sends messages while they are received, and checks that each came once."""
    inbox = Inbox(connection, address, count + 1)
    outcomes = send(connection, address, (Message(id=n, body=f"message {n}") for n in range(count)))
    equal(set(outcomes), {"accepted"})
    seen = set()
    for _ in range(count):
        message, delivery = inbox.next()
        equal(message.body, f"message {message.id}")
        seen.add(message.id)
        settle(delivery, Delivery.ACCEPTED)
    equal(len(seen), count)
    assert_empty(inbox)


def assert_empty(inbox):
    equal(inbox.drained(), [])
    inbox.close()


def outcomes():
    connection = connect()
    address = PREFIX + ".outcomes"
    names = ["accept", "reject", "release", "fail", "elsewhere"]
    send(connection, address, [Message(subject=name, body=name) for name in names])
    inbox = Inbox(connection, address, 20)
    first = {message.subject: delivery for message, delivery in (inbox.next() for _ in names)}
    equal(list(first), names)
    settle(first["accept"], Delivery.ACCEPTED)
    settle(first["reject"], Delivery.REJECTED, error=("amqp:not-allowed", "no"))
    settle(first["release"], Delivery.RELEASED)
    settle(first["fail"], Delivery.MODIFIED, failed=True, annotations={symbol("x-opt-seen"): "yes"})
    settle(first["elsewhere"], Delivery.MODIFIED, undeliverable=True)
    again = {message.subject: (message, delivery) for message, delivery in (inbox.next(), inbox.next())}
    equal(set(again), {"release", "fail"})
    failed = again["fail"][0]
    equal(failed.delivery_count, 1)
    equal(failed.annotations["x-opt-seen"], "yes")
    for _, delivery in again.values():
        settle(delivery, Delivery.ACCEPTED)
    assert_empty(inbox)
    take_one(connection, address, "elsewhere")
    take_one(connection, address + ".dead", "reject")
    connection.close()


def take_one(connection, address, subject):
    inbox = Inbox(connection, address, 10)
    message, delivery = inbox.next()
    equal(message.subject, subject)
    settle(delivery, Delivery.ACCEPTED)
    assert_empty(inbox)


def large():
    connection = connect()
    body = b"The quick brown fox. " * 500_000
    send(connection, PREFIX + ".large", [Message(body=body, inferred=True)])
    inbox = Inbox(connection, PREFIX + ".large", 1)
    message, delivery = inbox.next()
    equal(message.body == body, True, "body")
    settle(delivery, Delivery.ACCEPTED)
    inbox.close()
    connection.close()


def cases():
    with open(SETUP["values"], encoding="utf-8") as file:
        return json.load(file)


def values_read():
    connection = connect()
    inbox = Inbox(connection, PREFIX + ".values.read", 1000)
    for case in cases():
        message, delivery = inbox.next()
        found = sections(message.octets)
        equal(message.subject, case["name"])
        equal(found[0x77], case["value"], case["name"])
        if case["value"][0] not in SIMPLE_NOT:
            equal(found[0x74], ["map", [[["string", "value"], case["value"]]]], case["name"])
        settle(delivery, Delivery.ACCEPTED)
    assert_empty(inbox)
    connection.close()


class Encoded(Message):
    """A message whose octets are given."""

    def __init__(self, octets):
        super().__init__()
        self.octets = octets

    def encode(self):
        return self.octets


def described(descriptor, value):
    return encode(["described", ["ulong", str(descriptor)], value])


def values_write():
    connection = connect()
    messages = []
    for case in cases():
        octets = described(0x73, ["list", [["null"], ["null"], ["null"], ["string", case["name"]]]])
        if case["value"][0] not in SIMPLE_NOT:
            octets += described(0x74, ["map", [[["string", "value"], case["value"]]]])
        messages.append(Encoded(octets + described(0x77, case["value"])))
    send(connection, PREFIX + ".values.write", messages)
    connection.close()


def drain():
    connection = connect()
    send(connection, PREFIX + ".drain", [Message(body=n) for n in range(3)])
    inbox = Inbox(connection, PREFIX + ".drain", 10)
    came = inbox.drained()
    equal(len(came), 3)
    equal(inbox.receiver.link.credit, 0)
    for _, delivery in came:
        settle(delivery, Delivery.ACCEPTED)
    inbox.add_credit(5)
    assert_empty(inbox)
    connection.close()


def middle():
    """The connection is closed while messages flow: what was not accepted comes again, nothing else."""
    count = 1000
    connection = connect()
    send(connection, PREFIX + ".middle", (Message(id=n, body=n) for n in range(count)))
    inbox = Inbox(connection, PREFIX + ".middle", 500)
    taken = set()
    for _ in range(200):
        message, delivery = inbox.next()
        settle(delivery, Delivery.ACCEPTED)
        taken.add(message.id)
    connection.close()
    connection = connect()
    rest = Inbox(connection, PREFIX + ".middle", count)
    for _ in range(200, count):
        message, delivery = rest.next()
        equal(message.id in taken, False, f"{message.id} was accepted and came again")
        taken.add(message.id)
        settle(delivery, Delivery.ACCEPTED)
    equal(len(taken), count)
    assert_empty(rest)
    connection.close()


SCENARIOS = {
    "plain": plain,
    "tls": tls,
    "bulk": bulk,
    "outcomes": outcomes,
    "large": large,
    "values-read": values_read,
    "values-write": values_write,
    "drain": drain,
    "middle": middle,
}

for scenario in sys.argv[2:]:
    try:
        SCENARIOS[scenario]()
        print(json.dumps({"scenario": scenario, "ok": True}), flush=True)
    except Exception:  # the report is the answer
        print(json.dumps({"scenario": scenario, "ok": False, "detail": traceback.format_exc()}), flush=True)
