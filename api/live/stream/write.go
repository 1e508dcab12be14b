package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"behalf/api/problem"
)

// ContentType is the media type of a stream.
const ContentType = "text/event-stream"

// EndName is the name of the last message of a stream whose right to go on
// has ended, or whose source has failed; its data is a problem.
const EndName = "end"

// retry is what readers wait before they come back, in milliseconds.
const retry = 3000

// writer writes a stream in pieces, each of which has to arrive in time.
type writer struct {
	answer   http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
	last     time.Time // when something was written last
}

// begin sends the head of the answer.
func begin(answer http.ResponseWriter, patience time.Duration) *writer {
	w := &writer{answer: answer, control: http.NewResponseController(answer), patience: patience, last: time.Now()}
	_ = w.control.SetReadDeadline(time.Time{}) // else the server takes its own for the end of the connection
	answer.Header().Set("Content-Type", ContentType)
	answer.Header().Set("X-Accel-Buffering", "no") // proxies are to hand on each piece
	answer.WriteHeader(http.StatusOK)
	_ = w.send([]byte(fmt.Sprintf("retry: %d\n\n", retry))) // the first page tells whether it arrived
	return w
}

// page writes messages in one piece. When nothing was for the reader, the next
// heartbeat tells how far it has come.
func (w *writer) page(page Page, reached string) error {
	if len(page.Messages) == 0 {
		return nil
	}
	var piece bytes.Buffer
	for _, message := range page.Messages {
		if err := message.write(&piece); err != nil {
			return err
		}
	}
	if last := page.Messages[len(page.Messages)-1].ID; last != reached {
		field(&piece, "id", reached)
		piece.WriteByte('\n')
	}
	return w.send(piece.Bytes())
}

func (m Message) write(piece *bytes.Buffer) error {
	data, err := json.Marshal(m.Data)
	if err != nil {
		return fmt.Errorf("write %s: %w", m.Name, err)
	}
	field(piece, "id", m.ID)
	field(piece, "event", m.Name)
	field(piece, "data", string(data))
	piece.WriteByte('\n')
	return nil
}

// field writes one line; what has no value is left out, and what would be two
// lines is none.
func field(piece *bytes.Buffer, name, value string) {
	if value != "" && !strings.ContainsAny(value, "\r\n\x00") {
		piece.WriteString(name + ": " + value + "\n")
	}
}

// heartbeat shows that the connection stands, and moves the reader's
// Last-Event-ID on: a block without data does that and is no event.
func (w *writer) heartbeat(reached string) error {
	var piece bytes.Buffer
	piece.WriteString(": still here\n")
	field(&piece, "id", reached)
	piece.WriteByte('\n')
	return w.send(piece.Bytes())
}

// end tells why there is nothing more.
func (w *writer) end(reason *problem.Problem) {
	var piece bytes.Buffer
	if err := (Message{Name: EndName, Data: reason}).write(&piece); err == nil {
		_ = w.send(piece.Bytes()) // it was the last one anyway
	}
}

func (w *writer) send(piece []byte) error {
	w.last = time.Now()
	if err := w.control.SetWriteDeadline(w.last.Add(w.patience)); err != nil {
		return fmt.Errorf("bound a piece: %w", err)
	}
	if _, err := w.answer.Write(piece); err != nil {
		return err
	}
	return w.control.Flush()
}
