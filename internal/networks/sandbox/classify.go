package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// meaning is what a documented error means, in words of ours for a person.
type meaning struct {
	kind   networks.FailureKind
	detail string
}

func (m meaning) failure(code string) *networks.Failure {
	return &networks.Failure{Kind: m.kind, Code: code, Detail: m.detail}
}

const ourMistake = "The sandbox network does not understand this version of Behalf."

// documented are the errors of the API that prove that nothing was done, by
// the network's page of documentation. Of them, invalid_token alone leads to
// reauthentication (R45); internal_error and unavailable prove nothing and are
// missing here on purpose.
var documented = map[string]meaning{
	"invalid_token":          {networks.Reauth, "The sandbox network no longer accepts this connection. Connect the account again."},
	"not_admin":              {networks.NoPermission, "On the sandbox network, this person is not an admin of the page."},
	"insufficient_scope":     {networks.NoPermission, "This connection was not given the right to publish. Connect the account again and allow it."},
	"unknown_identity":       {networks.NoPermission, "The page does not have this posting identity."},
	"page_not_found":         {networks.Gone, "The page no longer exists on the sandbox network."},
	"post_not_found":         {networks.Rejected, "The page has no such post."},
	"post_deleted":           {networks.Rejected, "This post was published before and deleted on the sandbox network."},
	"draft_not_found":        {networks.Rejected, "The page has no such draft."},
	"draft_discarded":        {networks.Rejected, "The draft was discarded on the sandbox network."},
	"draft_published":        {networks.Rejected, "The draft was published already."},
	"not_of_this_page":       {networks.Rejected, "The page is not of the kind that it was connected as."},
	"unknown_media":          {networks.Rejected, "A picture of the post is not known to the page."},
	"key_conflict":           {networks.Duplicate, "Another post was published in this one's place."},
	"rate_limited":           {networks.RateLimited, "The sandbox network asks to wait before the next call."},
	"empty_text":             {networks.Rejected, "The text is empty."},
	"text_too_long":          {networks.Rejected, "The text exceeds 500 characters."},
	"body_too_large":         {networks.Rejected, "The post is too large."},
	"invalid_key":            {networks.Rejected, ourMistake},
	"missing_version":        {networks.Rejected, ourMistake},
	"unsupported_version":    {networks.Rejected, ourMistake},
	"malformed_body":         {networks.Rejected, ourMistake},
	"unknown_field":          {networks.Rejected, ourMistake},
	"unsupported_media_type": {networks.Rejected, ourMistake},
	"missing_token":          {networks.Rejected, ourMistake},
	"no_such_call":           {networks.Rejected, ourMistake},
	"wrong_control_token":    {networks.Rejected, ourMistake},
}

// tokenErrors are those of RFC 6749, section 5.2.
var tokenErrors = map[string]meaning{
	"invalid_grant":          {networks.Reauth, "The authorization has ended. Connect the account again."},
	"invalid_client":         {networks.Misconfigured, "The sandbox network refuses this installation. Its operator has to mend that."},
	"unauthorized_client":    {networks.Misconfigured, "The sandbox network refuses this installation. Its operator has to mend that."},
	"unsupported_grant_type": {networks.Misconfigured, "The sandbox network refuses this installation. Its operator has to mend that."},
	"invalid_request":        {networks.Rejected, ourMistake},
	"invalid_scope":          {networks.Rejected, ourMistake},
}

const (
	defaultWait = time.Minute    // when a 429 names no time
	longestWait = 24 * time.Hour // however long it names
)

// Classify implements networks.Connector.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	switch {
	case a.Err != nil && a.Status == 0 && !a.Sent:
		return &networks.Failure{
			Kind: networks.NotSent, Code: "not_sent", Cause: a.Err, Detail: "The sandbox network could not be reached.",
		}
	case a.Err != nil:
		failure := c.unclear(a.Call, "no_answer")
		failure.Cause = a.Err
		return failure
	case a.Status >= 200 && a.Status < 300:
		return nil
	}
	code, meaning := read(a)
	if meaning == nil {
		return outcome.Away(c.unclear(a.Call, outcome.Status(a.Status)), a)
	}
	failure := meaning.failure(code)
	switch failure.Kind {
	case networks.RateLimited:
		failure.RetryAfter = retryAfter(a.Header)
	case networks.NoPermission:
		failure.OfConnection = code == "insufficient_scope"
	case networks.Duplicate:
		failure.ExistingID = existing(a.Header)
	}
	return failure
}

// read looks an answer's code up. What is not documented has no meaning, least
// of all a bare 401.
func read(a networks.Answer) (code string, found *meaning) {
	if a.Status >= http.StatusInternalServerError {
		return "", nil
	}
	table := documented
	var api struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal(a.Body, &api) == nil {
		code = api.Error.Code
	} else if a.Call == networks.CallExchange || a.Call == networks.CallRefresh {
		var token struct {
			Error string `json:"error"`
		}
		_ = json.Unmarshal(a.Body, &token)
		code, table = token.Error, tokenErrors
	}
	if m, known := table[code]; known {
		return code, &m
	}
	return "", nil
}

// unclear is an answer that proves nothing: harmless for a call that only reads
// or makes what nobody sees, a question for every other (R59).
func (c *Connector) unclear(call networks.Call, code string) *networks.Failure {
	if call == networks.CallRead || call == networks.CallPrepare { // what is prepared twice is invisible
		return &networks.Failure{
			Kind: networks.Unavailable, Code: code, Detail: "The sandbox network could not answer. Try again later.",
		}
	}
	return &networks.Failure{
		Kind: networks.Ambiguous, Code: code, Detail: "The sandbox network did not say whether it was done.",
	}
}

func (c *Connector) unreadable(call networks.Call) *networks.Failure {
	return c.unclear(call, "unreadable_answer")
}

// retryAfter reads the documented form, whole seconds.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds <= 0 {
		return defaultWait
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}
