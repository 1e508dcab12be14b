// Package outcome reads what the networks have in common in what a call
// brought back: answers that prove nothing, and times to wait.
package outcome

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

const (
	// DefaultWait is for an answer that asks to wait and does not say how long.
	DefaultWait = time.Minute
	// LongestWait bounds what an answer may ask for.
	LongestWait = 24 * time.Hour
)

// Meaning is what a documented error means.
type Meaning struct {
	Kind   networks.FailureKind
	Detail string // one sentence of ours, for a person
	// OfConnection is the failure's.
	OfConnection bool
}

// Failure makes the failure of a code.
func (m Meaning) Failure(code string) *networks.Failure {
	return &networks.Failure{Kind: m.Kind, Code: code, Detail: m.Detail, OfConnection: m.OfConnection}
}

// Unanswered reads an answer that is not whole; nil when it is. title is the
// network's, for people.
func Unanswered(title string, a networks.Answer) *networks.Failure {
	switch {
	case a.Err == nil:
		return nil
	case errors.Is(a.Err, wire.ErrForbidden):
		return &networks.Failure{
			Kind: networks.Rejected, Code: "forbidden_host", Cause: a.Err,
			Detail: "This address does not lead to a site on the public internet.",
		}
	case a.Status == 0 && !a.Sent:
		return &networks.Failure{
			Kind: networks.NotSent, Code: "not_sent", Cause: a.Err, Detail: title + " could not be reached.",
		}
	}
	failure := Unclear(title, a.Call, "no_answer")
	failure.Cause = a.Err
	return failure
}

// Unclear is what an answer means that proves nothing: harmless for a call that
// changes nothing that anybody could see, a question for every other (R59).
func Unclear(title string, call networks.Call, code string) *networks.Failure {
	if call == networks.CallRead || call == networks.CallPrepare {
		return &networks.Failure{
			Kind: networks.Unavailable, Code: code, Scope: networks.ScopeHost,
			Detail: title + " could not answer. Try again later.",
		}
	}
	return &networks.Failure{Kind: networks.Ambiguous, Code: code, Detail: title + " did not say whether it was done."}
}

// Undocumented is an answer that nothing but its status tells of. One that says
// how long the service will be away, as a 503 does, is believed: nobody asks its
// host before that.
func Undocumented(title string, a networks.Answer) *networks.Failure {
	return Away(Unclear(title, a.Call, Status(a.Status)), a)
}

// Away adds to a failure how long its answer asks to wait, where that is one that
// a Retry-After belongs to.
func Away(failure *networks.Failure, a networks.Answer) *networks.Failure {
	belongs := a.Status >= http.StatusInternalServerError || a.Status == http.StatusTooManyRequests
	if wait := Asked(a.Header); belongs && wait > 0 {
		failure.RetryAfter, failure.Scope = wait, networks.ScopeHost
	}
	return failure
}

// Status names an answer by its status alone.
func Status(status int) string { return "http_" + strconv.Itoa(status) }

// Wait is how long an answer asks to wait: its Retry-After, else a moment in one
// of the headers named, as seconds of Unix time or as in RFC 3339, else DefaultWait.
func Wait(h http.Header, moments ...string) time.Duration {
	if wait := Asked(h); wait > 0 {
		return wait
	}
	answered, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return DefaultWait
	}
	for _, name := range moments {
		if seconds, err := strconv.ParseInt(h.Get(name), 10, 64); err == nil {
			return bounded(time.Unix(seconds, 0).Sub(answered))
		}
		if until, err := time.Parse(time.RFC3339, h.Get(name)); err == nil {
			return bounded(until.Sub(answered))
		}
	}
	return DefaultWait
}

// Asked is an answer's Retry-After (RFC 9110, section 10.2.3); zero where it has
// none that means a wait. Moments count from the answer's own Date, so that the
// same answer always means the same.
func Asked(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(seconds, 0), int(LongestWait/time.Second))) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	answered, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(until.Sub(answered), 0), LongestWait)
}

func bounded(d time.Duration) time.Duration {
	if d <= 0 {
		return DefaultWait
	}
	return min(d, LongestWait)
}

// Read decodes the body of a success. One that cannot be read is no success to
// build on: the failure is an unclear one.
func Read(title string, a networks.Answer, into any) error {
	if into == nil || json.Unmarshal(a.Body, into) == nil {
		return nil
	}
	return Unclear(title, a.Call, "unreadable_answer")
}
