package bluesky

import (
	"encoding/json"
	"net/http"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

const ourMistake = "Bluesky does not understand this version of Behalf."

var (
	ended     = outcome.Meaning{Kind: networks.Reauth, Detail: "Bluesky no longer accepts this connection. Connect the account again."}
	suspended = outcome.Meaning{Kind: networks.NoPermission, Detail: "The account is suspended or deactivated on Bluesky."}
	noAccount = outcome.Meaning{Kind: networks.Gone, Detail: "The account no longer exists on this server of Bluesky."}
	refused   = outcome.Meaning{Kind: networks.Rejected, Detail: ourMistake}
)

// documented are the errors, by name, that prove that nothing was done: those
// of the lexicons, and of the reference server where the lexicons are silent.
// Their statuses mislead: an expired token is a 400.
var documented = map[string]outcome.Meaning{
	"ExpiredToken":            ended,
	"InvalidToken":            ended,
	"AuthMissing":             ended,
	"AccountTakedown":         suspended,
	"AccountSuspended":        suspended,
	"AccountDeactivated":      suspended,
	"RepoTakendown":           suspended,
	"RepoSuspended":           suspended,
	"RepoDeactivated":         suspended,
	"AccountNotFound":         noAccount,
	"RepoNotFound":            noAccount,
	"ScopeMissingError":       {Kind: networks.NoPermission, OfConnection: true, Detail: "This connection was not given the right to publish. Connect the account again."},
	"AuthFactorTokenRequired": {Kind: networks.Rejected, Detail: "Bluesky asks for a code from your mail. Use an app password instead."},
	"InvalidRequest":          refused,
	"InvalidRecord":           refused,
	"InvalidSwap":             {Kind: networks.Rejected, Detail: "The post has changed on Bluesky in the meantime."},
	"MethodNotImplemented":    refused,
	"RecordNotFound":          {Kind: networks.Rejected, Detail: "The account has no such post."},
	"HandleNotFound":          {Kind: networks.Rejected, Detail: "Nobody on Bluesky has this handle."},
	"BlobNotFound":            {Kind: networks.Rejected, Detail: "Bluesky no longer has the picture or film. It has to be uploaded again."},
	"BlobTooLarge":            {Kind: networks.Rejected, Detail: "Bluesky does not take a file of this size."},
	"PayloadTooLarge":         {Kind: networks.Rejected, Detail: "Bluesky does not take a file of this size."},
	"InvalidMimeType":         {Kind: networks.Rejected, Detail: "Bluesky does not take this kind of file."},
}

// Classify implements networks.Connector, by the error's name.
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
	case said.Error == "RateLimitExceeded" || a.Status == http.StatusTooManyRequests:
		failure := outcome.Meaning{Kind: networks.RateLimited, Detail: "Bluesky asks to wait before the next call."}.Failure("RateLimitExceeded")
		failure.RetryAfter, failure.Scope = outcome.Wait(a.Header, "RateLimit-Reset"), networks.ScopeAccount
		return failure
	case said.Error == "AuthenticationRequired" && a.Status == http.StatusUnauthorized:
		// A wrong password when signing in; somebody else's account in between.
		if a.Call == networks.CallExchange {
			return outcome.Meaning{Kind: networks.Reauth, Detail: "Bluesky does not know this handle and app password."}.Failure(said.Error)
		}
		return outcome.Meaning{Kind: networks.NoPermission, Detail: "On Bluesky, this connection may not do this."}.Failure(said.Error)
	}
	meaning, known := documented[said.Error]
	if !known || a.Status >= http.StatusInternalServerError {
		return outcome.Undocumented(title, a)
	}
	return meaning.Failure(said.Error)
}
