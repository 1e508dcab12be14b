package mastodon

import (
	"encoding/json"
	"net/http"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// Mastodon's errors are sentences. These are compared with, never shown.
const (
	tokenInvalid  = "The access token" // … is invalid, … was revoked, … expired
	needsUser     = "This method requires an authenticated user"
	outsideScopes = "This action is outside the authorized scopes"
	loginDisabled = "Your login is "                                // … currently disabled, … currently pending approval, … missing a confirmed e-mail address
	noThumbnail   = "Error processing thumbnail for uploaded media" // a 500 that the documentation names
)

var misconfigured = outcome.Meaning{
	Kind: networks.Misconfigured, Detail: "The Mastodon server refuses this installation. Its operator has to mend that.",
}

// tokenErrors are those of RFC 6749, section 5.2, that the documentation names.
var tokenErrors = map[string]outcome.Meaning{
	"invalid_grant":       {Kind: networks.Reauth, Detail: "The authorization has ended. Connect the account again."},
	"invalid_client":      misconfigured,
	"unauthorized_client": misconfigured,
	"invalid_scope":       misconfigured,
	"invalid_request":     misconfigured,
}

// Classify implements networks.Connector.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	if a.Err != nil {
		return outcome.Unanswered(title, a)
	}
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	var said struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(a.Body, &said)
	switch {
	case a.Status == http.StatusTooManyRequests:
		failure := outcome.Meaning{
			Kind: networks.RateLimited, Detail: "The Mastodon server asks to wait before the next call.",
		}.Failure("rate_limited")
		failure.RetryAfter, failure.Scope = outcome.Wait(a.Header, "X-RateLimit-Reset"), networks.ScopeAccount
		return failure
	case a.Call == networks.CallPrepare && strings.HasPrefix(said.Error, noThumbnail):
		return outcome.Meaning{Kind: networks.Rejected, Detail: "The Mastodon server cannot read this file."}.Failure("unreadable_media")
	case said.Error == "" || a.Status >= http.StatusInternalServerError || a.Status < http.StatusBadRequest:
		return outcome.Undocumented(title, a)
	case a.Call == networks.CallExchange || a.Call == networks.CallRefresh:
		if meaning, known := tokenErrors[said.Error]; known {
			return meaning.Failure(said.Error)
		}
	}
	return refusal(a, said.Error)
}

// refusal reads an error of the API, by its sentence where one status means
// several things.
func refusal(a networks.Answer, sentence string) *networks.Failure {
	switch {
	case a.Status == http.StatusUnauthorized && (strings.HasPrefix(sentence, tokenInvalid) || sentence == needsUser):
		return outcome.Meaning{
			Kind: networks.Reauth, Detail: "The Mastodon server no longer accepts this connection. Connect the account again.",
		}.Failure("invalid_token")
	case a.Status == http.StatusForbidden && strings.HasPrefix(sentence, outsideScopes),
		a.Status == http.StatusForbidden && strings.Contains(strings.ToLower(sentence), "insufficient scope"):
		return outcome.Meaning{
			Kind: networks.NoPermission, OfConnection: true,
			Detail: "This connection was not given the right to publish. Connect the account again and allow it.",
		}.Failure("insufficient_scope")
	case a.Status == http.StatusForbidden && strings.HasPrefix(sentence, loginDisabled):
		return outcome.Meaning{Kind: networks.NoPermission, Detail: "The account is disabled on the Mastodon server."}.Failure("login_disabled")
	case a.Status == http.StatusForbidden:
		return outcome.Meaning{Kind: networks.NoPermission, Detail: "On the Mastodon server, this connection may not do this."}.Failure("forbidden")
	case a.Status == http.StatusNotFound:
		return outcome.Meaning{Kind: networks.Rejected, Detail: "The Mastodon server has no such post or medium."}.Failure("not_found")
	case a.Status == http.StatusUnprocessableEntity, a.Status == http.StatusBadRequest: // 400 on other servers
		return outcome.Meaning{Kind: networks.Rejected, Detail: "The Mastodon server does not take the post as it is."}.Failure("invalid")
	case a.Status == http.StatusRequestEntityTooLarge:
		return outcome.Meaning{Kind: networks.Rejected, Detail: "The Mastodon server does not take a file of this size."}.Failure("too_large")
	}
	return outcome.Undocumented(title, a)
}
