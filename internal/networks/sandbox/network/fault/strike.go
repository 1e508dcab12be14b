package fault

import (
	"net"
	"net/http"
	"net/http/httptest"
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
			done := httptest.NewRecorder()
			next.ServeHTTP(done, r)
			if done.Code >= http.StatusMultipleChoices {
				passOn(w, done)
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
		api.Refuse(w, "unavailable")
	case control.FailAfter:
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

func passOn(w http.ResponseWriter, done *httptest.ResponseRecorder) {
	for name, values := range done.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(done.Code)
	_, _ = w.Write(done.Body.Bytes())
}
