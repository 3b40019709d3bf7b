package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/Azure/go-amqp"
)

// question is a line of input: octets to be read, or what is to be written.
type question struct {
	Octets   *string   `json:"octets"`
	Message  bool      `json:"message"` // whether the octets are those of a message, and not of a value
	Value    neutral   `json:"value"`
	Sections []section `json:"sections"`
	Size     int       `json:"size"`
}

// answer is a line of output.
type answer struct {
	Octets   *string   `json:"octets,omitempty"`
	Value    neutral   `json:"value"`
	Sections []section `json:"sections,omitempty"`
	Length   int       `json:"length"`
	Digest   string    `json:"digest,omitempty"`
	Error    string    `json:"error,omitempty"`
}

// questions reads all of the input.
func questions() (asked []question) {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<30)
	for input.Scan() {
		var one question
		must(json.Unmarshal(input.Bytes(), &one))
		asked = append(asked, one)
	}
	must(input.Err())
	return asked
}

func tell(told answer) { fmt.Println(string(get(json.Marshal(told)))) }

// answerEach answers every line of input. What cannot be answered is told as an error, and goes on.
func answerEach(reply func(question) answer) {
	for _, asked := range questions() {
		var told answer
		if err := attempt(func() { told = reply(asked) }); err != nil {
			told = answer{Error: strings.SplitN(err.Error(), "\n", 2)[0]}
		}
		tell(told)
	}
}

// bodyValue is what precedes the value in a message of one amqp-value section.
var bodyValue = []byte{0x00, 0x53, 0x77}

// codec reads or writes one message or one value. go-amqp does that for the body of a message only.
func codec(asked question) answer {
	switch {
	case asked.Sections != nil:
		return written(messageOf(asked.Sections))
	case asked.Message:
		var message amqp.Message
		must(message.UnmarshalBinary(octets(*asked.Octets)))
		return answer{Sections: sectionsOf(&message)}
	}
	if asked.Octets != nil {
		var message amqp.Message
		must(message.UnmarshalBinary(append(bodyValue, octets(*asked.Octets)...)))
		return answer{Value: neutralOf(message.Value)}
	}
	written := get((&amqp.Message{Value: bodyOf(asked.Value)}).MarshalBinary())
	text := hex.EncodeToString(written[len(bodyValue):])
	return answer{Octets: &text}
}

// bodyOf is a value as a body; without any there would be no section.
func bodyOf(form neutral) any {
	if value := build(form); value != nil {
		return value
	}
	return amqp.Null{}
}
