package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/Azure/go-amqp"
)

// The exchanges: each line of input is a message, told by its sections or by the size of its body. What go-amqp writes
// is told as the octets of MarshalBinary, or their digest; what it reads as sections, or the digest of the body.

func digest(written []byte) answer {
	sum := sha256.Sum256(written)
	return answer{Length: len(written), Digest: hex.EncodeToString(sum[:])}
}

// body is so many octets of a text.
func body(size int) []byte {
	line := []byte("The quick brown fox. ")
	return bytes.Repeat(line, size/len(line)+1)[:size]
}

func writing(address string, tell func(question, *amqp.Sender) answer) {
	connection, session := dialSession()
	sender := newSender(session, address, nil)
	answerEach(func(asked question) answer { return tell(asked, sender) })
	must(connection.Close())
}

func reading(address string, tell func(*amqp.Message) answer) {
	connection, session := dialSession()
	receiver := newReceiver(session, address, withCredit(10))
	answerEach(func(question) answer {
		message := receive(receiver)
		accept(receiver, message)
		return tell(message)
	})
	must(connection.Close())
}

// writeMessages sends the message of each line.
func writeMessages() {
	writing(setup.Prefix+".messages.write", func(asked question, sender *amqp.Sender) answer {
		message := messageOf(asked.Sections)
		send(sender, message)
		return written(message)
	})
}

// written tells the octets of a message. Maps have no order, so those of one message may differ between two calls.
func written(message *amqp.Message) answer {
	text := hex.EncodeToString(get(message.MarshalBinary()))
	return answer{Octets: &text}
}

// readMessages tells a message for each line.
func readMessages() {
	reading(setup.Prefix+".messages.read", func(message *amqp.Message) answer {
		return answer{Sections: sectionsOf(message)}
	})
}

func writeSizes() {
	writing(setup.Prefix+".sizes.write", func(asked question, sender *amqp.Sender) answer {
		message := amqp.NewMessage(body(asked.Size))
		send(sender, message)
		return digest(get(message.MarshalBinary()))
	})
}

func readSizes() {
	reading(setup.Prefix+".sizes.read", func(message *amqp.Message) answer { return digest(message.GetData()) })
}
