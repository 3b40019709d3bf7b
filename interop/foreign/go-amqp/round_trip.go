package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/Azure/go-amqp"
)

// roundTrip sends messages while they are received, and checks that each comes once.
func roundTrip(connection *amqp.Conn, address string, count int) {
	session := begin(connection)
	sender := newSender(session, address, nil)
	receiver := newReceiver(session, address, withCredit(200))
	seen := make(map[uint64]bool, count)
	together(2, func(n int) {
		if n == 0 {
			sendNumbered(sender, count)
			return
		}
		for range count {
			message := receive(receiver)
			id := message.Properties.MessageID.(uint64)
			equal(message.Value, fmt.Sprintf("message %d", id), "body")
			isTrue(!seen[id], fmt.Sprintf("message %d came once", id))
			isTrue(message.DeliveryTag != nil, "a delivery has a tag")
			seen[id] = true
			accept(receiver, message)
		}
	})
	equal(len(seen), count, "messages")
	isTrue(receiver.Prefetched() == nil, "no more messages came")
	closed(sender, receiver, session)
}

// sendNumbered sends messages without waiting for the outcome of one before the next, and checks that all are accepted.
func sendNumbered(sender *amqp.Sender, count int) {
	sent := make([]amqp.SendReceipt, 0, count)
	for n := range count {
		message := &amqp.Message{
			Properties: &amqp.MessageProperties{MessageID: uint64(n)},
			Value:      fmt.Sprintf("message %d", n),
		}
		sent = append(sent, get(sender.SendWithReceipt(soon(), message, nil)))
	}
	for _, receipt := range sent {
		equal(get(receipt.Wait(soon())), amqp.DeliveryState(&amqp.StateAccepted{}), "outcome")
	}
}

func bulk() {
	connection := dial()
	roundTrip(connection, setup.Prefix+".bulk", 10_000)
	must(connection.Close())
}

// roundTrips are 1 message, 3, and 1000, 10 sessions at once, and a message in a format of its own (§2.8.11).
func roundTrips() {
	connection, session := dialSession()
	address := setup.Prefix + ".format"
	send(newSender(session, address, nil), &amqp.Message{Format: 0x80013700, Data: [][]byte{[]byte("batch")}})
	equal(receive(newReceiver(session, address, nil)).Format, uint32(0x80013700), "message format")
	for _, count := range []int{1, 3, 1000} {
		roundTrip(connection, setup.Prefix+".round-trips", count)
	}
	together(10, func(n int) { roundTrip(connection, fmt.Sprintf("%s.round-trips.%d", setup.Prefix, n), 100) })
	must(connection.Close())
}

// large is a message of 10 MB, which takes many frames both ways.
func large() {
	connection, session := dialSession()
	body := bytes.Repeat([]byte("The quick brown fox. "), 500_000)
	sender := newSender(session, setup.Prefix+".large", nil)
	receiver := newReceiver(session, setup.Prefix+".large", nil)
	send(sender, amqp.NewMessage(body))
	message := receive(receiver)
	isTrue(bytes.Equal(message.GetData(), body), "the body is what was sent")
	accept(receiver, message)
	must(connection.Close())
}

// middle closes the connection while messages flow: what was not accepted comes again, nothing else.
func middle() {
	const count, first = 1000, 200
	address := setup.Prefix + ".middle"
	connection, session := dialSession()
	sendNumbered(newSender(session, address, nil), count)
	taken := map[uint64]bool{}
	take := func(receiver *amqp.Receiver, some int) {
		for range some {
			message := receive(receiver)
			id := message.Properties.MessageID.(uint64)
			isTrue(!taken[id], fmt.Sprintf("message %d was not accepted before", id))
			taken[id] = true
			accept(receiver, message)
		}
	}
	take(newReceiver(session, address, withCredit(500)), first)
	// go-amqp does not wait for the answer to its close, and a socket that is closed with octets unread may lose what it
	// wrote. The end of a session is answered: then the outcomes have arrived.
	closed(session)
	must(connection.Close())
	connection, session = dialSession()
	take(newReceiver(session, address, withCredit(500)), count-first)
	equal(len(taken), count, "messages")
	must(connection.Close())
}

// forward sends on what it receives, and accepts ten at a time.
func forward() {
	const count, credit = 20, 10
	from, to := setup.Prefix+".forward.from", setup.Prefix+".forward.to"
	connection, session := dialSession()
	sendNumbered(newSender(session, from, nil), count)
	receiver, sender := newReceiver(session, from, withCredit(credit)), newSender(session, to, nil)
	var held []*amqp.Message
	for range count {
		message := receive(receiver)
		send(sender, message)
		if held = append(held, message); len(held) < credit {
			continue
		}
		for _, each := range held {
			accept(receiver, each)
		}
		held = nil
	}
	forwarded := newReceiver(session, to, withCredit(count))
	for n := range count {
		message := receive(forwarded)
		equal(message.Properties.MessageID, any(uint64(n)), "message id")
		accept(forwarded, message)
	}
	must(connection.Close())
}

// keepAlive is silent for longer than either side allows: empty frames keep the connection (§2.4.5).
func keepAlive() {
	options := account()
	options.IdleTimeout = time.Second
	connection := get(amqp.Dial(soon(), address(), options))
	session := begin(connection)
	select {
	case <-connection.Done():
		fail("the connection has ended: %w", connection.Err())
	case <-time.After(2500 * time.Millisecond):
	}
	send(newSender(session, setup.Prefix+".keep-alive", nil), text("still here"))
	must(connection.Close())
}
