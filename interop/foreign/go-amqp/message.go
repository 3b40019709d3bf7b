package main

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"time"

	"github.com/Azure/go-amqp"
)

// section is one section of a message: its descriptor code, and what it holds in neutral form.
type section struct {
	Code uint64
	Form neutral
}

func (s section) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.Code, s.Form}) }

func (s *section) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&s.Code, &s.Form})
}

const (
	headerCode                = 0x70
	deliveryAnnotationsCode   = 0x71
	annotationsCode           = 0x72
	propertiesCode            = 0x73
	applicationPropertiesCode = 0x74
	dataCode                  = 0x75
	sequenceCode              = 0x76
	valueCode                 = 0x77
	footerCode                = 0x78
)

// messageOf makes the message of go-amqp that has these sections.
func messageOf(sections []section) *amqp.Message {
	message := &amqp.Message{}
	for _, each := range sections {
		switch each.Code {
		case headerCode:
			message.Header = headerOf(fields(each.Form))
		case deliveryAnnotationsCode:
			message.DeliveryAnnotations = annotationsOf(each.Form)
		case annotationsCode:
			message.Annotations = annotationsOf(each.Form)
		case propertiesCode:
			message.Properties = propertiesOf(fields(each.Form))
		case applicationPropertiesCode:
			message.ApplicationProperties = map[string]any{}
			for key, value := range buildMap(each.Form[1]) {
				message.ApplicationProperties[key.(string)] = value
			}
		case dataCode:
			message.Data = append(message.Data, octets(each.Form[1]))
		case sequenceCode:
			message.Sequence = append(message.Sequence, buildAll[any](each.Form[1]))
		case valueCode:
			message.Value = bodyOf(each.Form)
		case footerCode:
			message.Footer = annotationsOf(each.Form)
		}
	}
	return message
}

func annotationsOf(form neutral) amqp.Annotations { return amqp.Annotations(buildMap(form[1])) }

// fields are those of a composite; the last ones may be left out.
func fields(form neutral) func(at int) any {
	built := buildAll[any](form[1])
	return func(at int) any {
		if at < len(built) {
			return built[at]
		}
		return nil
	}
}

func or[T any](value any, otherwise T) T {
	if found, is := value.(T); is {
		return found
	}
	return otherwise
}

func pointer[T any](value any) *T {
	if found, is := value.(T); is {
		return &found
	}
	return nil
}

func headerOf(field func(int) any) *amqp.MessageHeader {
	return &amqp.MessageHeader{
		Durable:       or(field(0), false),
		Priority:      or(field(1), uint8(4)),
		TTL:           time.Duration(or(field(2), uint32(0))) * time.Millisecond,
		FirstAcquirer: or(field(3), false),
		DeliveryCount: or(field(4), uint32(0)),
	}
}

func textPointer(value any) *string {
	if symbol, is := value.(amqp.Symbol); is {
		return pointer[string](string(symbol))
	}
	return pointer[string](value)
}

func propertiesOf(field func(int) any) *amqp.MessageProperties {
	return &amqp.MessageProperties{
		MessageID:          field(0),
		UserID:             or(field(1), []byte(nil)),
		To:                 textPointer(field(2)),
		Subject:            textPointer(field(3)),
		ReplyTo:            textPointer(field(4)),
		CorrelationID:      field(5),
		ContentType:        textPointer(field(6)),
		ContentEncoding:    textPointer(field(7)),
		AbsoluteExpiryTime: pointer[time.Time](field(8)),
		CreationTime:       pointer[time.Time](field(9)),
		GroupID:            textPointer(field(10)),
		GroupSequence:      pointer[uint32](field(11)),
		ReplyToGroupID:     textPointer(field(12)),
	}
}

// sectionsOf are the sections that go-amqp read.
func sectionsOf(message *amqp.Message) (found []section) {
	add := func(code uint64, form neutral) { found = append(found, section{code, form}) }
	if header := message.Header; header != nil {
		add(headerCode, headerForm(header))
	}
	if message.DeliveryAnnotations != nil {
		add(deliveryAnnotationsCode, annotationsForm(message.DeliveryAnnotations))
	}
	if message.Annotations != nil {
		add(annotationsCode, annotationsForm(message.Annotations))
	}
	if properties := message.Properties; properties != nil {
		add(propertiesCode, propertiesForm(properties))
	}
	if message.ApplicationProperties != nil {
		add(applicationPropertiesCode, neutralOf(message.ApplicationProperties))
	}
	for _, data := range message.Data {
		add(dataCode, neutral{"binary", hex.EncodeToString(data)})
	}
	for _, sequence := range message.Sequence {
		add(sequenceCode, neutralOf(sequence))
	}
	if len(message.Data) == 0 && len(message.Sequence) == 0 {
		add(valueCode, neutralOf(message.Value))
	}
	if message.Footer != nil {
		add(footerCode, annotationsForm(message.Footer))
	}
	return found
}

// annotationsForm has symbols as keys (§3.2.10), which go-amqp reads as strings.
func annotationsForm(annotations amqp.Annotations) neutral {
	symbols := map[any]any{}
	for key, value := range annotations {
		if text, is := key.(string); is {
			key = amqp.Symbol(text)
		}
		symbols[key] = value
	}
	return neutralOf(symbols)
}

func headerForm(header *amqp.MessageHeader) neutral {
	ttl := header.TTL.Milliseconds()
	isTrue(ttl <= math.MaxUint32, "a ttl is a uint")
	return composite(header.Durable, header.Priority, unless(ttl == 0, uint32(ttl)), header.FirstAcquirer, header.DeliveryCount)
}

func propertiesForm(p *amqp.MessageProperties) neutral {
	return composite(
		p.MessageID, unless(p.UserID == nil, p.UserID), valueOf(p.To), valueOf(p.Subject), valueOf(p.ReplyTo),
		p.CorrelationID, symbolOf(p.ContentType), symbolOf(p.ContentEncoding), valueOf(p.AbsoluteExpiryTime),
		valueOf(p.CreationTime), valueOf(p.GroupID), valueOf(p.GroupSequence), valueOf(p.ReplyToGroupID),
	)
}

func unless(absent bool, value any) any {
	if absent {
		return nil
	}
	return value
}

func valueOf[T any](value *T) any {
	if value == nil {
		return nil
	}
	return *value
}

func symbolOf(text *string) any {
	if text == nil {
		return nil
	}
	return amqp.Symbol(*text)
}

// composite is a list without the nulls at its end.
func composite(values ...any) neutral {
	for len(values) > 0 && values[len(values)-1] == nil {
		values = values[:len(values)-1]
	}
	return neutralOf(values)
}
