package linkedin

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/outcome"
)

// problem is an error of the API (shared/api-guide/concepts/error-handling).
type problem struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Service int    `json:"serviceErrorCode"`
	Message string `json:"message"`
	Details struct {
		Inputs []struct {
			Code string `json:"code"`
		} `json:"inputErrors"`
	} `json:"errorDetails"`
}

// The service error codes of tokens that are invalid, revoked or expired.
const (
	tokenInvalid = 65600
	tokenRevoked = 65601
	tokenExpired = 65602
)

// duplicateOf finds the post in the message of a refusal (seen in issues, as
// Arisamiga/Linkedin-RSS#5; LinkedIn documents the code alone).
var duplicateOf = regexp.MustCompile(`[Dd]uplicate of (urn:li:(?:share|ugcPost):[0-9]{1,25})`)

// Classify implements networks.Connector.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	if failure := outcome.Unanswered(title, a); failure != nil {
		return failure
	}
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	if a.Call == networks.CallExchange || a.Call == networks.CallRefresh {
		if failure := codeflow.TokenFailure(a, title); failure != nil {
			return c.token(failure, a)
		}
	}
	var p problem
	if a.Status < http.StatusInternalServerError && json.Unmarshal(a.Body, &p) == nil && p.Status == a.Status {
		if failure := p.failure(a); failure != nil {
			return failure
		}
	}
	if a.Status == http.StatusTooManyRequests { // of what stands in front of the API
		return problem{}.limited(a.Header)
	}
	return outcome.Undocumented(title, a)
}

// token knows that LinkedIn says invalid_request of codes and refresh tokens
// that are expired, used or revoked (shared/authentication/authorization-code-flow).
func (c *Connector) token(f *networks.Failure, a networks.Answer) *networks.Failure {
	var body struct {
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(a.Body, &body)
	words := strings.ToLower(body.Description)
	ended := strings.Contains(words, "expired") || strings.Contains(words, "revoked") || strings.Contains(words, "already been used")
	if f.Code == "invalid_request" && ended {
		return &networks.Failure{
			Kind: networks.Reauth, Code: "invalid_grant", Detail: "The authorization has ended. Connect the account again.",
		}
	}
	return f
}

func (p problem) failure(a networks.Answer) *networks.Failure {
	code := strings.ToLower(p.Code)
	switch {
	case p.Service >= tokenInvalid && p.Service <= tokenExpired:
		return &networks.Failure{
			Kind: networks.Reauth, Code: code, Detail: "LinkedIn no longer accepts this connection. Connect the account again.",
		}
	case p.Status == http.StatusForbidden && code != "":
		return &networks.Failure{
			Kind: networks.NoPermission, Code: code,
			Detail: "On LinkedIn, this connection may not do that: the person or the application lacks the right.",
		}
	case p.Status == http.StatusTooManyRequests:
		return p.limited(a.Header)
	case p.Status == http.StatusUpgradeRequired:
		return codeflow.Misconfigured("version_retired", title)
	case p.Status == http.StatusNotFound && code != "":
		return &networks.Failure{Kind: networks.Gone, Code: code, Detail: "LinkedIn does not have this any more."}
	case p.Status == http.StatusUnprocessableEntity, p.Status == http.StatusBadRequest:
		return p.rejected(code)
	default:
		return nil
	}
}

func (p problem) rejected(code string) *networks.Failure {
	for _, input := range p.Details.Inputs {
		if input.Code == "DUPLICATE_POST" {
			code = "duplicate_post"
		}
	}
	found := duplicateOf.FindStringSubmatch(p.Message)
	if code == "duplicate_post" || found != nil {
		failure := &networks.Failure{
			Kind: networks.Duplicate, Code: "duplicate_post", Detail: "The same text was posted on LinkedIn a short while ago.",
		}
		if found != nil {
			failure.ExistingID = found[1]
		}
		return failure
	}
	if code == "" {
		code = outcome.Status(p.Status)
	}
	return &networks.Failure{Kind: networks.Rejected, Code: code, Detail: "LinkedIn does not take this post as it is."}
}

// limited waits for the day to end, at midnight UTC
// (shared/api-guide/concepts/rate-limits), unless the answer says otherwise.
func (p problem) limited(h http.Header) *networks.Failure {
	failure := &networks.Failure{
		Kind: networks.RateLimited, Code: "too_many_requests", Scope: networks.ScopeAccount,
		RetryAfter: outcome.Wait(h), Detail: "LinkedIn asks to wait before the next call.",
	}
	if strings.Contains(p.Message, "APPLICATION") {
		failure.Scope = networks.ScopeClient
	}
	date, err := http.ParseTime(h.Get("Date"))
	if strings.Contains(p.Message, " DAY ") && h.Get("Retry-After") == "" && err == nil {
		failure.RetryAfter = date.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(date)
	}
	return failure
}
