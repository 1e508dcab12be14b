package fault

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"

	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/networks/sandbox/network/control"
)

// Strike lets the armed faults strike one kind of call.
func (f *Faults) Strike(call control.Call, next http.Handler) http.Handler {
	return f.strike(func(*http.Request) control.Call { return call }, next)
}

// StrikeToken does the same for the token endpoint, whose grant type says which call it is.
func (f *Faults) StrikeToken(next http.Handler) http.Handler {
	return f.strike(func(r *http.Request) control.Call {
		if r.PostFormValue("grant_type") == "refresh_token" {
			return control.Refresh
		}
		return control.Exchange
	}, next)
}

func (f *Faults) strike(callOf func(*http.Request) control.Call, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault, cleared := f.take(callOf(r), r.PathValue("page"))
		switch fault.Kind {
		case control.HangAfter, control.FailAfter, control.ResetAfter:
			held := &heldAnswer{header: http.Header{}, status: http.StatusOK}
			next.ServeHTTP(held, r)
			if held.status >= http.StatusMultipleChoices {
				held.passOn(w)
				return
			}
		case control.Slow:
			wait(r, time.Duration(fault.DelayMS)*time.Millisecond, cleared, f.closing)
			next.ServeHTTP(w, r)
			return
		case "":
			next.ServeHTTP(w, r)
			return
		}
		f.fail(w, r, fault, cleared)
	})
}

func (f *Faults) fail(w http.ResponseWriter, r *http.Request, fault control.Fault, cleared <-chan struct{}) {
	switch fault.Kind {
	case control.Unauthorized:
		api.Refuse(w, "invalid_token")
	case control.Forbidden:
		api.Refuse(w, "not_admin")
	case control.RateLimited:
		api.RefuseFor(w, time.Duration(max(fault.RetryAfter, 1))*time.Second)
	case control.FailBefore:
		away(w, fault)
		api.Refuse(w, "unavailable")
	case control.FailAfter:
		away(w, fault)
		api.Refuse(w, "internal_error")
	case control.InvalidGrant:
		api.Answer(w, http.StatusBadRequest, map[string]string{
			"error": "invalid_grant", "error_description": "The refresh token is expired, revoked or was used before.",
		})
	case control.ResetBefore, control.ResetAfter:
		reset(w)
	case control.HangBefore, control.HangAfter:
		hang(r, cleared, f.closing)
	}
}

// away says how long the network will be, if it knows.
func away(w http.ResponseWriter, fault control.Fault) {
	if fault.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(fault.RetryAfter))
	}
}

// hang never answers: it waits for the caller to give up, or to be released,
// and then drops the connection.
func hang(r *http.Request, cleared, closing <-chan struct{}) {
	select {
	case <-r.Context().Done():
	case <-cleared:
	case <-closing:
	}
	panic(http.ErrAbortHandler)
}

func wait(r *http.Request, delay time.Duration, cleared, closing <-chan struct{}) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-cleared:
	case <-closing:
	}
}

// reset closes the connection with RST instead of FIN.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// heldAnswer is an answer that is complete before anybody sees it.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *heldAnswer) passOn(w http.ResponseWriter) {
	for name, values := range h.header {
		w.Header()[name] = values
	}
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body.Bytes())
}
