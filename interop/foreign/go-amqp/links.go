package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/Azure/go-amqp"
)

// manyLinks are a hundred queues, with a sender and a receiver each, on one session.
func manyLinks() {
	connection, session := dialSession()
	together(100, func(n int) {
		address := fmt.Sprintf("%s.links.%d", setup.Prefix, n)
		sender, receiver := newSender(session, address, nil), newReceiver(session, address, withCredit(10))
		for range 10 {
			send(sender, text(address))
			message := receive(receiver)
			equal(textOf(message), address, "body")
			accept(receiver, message)
		}
		closed(sender, receiver)
	})
	closed(session)
	must(connection.Close())
}

// handleMax is the limit of links on a session: handles are used again, and one too many fails.
func handleMax() {
	connection := dial()
	for _, each := range []struct {
		max                  uint32
		links, closed, fails int
	}{{4, 5, 0, 1}, {5, 5, 0, 0}, {4, 5, 1, 0}, {4, 8, 4, 0}, {62, 64, 2, 0}, {62, 64, 1, 1}} {
		session := get(connection.NewSession(soon(), &amqp.SessionOptions{MaxLinks: each.max}))
		failed := 0
		for n := range each.links {
			sender, err := session.NewSender(soon(), setup.Prefix+".handle-max", nil)
			if err != nil {
				isTrue(strings.Contains(err.Error(), fmt.Sprintf("handle max (%d)", each.max)), err.Error())
				failed++
			} else if n < each.closed {
				closed(sender)
			}
		}
		equal(failed, each.fails, "links that were one too many")
	}
	must(connection.Close())
}

// linkName is taken once by a session, and free again when the link is closed.
func linkName() {
	connection, session := dialSession()
	address, named := setup.Prefix+".name", &amqp.SenderOptions{Name: "linkA"}
	first := newSender(session, address, named)
	equal(first.LinkName(), "linkA", "name")
	_, err := session.NewSender(soon(), address, named)
	isTrue(err != nil && strings.Contains(err.Error(), "already exists"), "a name is taken once")
	closed(first)
	second := newSender(session, address, named)
	send(second, text("again"))
	must(connection.Close())
}

// sharedSession has a hundred senders come and go on one session, with messages of 10 kB.
func sharedSession() {
	connection, session := dialSession()
	body := bytes.Repeat([]byte("0123456789"), 1024)
	address := setup.Prefix + ".shared"
	together(100, func(int) {
		for range 20 {
			sender := newSender(session, address, nil)
			send(sender, amqp.NewMessage(body))
			closed(sender)
		}
	})
	takeAll(session, address, 2000)
	must(connection.Close())
}

// dynamicAddress is a queue made for a reply, which ends with its link and takes others with it.
func dynamicAddress() {
	connection, session := dialSession()
	replies := newReceiver(session, "", &amqp.ReceiverOptions{DynamicAddress: true, Credit: 10})
	isTrue(replies.Address() != "", "the broker names the node")
	answering := newSender(session, replies.Address(), nil)
	send(answering, text("reply"))
	message := receive(replies)
	equal(textOf(message), "reply", "body")
	accept(replies, message)
	closed(replies)
	gone := errorOf[*amqp.LinkError](answering.Send(soon(), text("late"), nil), "a send to a node that is gone")
	equal(gone.RemoteErr.Condition, amqp.ErrCondResourceDeleted, "condition")
	_, err := session.NewSender(soon(), replies.Address(), nil)
	equal(errorOf[*amqp.Error](err, "a link to a node that is gone").Condition, amqp.ErrCondNotFound, "condition")
	target := newSender(session, "", &amqp.SenderOptions{DynamicAddress: true})
	isTrue(target.Address() != "", "the broker names the node")
	send(target, text("kept"))
	takeAll(session, target.Address(), 1)
	must(connection.Close())
}

// anonymousTarget routes each message by its own address.
func anonymousTarget() {
	connection, session := dialSession()
	sender := newSender(session, "", nil)
	for n := range 10 {
		to := fmt.Sprintf("%s.to.%d", setup.Prefix, n)
		send(sender, &amqp.Message{Properties: &amqp.MessageProperties{To: &to}, Value: to})
	}
	for n := range 10 {
		takeAll(session, fmt.Sprintf("%s.to.%d", setup.Prefix, n), 1)
	}
	must(connection.Close())
}

// filters that the broker does not know are not applied, and its attach says so (§3.5.3).
func filters() {
	connection, session := dialSession()
	address := setup.Prefix + ".filters"
	receiver := newReceiver(session, address, &amqp.ReceiverOptions{Filters: []amqp.LinkFilter{
		amqp.NewSelectorFilter("color = 'green'"),
		amqp.NewLinkFilter("com.example:other", 0, "anything"),
	}})
	equal(receiver.LinkSourceFilterValue("apache.org:selector-filter:string"), nil, "the selector that was granted")
	equal(receiver.LinkSourceFilterValue("com.example:other"), nil, "the filter that was granted")
	send(newSender(session, address, nil), text("unfiltered"))
	message := receive(receiver)
	equal(textOf(message), "unfiltered", "body")
	accept(receiver, message)
	must(connection.Close())
}

// messageSize is a limit of the broker (10,000 octets here), and one of the receiver.
func messageSize() {
	connection, session := dialSession()
	address := setup.Prefix + ".message-size"
	sender := newSender(session, address, nil)
	equal(sender.MaxMessageSize(), uint64(10_000), "limit")
	tooLarge := errorOf[*amqp.Error](sender.Send(soon(), amqp.NewMessage(make([]byte, 10_001)), nil), "a message too large")
	equal(tooLarge.Condition, amqp.ErrCondMessageSizeExceeded, "condition")
	send(sender, amqp.NewMessage(make([]byte, 9_000)))
	receiver := newReceiver(session, address, &amqp.ReceiverOptions{MaxMessageSize: 10_000})
	message := receive(receiver)
	equal(len(message.GetData()), 9_000, "octets")
	accept(receiver, message)
	must(connection.Close())
}
