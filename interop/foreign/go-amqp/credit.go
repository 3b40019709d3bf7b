package main

import (
	"fmt"

	"github.com/Azure/go-amqp"
)

// drain: what is there comes, the rest of the credit is given back, and the link goes on. A drain of go-amqp takes the
// place of the credit that was issued before it and not yet sent: so something is received first.
func drain() {
	address := setup.Prefix + ".drain"
	connection, session := dialSession()
	sender := newSender(session, address, nil)
	for _, mode := range []amqp.ReceiverSettleMode{amqp.ReceiverSettleModeFirst, amqp.ReceiverSettleModeSecond} {
		for n := range 3 {
			send(sender, text(fmt.Sprint(n)))
		}
		receiver := newReceiver(session, address, &amqp.ReceiverOptions{Credit: -1, SettlementMode: mode.Ptr()})
		must(receiver.IssueCredit(10))
		for n := range 3 {
			message := receive(receiver)
			equal(textOf(message), fmt.Sprint(n), "body")
			accept(receiver, message)
		}
		must(receiver.DrainCredit(soon(), nil))
		isTrue(receiver.Prefetched() == nil, "no more messages came")
		drainAgain(sender, receiver)
		closed(receiver)
		takeAll(session, address, 1)
	}
	must(connection.Close())
}

// drainAgain goes on after a drain: one credit is one message.
func drainAgain(sender *amqp.Sender, receiver *amqp.Receiver) {
	send(sender, text("comes"))
	send(sender, text("stays"))
	must(receiver.IssueCredit(1))
	message := receive(receiver)
	equal(textOf(message), "comes", "body")
	accept(receiver, message)
	must(receiver.DrainCredit(soon(), nil))
	isTrue(receiver.Prefetched() == nil, "without credit nothing comes")
}

func takeAll(session *amqp.Session, address string, count int) {
	receiver := newReceiver(session, address, withCredit(-1))
	must(receiver.IssueCredit(uint32(count + 10)))
	for range count {
		accept(receiver, receive(receiver))
	}
	must(receiver.DrainCredit(soon(), nil))
	isTrue(receiver.Prefetched() == nil, "no more messages came")
	closed(receiver)
}

// credit is issued in small parts, and never exceeded.
func credit() {
	const count = 20
	address := setup.Prefix + ".credit"
	connection, session := dialSession()
	sendNumbered(newSender(session, address, nil), count)
	receiver := newReceiver(session, address, withCredit(-1))
	for taken := 0; taken < count; {
		must(receiver.IssueCredit(4))
		for range 4 {
			message := receive(receiver)
			equal(message.Properties.MessageID, any(uint64(taken)), "order")
			accept(receiver, message)
			taken++
		}
		isTrue(receiver.Prefetched() == nil, "no more came than there was credit")
	}
	must(connection.Close())
}
