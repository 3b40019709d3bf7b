package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	amqp "github.com/Azure/go-amqp"
)

// messageMaker gives a function from the index of a message to the message. A plain message is the same one each time:
// go-amqp has encoded it when a send returns.
func messageMaker(t *task) func(int) *amqp.Message {
	body := bytes.Repeat([]byte{'x'}, t.bodySize)
	if strings.HasPrefix(t.scenario, "typical") {
		return func(index int) *amqp.Message { return typical(index, body) }
	}
	message := amqp.NewMessage(body)
	return func(int) *amqp.Message { return message }
}

// typical makes the message with 4 properties, 5 application properties and 1 KiB of body.
func typical(index int, body []byte) *amqp.Message {
	to, subject, contentType := "orders", "order.created", "application/json"
	message := amqp.NewMessage(body)
	message.Properties = &amqp.MessageProperties{
		MessageID:   fmt.Sprintf("order-%010d", index),
		To:          &to,
		Subject:     &subject,
		ContentType: &contentType,
	}
	message.ApplicationProperties = map[string]any{
		"tenant":   "acme-europe",
		"region":   "eu-west-1",
		"attempt":  int32(3),
		"replayed": false,
		"weight":   12.5,
	}
	return message
}

func readBody(message *amqp.Message, t *task) error {
	if len(message.GetData()) != t.bodySize {
		return errors.New("a body of another size")
	}
	return nil
}

// readTypical uses every value that was received.
func readTypical(message *amqp.Message, _ *task) error {
	properties, application := message.Properties, message.ApplicationProperties
	id, _ := properties.MessageID.(string)
	right := len(id) == 16 &&
		*properties.To == "orders" &&
		*properties.Subject == "order.created" &&
		*properties.ContentType == "application/json" &&
		application["tenant"] == "acme-europe" &&
		application["region"] == "eu-west-1" &&
		application["attempt"] == int32(3) &&
		application["replayed"] == false &&
		application["weight"] == 12.5 &&
		len(message.GetData()) == 1024
	if !right {
		return errors.New("a message that the peer did not send")
	}
	return nil
}
