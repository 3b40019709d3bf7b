package main

import (
	"fmt"

	"github.com/Azure/go-amqp"
)

var refusal = &amqp.Error{Condition: amqp.ErrCondNotAllowed, Description: "no"}

// tellEvery tells one outcome of each kind, and returns what comes again: one released, one failed.
func tellEvery(receiver *amqp.Receiver, second bool) map[string]*amqp.Message {
	tell := map[string]func(*amqp.Message) error{
		"accept": func(m *amqp.Message) error { return receiver.AcceptMessage(soon(), m) },
		"reject": func(m *amqp.Message) error {
			err := receiver.RejectMessage(soon(), m, refusal)
			if second {
				// go-amqp gives back the error with which the broker settles, as if that had refused the outcome.
				equal(errorOf[*amqp.Error](err, "an outcome that the broker settles").Condition, refusal.Condition, "condition")
				return nil
			}
			return err
		},
		"release": func(m *amqp.Message) error { return receiver.ReleaseMessage(soon(), m) },
		"fail": func(m *amqp.Message) error {
			seen := amqp.Annotations{"x-opt-seen": "yes"}
			return receiver.ModifyMessage(soon(), m, &amqp.ModifyMessageOptions{DeliveryFailed: true, Annotations: seen})
		},
		"elsewhere": func(m *amqp.Message) error {
			return receiver.ModifyMessage(soon(), m, &amqp.ModifyMessageOptions{UndeliverableHere: true})
		},
	}
	var first []*amqp.Message
	for range len(subjects) {
		first = append(first, receive(receiver))
	}
	for n, message := range first {
		equal(textOf(message), subjects[n], "order")
		must(tell[subjects[n]](message))
	}
	again := map[string]*amqp.Message{}
	for range 2 {
		message := receive(receiver)
		again[textOf(message)] = message
	}
	return again
}

var subjects = []string{"accept", "reject", "release", "fail", "elsewhere"}

// outcomes are those that a receiver tells, and what the broker makes of them.
func outcomes() { tellAndCheck(setup.Prefix+".outcomes", amqp.ReceiverSettleModeFirst) }

// settleSecond is the same where the broker settles first (§2.8.3), and a thousand messages one by one.
func settleSecond() {
	tellAndCheck(setup.Prefix+".outcomes", amqp.ReceiverSettleModeSecond)
	connection, session := dialSession()
	exactlyOnce := &amqp.SenderOptions{
		SettlementMode:              amqp.SenderSettleModeUnsettled.Ptr(),
		RequestedReceiverSettleMode: amqp.ReceiverSettleModeSecond.Ptr(),
	}
	sender := newSender(session, setup.Prefix+".second", exactlyOnce)
	second := &amqp.ReceiverOptions{Credit: 10, SettlementMode: amqp.ReceiverSettleModeSecond.Ptr()}
	receiver := newReceiver(session, setup.Prefix+".second", second)
	together(2, func(n int) {
		for count := range 1000 {
			if n == 0 {
				send(sender, text(fmt.Sprintf("message %d", count)))
				continue
			}
			message := receive(receiver)
			equal(textOf(message), fmt.Sprintf("message %d", count), "body")
			accept(receiver, message)
		}
	})
	send(sender, &amqp.Message{Value: amqp.Null{}})
	equal(receive(receiver).Value, nil, "a null")
	must(connection.Close())
}

func tellAndCheck(address string, mode amqp.ReceiverSettleMode) {
	connection, session := dialSession()
	sender := newSender(session, address, nil)
	for _, name := range subjects {
		send(sender, text(name))
	}
	receiver := newReceiver(session, address, &amqp.ReceiverOptions{Credit: 20, SettlementMode: mode.Ptr()})
	again := tellEvery(receiver, mode == amqp.ReceiverSettleModeSecond)
	isTrue(again["release"] != nil && again["fail"] != nil, "what was released and what failed came again")
	equal(again["fail"].Header.DeliveryCount, uint32(1), "delivery-count")
	equal(again["fail"].Annotations["x-opt-seen"], any("yes"), "annotation of the modified outcome")
	for _, message := range again {
		accept(receiver, message)
	}
	closed(receiver)
	takeOne(session, address, "elsewhere")
	takeOne(session, address+".dead", "reject")
	must(connection.Close())
}

// takeOne takes the only message that is there.
func takeOne(session *amqp.Session, address, expected string) {
	receiver := newReceiver(session, address, withCredit(-1))
	must(receiver.IssueCredit(10))
	message := receive(receiver)
	equal(textOf(message), expected, address)
	accept(receiver, message)
	must(receiver.DrainCredit(soon(), nil))
	isTrue(receiver.Prefetched() == nil, "there is one message at "+address)
	closed(receiver)
}

// settled are messages that are sent settled, both ways, more than there is credit at a time.
func settled() {
	const count = 40
	address := setup.Prefix + ".settled"
	connection, session := dialSession()
	presettled := newSender(session, address, &amqp.SenderOptions{SettlementMode: amqp.SenderSettleModeSettled.Ptr()})
	mixed := newSender(session, address, nil)
	for range count / 2 {
		send(presettled, text("settled"))
		must(mixed.Send(soon(), text("settled"), &amqp.SendOptions{Settled: true}))
	}
	closed(presettled, mixed)
	asked := &amqp.ReceiverOptions{Credit: 10, RequestedSenderSettleMode: amqp.SenderSettleModeSettled.Ptr()}
	receiver := newReceiver(session, address, asked)
	for range count {
		equal(textOf(receive(receiver)), "settled", "body")
	}
	closed(receiver)
	rest := newReceiver(session, address, withCredit(-1))
	send(newSender(session, address, nil), text("the only one left"))
	must(rest.IssueCredit(10))
	equal(textOf(receive(rest)), "the only one left", "what was sent settled is gone")
	must(rest.DrainCredit(soon(), nil))
	isTrue(rest.Prefetched() == nil, "no more messages came")
	must(connection.Close())
}

// receipts tell the outcome, and callbacks every change of the delivery state.
func receipts() {
	connection, session := dialSession()
	told := make(chan amqp.DeliveryState, 10)
	sender := newSender(session, "", &amqp.SenderOptions{OnDeliveryStateChanged: func(state amqp.DeliveryState) { told <- state }})
	message := text("routed")
	message.DeliveryTag = []byte("a tag of our own")
	for _, to := range []string{setup.Prefix + ".receipts", "dynamic/nowhere"} {
		message.Properties = &amqp.MessageProperties{To: &to}
		receipt := get(sender.SendWithReceipt(soon(), message, nil))
		equal(string(receipt.DeliveryTag()), "a tag of our own", "tag")
		outcome := get(receipt.Wait(soon()))
		equal(<-told, outcome, "what the callback is told")
		if to == "dynamic/nowhere" {
			rejected := outcome.(*amqp.StateRejected)
			equal(rejected.Error.Condition, amqp.ErrCondNotFound, "condition")
			continue
		}
		equal(outcome, amqp.DeliveryState(&amqp.StateAccepted{}), "outcome")
	}
	equal(errorOf[*amqp.Error](sender.Send(soon(), message, nil), "a rejected send").Condition, amqp.ErrCondNotFound, "condition")
	send(newSender(session, setup.Prefix+".receipts", nil), text("the session is still there"))
	must(connection.Close())
}
