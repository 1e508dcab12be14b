package x

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/outcome"
)

// The types of problems, by x-api/fundamentals/response-codes-and-errors: what
// stands behind "/problems/" in their addresses.
const (
	problemInvalid     = "invalid-request"
	problemNotFound    = "resource-not-found"
	problemResource    = "not-authorized-for-resource"
	problemClient      = "client-forbidden"
	problemUsage       = "usage-capped"
	problemRate        = "rate-limit-exceeded"
	problemUnavailable = "resource-unavailable"
	problemDisallowed  = "disallowed-resource"
)

// duplicateWords begin the detail of the only problem that is told by its words
// alone; X documents no type for it (seen in issues, as akrherz/iembot#163).
const duplicateWords = "You are not allowed to create a Tweet with duplicate content"

type problem struct {
	Type             string `json:"type"`
	Title            string `json:"title"`
	Detail           string `json:"detail"`
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description"`
}

// Classify implements networks.Connector.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	if failure := outcome.Unanswered(title, a); failure != nil {
		return failure
	}
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	var p problem
	if a.Status < http.StatusInternalServerError && json.Unmarshal(a.Body, &p) == nil {
		if failure := p.failure(a); failure != nil {
			return failure
		}
	}
	if a.Status == http.StatusTooManyRequests { // X also says so in plain words
		return limited("too_many_requests", a.Header)
	}
	return outcome.Undocumented(title, a)
}

func (p problem) failure(a networks.Answer) *networks.Failure {
	_, kind, typed := strings.Cut(p.Type, "/problems/")
	switch {
	case p.Error != "":
		return p.token(a)
	case typed:
		return documented(kind, a)
	case p.Type != "about:blank":
		return nil
	}
	switch a.Status { // which about:blank refers to
	case http.StatusUnauthorized:
		return &networks.Failure{
			Kind: networks.Reauth, Code: "unauthorized", Detail: "X no longer accepts this connection. Connect the account again.",
		}
	case http.StatusForbidden:
		if strings.HasPrefix(p.Detail, duplicateWords) {
			return &networks.Failure{
				Kind: networks.Duplicate, Code: "duplicate_content", Detail: "The same text was posted on X a short while ago.",
			}
		}
		return forbidden("forbidden")
	case http.StatusTooManyRequests:
		return limited("too_many_requests", a.Header)
	case http.StatusBadRequest:
		return codeflow.Misunderstood("bad_request", title)
	default:
		return nil
	}
}

func documented(kind string, a networks.Answer) *networks.Failure {
	switch kind {
	case problemInvalid:
		return &networks.Failure{Kind: networks.Rejected, Code: kind, Detail: "X does not take this post as it is."}
	case problemNotFound, problemUnavailable, problemDisallowed:
		return &networks.Failure{Kind: networks.Rejected, Code: kind, Detail: "X does not have what this is about."}
	case problemResource:
		return forbidden(kind)
	case problemClient:
		return codeflow.Misconfigured(kind, title)
	case problemRate:
		return limited(kind, a.Header)
	case problemUsage: // by the month, or what was paid for
		return &networks.Failure{
			Kind: networks.RateLimited, Code: kind, Scope: networks.ScopeClient, RetryAfter: outcome.LongestWait,
			Detail: "This installation has used up what it may do on X.",
		}
	default:
		return nil
	}
}

func forbidden(code string) *networks.Failure {
	return &networks.Failure{
		Kind: networks.NoPermission, Code: code,
		Detail: "X does not allow this account to do that. Its owner finds the reason on X.",
	}
}

// limited waits for the window that was used up. Where the day is, its header
// says so.
func limited(code string, h http.Header) *networks.Failure {
	window := "X-Rate-Limit-Reset"
	if h.Get("X-User-Limit-24hour-Remaining") == "0" {
		window = "X-User-Limit-24hour-Reset"
	}
	return &networks.Failure{
		Kind: networks.RateLimited, Code: code, Scope: networks.ScopeAccount, RetryAfter: max(outcome.Wait(h, window), time.Second),
		Detail: "X asks to wait before the next call.",
	}
}

// token reads an error of the token endpoint. X says invalid_request of tokens
// and codes that are used up or revoked, too.
func (p problem) token(a networks.Answer) *networks.Failure {
	ended := strings.HasPrefix(p.ErrorDescription, "Value passed for the token was invalid") ||
		strings.HasPrefix(p.ErrorDescription, "Value passed for the authorization code was invalid")
	if p.Error == "invalid_request" && ended {
		return &networks.Failure{
			Kind: networks.Reauth, Code: "invalid_grant", Detail: "The authorization has ended. Connect the account again.",
		}
	}
	return codeflow.TokenFailure(a, title)
}
