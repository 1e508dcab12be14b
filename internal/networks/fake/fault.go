package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults. "Before" and "after" mean: before or after the call has
// had its effect. A call that the network refuses anyway is answered as always.
const (
	Refuse      Kind = "refuse"       // Fault.Answer instead of the network's
	RefuseAfter Kind = "refuse_after" // the same, after the call has had its effect
	FailBefore  Kind = "fail_before"  // 503, as whatever stands in front of a network answers it
	FailAfter   Kind = "fail_after"   // 502, the same
	HangBefore  Kind = "hang_before"  // no answer until the caller gives up
	HangAfter   Kind = "hang_after"   // the same
	ResetBefore Kind = "reset_before" // the connection is reset
	ResetAfter  Kind = "reset_after"  // the same
	Redirect    Kind = "redirect"     // 307 to a place that no network documents
	TooLarge    Kind = "too_large"    // done, and answered with more than anybody reads
	Malformed   Kind = "malformed"    // done, and answered with half a JSON document
	Garbled     Kind = "garbled"      // no HTTP at all
	Echo        Kind = "echo"         // 400, and everything that was sent comes back in the answer
	Extra       Kind = "extra"        // answered as always, with members in every object that nobody documents
)

// Large is how many bytes TooLarge answers with.
const Large = 4 << 20

// Fault is something that goes wrong.
type Fault struct {
	On     string // a pattern of http.ServeMux: which calls it strikes; "" = every one
	Kind   Kind
	Query  string // a part of their query, unescaped; "" = any
	Answer Answer // Refuse and RefuseAfter only
	Times  int    // how many calls; 0 = until cleared
}

// Answer is an answer as it was recorded.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
}

// Write answers.
func (a Answer) Write(w http.ResponseWriter) {
	if strings.HasPrefix(a.Body, "{") {
		w.Header().Set("Content-Type", "application/json")
	}
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body)
}

type armed struct {
	Fault
	once            sync.Once
	struck, cleared chan struct{}
}

func (a *armed) hit() { a.once.Do(func() { close(a.struck) }) }

func (a *armed) strike(w http.ResponseWriter, r *http.Request, body []byte, g *Gate) {
	switch a.Kind {
	case RefuseAfter, FailAfter, HangAfter, ResetAfter, TooLarge, Malformed, Extra:
		held := &heldAnswer{header: http.Header{}, status: http.StatusOK}
		g.next.ServeHTTP(held, r)
		if held.status >= http.StatusMultipleChoices {
			held.passOn(w)
			return
		}
		if a.Kind == Extra {
			held.add()
			held.passOn(w)
			return
		}
	}
	a.hit()
	switch a.Kind {
	case Refuse, RefuseAfter:
		a.Answer.Write(w)
	case FailBefore, FailAfter:
		status := http.StatusServiceUnavailable
		if a.Kind == FailAfter {
			status = http.StatusBadGateway
		}
		http.Error(w, "upstream failure", status)
	case HangBefore, HangAfter:
		select {
		case <-r.Context().Done():
		case <-a.cleared:
		case <-g.closing:
		}
		panic(http.ErrAbortHandler)
	case ResetBefore, ResetAfter:
		hijack(w, "")
	case Redirect:
		w.Header().Set("Location", "/undocumented?of="+r.URL.RawQuery)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case TooLarge:
		_, _ = io.WriteString(w, `{"filler":"`+strings.Repeat("x", Large)+`"}`)
	case Malformed:
		_, _ = io.WriteString(w, `{"id":`)
	case Garbled:
		hijack(w, "HTTP/1.1 "+r.Header.Get("Authorization")+" "+string(body)+"\r\n\r\n")
	case Echo:
		echo(w, r, body)
	}
}

// echo repeats everything it was sent, in every place of an answer where
// networks put words.
func echo(w http.ResponseWriter, r *http.Request, body []byte) {
	all, _ := json.Marshal(r.Header.Get("Authorization") + " " + r.URL.RawQuery + " " + string(body))
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Location", "/"+r.URL.RawQuery)
	w.WriteHeader(http.StatusBadRequest)
	_, _ = fmt.Fprintf(w, `{"error":%[1]s,"error_description":%[1]s,"message":%[1]s,"code":%[1]s}`, all)
}

// hijack writes what is no HTTP, if anything, and resets the connection.
func hijack(w http.ResponseWriter, raw string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(conn, raw)
	if tcp, ok := conn.(*net.TCPConn); ok && raw == "" {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
