package apitest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for a message that has to come.
const patience = 20 * time.Second

// Listener takes a stream of server-sent events.
type Listener struct {
	LastID string // of the last message, or of a heartbeat behind it

	t        testing.TB
	messages chan Message
}

// Message is one server-sent event.
type Message struct{ ID, Name, Data string }

// Read decodes the data.
func (m Message) Read(t testing.TB, into any) Message {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(m.Data), into), m.Data)
	return m
}

// Listen opens a stream, which is closed when the test ends; headers are names
// and values in turn.
func (p *Person) Listen(path string, headers ...string) *Listener {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.world.URL+path, nil)
	require.NoError(p.t, err)
	request.Header.Set("Authorization", "Bearer "+p.Token)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	require.NoError(p.t, err)
	p.t.Cleanup(func() { cancel(); _ = response.Body.Close() })
	require.Equal(p.t, http.StatusOK, response.StatusCode)
	require.Equal(p.t, "text/event-stream", response.Header.Get("Content-Type"))
	listener := &Listener{t: p.t, messages: make(chan Message, 1000)}
	go listener.take(bufio.NewScanner(response.Body))
	return listener
}

// take reads messages until the stream ends.
func (l *Listener) take(lines *bufio.Scanner) {
	defer close(l.messages)
	var message Message
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			message.ID = value
		case "event":
			message.Name = value
		case "data":
			message.Data = value
		case "":
			if message != (Message{}) {
				l.messages <- message
			}
			message = Message{}
		}
	}
}

// Next is the next message with data.
func (l *Listener) Next() Message {
	l.t.Helper()
	for {
		select {
		case message, open := <-l.messages:
			require.True(l.t, open, "the stream has ended")
			if message.ID != "" {
				l.LastID = message.ID
			}
			if message.Data != "" {
				return message
			}
		case <-time.After(patience):
			require.FailNow(l.t, "no message")
		}
	}
}

// Ends requires that the stream ends with a problem of this code, and answers
// what came before.
func (l *Listener) Ends(code string) (before []Message) {
	l.t.Helper()
	for {
		message := l.Next()
		if message.Name != "end" {
			before = append(before, message)
			continue
		}
		var problem Problem
		message.Read(l.t, &problem)
		require.Equal(l.t, code, problem.Code, message.Data)
		select {
		case more, open := <-l.messages:
			require.False(l.t, open, "something came behind the end: %v", more)
		case <-time.After(patience):
			require.FailNow(l.t, "the stream stays open")
		}
		return before
	}
}
