// Command go-amqp is Azure/go-amqp as a foreign client of a broker: go-amqp SETUP SCENARIO, or go-amqp codec.
//
// SETUP is {"port", "tlsPort", "user", "password", "ca", "prefix", "frame"} as JSON; the prefix begins the names of the
// queues.
// It runs the scenario and prints one line {"scenario", "ok", "detail"}. The exchanges (codec.go, exchange.go) answer
// each line of their input by another instead.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type settings struct {
	Port     int    `json:"port"`
	TLSPort  int    `json:"tlsPort"`
	User     string `json:"user"`
	Password string `json:"password"`
	CA       string `json:"ca"`
	Prefix   string `json:"prefix"`
	Frame    uint32 `json:"frame"` // the largest frame that is taken, unless 0
}

var setup settings

var scenarios = map[string]func(){
	"plain":            plain,
	"anonymous":        anonymous,
	"tls":              secure,
	"bulk":             bulk,
	"large":            large,
	"middle":           middle,
	"round-trips":      roundTrips,
	"forward":          forward,
	"keep-alive":       keepAlive,
	"outcomes":         outcomes,
	"second":           settleSecond,
	"settled":          settled,
	"receipts":         receipts,
	"drain":            drain,
	"credit":           credit,
	"links":            manyLinks,
	"handle-max":       handleMax,
	"link-name":        linkName,
	"shared-session":   sharedSession,
	"dynamic":          dynamicAddress,
	"anonymous-target": anonymousTarget,
	"filters":          filters,
	"message-size":     messageSize,
	"sessions":         manySessions,
	"cancelled":        cancelled,
	"close":            closeOwn,
	"peer-closes":      peerCloses,
}

var exchanges = map[string]func(){
	"messages-write": writeMessages,
	"messages-read":  readMessages,
	"sizes-write":    writeSizes,
	"sizes-read":     readSizes,
}

type report struct {
	Scenario string `json:"scenario"`
	OK       bool   `json:"ok"`
	Detail   string `json:"detail,omitempty"`
}

// limit is when nobody waits for the program any more.
const limit = time.Minute

func main() {
	time.AfterFunc(limit, func() { os.Exit(1) })
	if len(os.Args) == 2 && os.Args[1] == "codec" {
		answerEach(codec)
		return
	}
	must(json.Unmarshal([]byte(os.Args[1]), &setup))
	name := os.Args[2]
	if exchange, found := exchanges[name]; found {
		exchange()
		return
	}
	err := attempt(scenarios[name])
	result := report{Scenario: name, OK: err == nil}
	if err != nil {
		result.Detail = err.Error()
	}
	line, _ := json.Marshal(result)
	fmt.Println(string(line))
}
