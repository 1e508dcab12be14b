// Package problem is how the API says no: problem details by RFC 9457, with a
// stable code and, where one stands behind it, the rule's number.
//
// Of is the one place where errors become problems. What a person did wrong is
// a *domain.Refusal and says so; what broke on our side is logged with the
// request's id and says nothing of its cause.
package problem

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"behalf/internal/telemetry"
)

// ContentType is the media type of a problem (RFC 9457, section 6.1).
const ContentType = "application/problem+json"

// Problem is the body of every answer with a status of 400 or more.
type Problem struct {
	Type      string  `json:"type" format:"uri" doc:"Where the code is explained." example:"https://behalf.example/docs/problems#mode_without_manage_posts"`
	Title     string  `json:"title" doc:"What the code means; the same at every occurrence." example:"Another post goes out within a minute"`
	Status    int     `json:"status" doc:"The HTTP status again." example:"409"`
	Detail    string  `json:"detail,omitempty" doc:"What was wrong this time, for people; absent where the title says all of it." example:"Less than a minute from then another post goes out to Acme News. The next moment that is free is 2026-12-01T08:31:00Z."`
	Code      string  `json:"code" doc:"Stable and for machines." example:"minute_taken"`
	Rule      string  `json:"rule,omitempty" doc:"The rule that refused." example:"R57"`
	Errors    []Fault `json:"errors,omitempty" doc:"The places that were wrong."`
	RequestID string  `json:"request_id,omitempty" doc:"Names this request to support."`
	Position  int64   `json:"position,omitempty" doc:"With view_behind, parked and position_ahead: the position that was asked for."`
	Reached   *int64  `json:"reached,omitempty" doc:"With view_behind and parked: how far the view is; with position_ahead: where the log ends."`

	headers http.Header
}

// Fault is one place of a request and what is wrong there. What was submitted
// is never repeated.
type Fault struct {
	Location string `json:"location" doc:"JSON path in the body (\"assignments[0].credential_mode\"), or query, path or header and a name." example:"assignments[0].credential_mode"`
	Message  string `json:"message" doc:"What was expected there." example:"A credential mode goes only with manage_posts."`
	Code     string `json:"code,omitempty" doc:"The same for machines, where there is a word for it." example:"text_too_long"`
}

// New makes a problem of one of the Codes.
func New(status int, code, detail string, faults ...Fault) *Problem {
	return &Problem{Title: titles[code], Status: status, Code: code, Detail: detail, Errors: faults}
}

// RetryAfter says after how many seconds it is worth asking again.
func (p *Problem) RetryAfter(seconds int) *Problem {
	return p.header("Retry-After", strconv.Itoa(max(1, seconds)))
}

// Challenge says by what else it would be allowed (RFC 9110, 11.6.1).
func (p *Problem) Challenge(challenge string) *Problem {
	return p.header("WWW-Authenticate", challenge)
}

func (p *Problem) header(name, value string) *Problem {
	if p.headers == nil {
		p.headers = http.Header{}
	}
	p.headers.Set(name, value)
	return p
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return ContentType }

type baseKey struct{}

// WithBase returns a context whose problems are explained at publicURL, which
// has no slash at its end.
func WithBase(ctx context.Context, publicURL string) context.Context {
	return context.WithValue(ctx, baseKey{}, publicURL)
}

// located fills in what depends on the request.
func (p *Problem) located(ctx context.Context) *Problem {
	base, _ := ctx.Value(baseKey{}).(string)
	filled := *p
	filled.Type = base + "/docs/problems#" + p.Code
	filled.RequestID = telemetry.RequestID(ctx)
	if filled.Detail == filled.Title+"." { // a detail is of this time (RFC 9457, section 3.1.4), and would only repeat
		filled.Detail = ""
	}
	return &filled
}

// Write answers with the problem that err is; see Of.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	problem := Of(r.Context(), err)
	for name, values := range problem.headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", ContentType)
	w.WriteHeader(problem.Status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(problem) // the client is gone, nobody is left to tell
}
