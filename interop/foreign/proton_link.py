"""Blocking links over Proton: just enough for the scenarios of proton_client.py."""

from collections import deque

from proton import Condition, Delivery, Message, SSLDomain
from proton.handlers import MessagingHandler
from proton.utils import BlockingConnection

OUTCOMES = {
    Delivery.ACCEPTED: "accepted",
    Delivery.REJECTED: "rejected",
    Delivery.RELEASED: "released",
    Delivery.MODIFIED: "modified",
}

decode = Message.decode


def decode_and_keep(message, octets):
    """Plain Python values tell less than the octets do, so these are kept."""
    message.octets = octets
    decode(message, octets)


Message.decode = decode_and_keep


def open_connection(scheme, port, user, password, ca=None, trust=True):
    """Opens with SASL PLAIN; `trust` False checks the certificate against no authority."""
    options = {"user": user, "password": password, "sasl_enabled": True, "allowed_mechs": "PLAIN"}
    if scheme == "amqps":
        domain = SSLDomain(SSLDomain.MODE_CLIENT)
        if trust:
            domain.set_trusted_ca_db(ca)
        domain.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
        options["ssl_domain"] = domain
    url = f"{scheme}://localhost:{port}"
    return BlockingConnection(url, timeout=20, allow_insecure_mechs=True, **options)


def send(connection, address, messages):
    """Sends all messages, and returns the name of each one's outcome once all are settled."""
    sender = connection.create_sender(address)
    deliveries = []
    for message in messages:
        connection.wait(lambda: sender.link.credit > 0, msg=f"credit for {address}")
        deliveries.append(sender.link.send(message))
    outcomes = []
    for delivery in deliveries:
        connection.wait(lambda: delivery.settled, msg=f"an outcome at {address}")
        outcomes.append(OUTCOMES[delivery.remote_state])
        delivery.settle()
    sender.close()
    return outcomes


class Inbox(MessagingHandler):
    """A receiver with manual credit and settlement that keeps what arrives until it is asked for."""

    def __init__(self, connection, address, credit):
        super().__init__(prefetch=0, auto_accept=False, auto_settle=False)
        self.connection = connection
        self.arrived = deque()
        self.receiver = connection.create_receiver(address, credit=0, handler=self)
        self.add_credit(credit)

    def on_message(self, event):
        self.arrived.append((event.message, event.delivery))

    def next(self):
        self.connection.wait(lambda: self.arrived, msg="a message")
        return self.arrived.popleft()

    def add_credit(self, count):
        self.receiver.link.flow(count)

    def drained(self):
        """Drains the credit, and returns what came meanwhile."""
        link = self.receiver.link
        link.drain(0)
        self.connection.wait(lambda: not link.draining(), msg="the end of a drain")
        link.drain_mode = False
        came = list(self.arrived)
        self.arrived.clear()
        return came

    def close(self):
        self.receiver.close()


def settle(delivery, state, error=None, failed=False, undeliverable=False, annotations=None):
    """Settles with an outcome."""
    if error:
        delivery.local.condition = Condition(*error)
    if state == Delivery.MODIFIED:
        delivery.local.failed = failed
        delivery.local.undeliverable = undeliverable
        delivery.local.annotations = annotations
    delivery.update(state)
    delivery.settle()
