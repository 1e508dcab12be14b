package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxMessage bounds one message of a stream, in bytes.
const maxMessage = 1 << 20

// Stream takes server-sent events. When it ends, open it again behind LastID.
type Stream struct {
	LastID string // of the last message

	body  io.Closer
	lines *bufio.Scanner
}

// Message is one server-sent event.
type Message struct {
	ID   string
	Name string
	Data json.RawMessage
}

// stream opens a stream. The client's HTTP must not bound the time of a call.
func (c *Client) stream(ctx context.Context, call call) (*Stream, error) {
	response, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer func() { _ = response.Body.Close() }()
		return nil, Decode(response, nil)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, maxMessage)
	return &Stream{body: response.Body, lines: lines}, nil
}

// Close ends the stream.
func (s *Stream) Close() error { return s.body.Close() }

// Next is the next message. The error is io.EOF when the server ended the
// stream, and a *Problem when it said why.
func (s *Stream) Next() (Message, error) {
	var message Message
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			message.ID, s.LastID = value, value
		case "event":
			message.Name = value
		case "data":
			message.Data = json.RawMessage(value)
		case "":
			if len(message.Data) > 0 {
				return message.judged()
			}
			message = Message{}
		}
	}
	if err := s.lines.Err(); err != nil {
		return Message{}, fmt.Errorf("read the stream: %w", err)
	}
	return Message{}, io.EOF
}

// judged makes the last message of a stream what it is.
func (m Message) judged() (Message, error) {
	if m.Name != "end" {
		return m, nil
	}
	refused := &Problem{}
	if err := json.Unmarshal(m.Data, refused); err != nil {
		return Message{}, errors.Join(io.EOF, err)
	}
	return Message{}, refused
}
