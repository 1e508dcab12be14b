// Package manners is what HTTP expects of an API besides its answers: entity
// tags and conditions (RFC 9110), the time that an answer took (Server-Timing),
// and notice before something goes away (RFC 9745, RFC 8594).
package manners

import (
	"bytes"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Answers tags what is read, answers 304 to who has it already, and tells each
// answer's time. Nothing is cached: every answer is made, and access decided,
// anew (R64); what is saved is the way to the client.
func Answers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answer{ResponseWriter: w, request: r, begun: time.Now()}
		next.ServeHTTP(answer, r)
		answer.finish()
	})
}

// answer holds the body of what was read back until its tag is known, and lets
// everything else pass.
type answer struct {
	http.ResponseWriter
	request *http.Request
	begun   time.Time
	headed  bool          // the handler has said its status
	held    *bytes.Buffer // nil: nothing is held
}

// buffers that bodies were held in, for the next ones.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keptAtMost is how large a buffer may have grown that is used again, in bytes.
const keptAtMost = 1 << 20

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(status int) {
	if a.headed {
		return
	}
	a.headed = true
	reads := a.request.Method == http.MethodGet || a.request.Method == http.MethodHead
	kind, _, _ := mime.ParseMediaType(a.Header().Get("Content-Type"))
	if reads && status == http.StatusOK && kind == "application/json" {
		a.held = buffers.Get().(*bytes.Buffer)
		return
	}
	a.head(status)
}

func (a *answer) Write(piece []byte) (int, error) {
	if !a.headed {
		a.WriteHeader(http.StatusOK)
	}
	if a.held != nil {
		return a.held.Write(piece)
	}
	return a.ResponseWriter.Write(piece)
}

func (a *answer) head(status int) {
	a.Header().Set("Server-Timing", timing(time.Since(a.begun)))
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) finish() {
	if !a.headed {
		a.WriteHeader(http.StatusOK)
	}
	if a.held == nil {
		return
	}
	defer a.release()
	tag := a.Header().Get("ETag")
	if tag == "" {
		tag = tagOf(a.held.Bytes())
		a.Header().Set("ETag", tag)
	}
	if known(a.request.Header.Values("If-None-Match"), tag) {
		a.Header().Del("Content-Type")
		a.Header().Del("Content-Length")
		a.head(http.StatusNotModified)
		return
	}
	a.Header().Set("Content-Length", strconv.Itoa(a.held.Len()))
	a.head(http.StatusOK)
	_, _ = a.ResponseWriter.Write(a.held.Bytes()) // the client is gone, nobody is left to tell
}

func (a *answer) release() {
	if a.held.Cap() <= keptAtMost {
		a.held.Reset()
		buffers.Put(a.held)
	}
	a.held = nil
}
