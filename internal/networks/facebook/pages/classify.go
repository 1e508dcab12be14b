package pages

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/outcome"
)

// problem is an error of the Graph API (docs/graph-api/guides/error-handling).
type problem struct {
	Code    int `json:"code"`
	Subcode int `json:"error_subcode"`
}

const (
	roleLost = 492 // of code 190: the person has no role on the page any more
	noObject = 33  // of code 100: there is no such object, or it cannot be seen
	// blockLasts is how long a page is left alone that Facebook holds back; it
	// does not say how long that is.
	blockLasts = 6 * time.Hour
	// windowLasts is for a rate limit that names no time: they count by the hour.
	windowLasts = 10 * time.Minute
)

// Classify implements networks.Connector: by the error's code, whatever the status.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	if failure := outcome.Unanswered(title, a); failure != nil {
		return failure
	}
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	var body struct {
		Error *problem `json:"error"`
	}
	if json.Unmarshal(a.Body, &body) == nil && body.Error != nil {
		if failure := body.Error.failure(a); failure != nil {
			return failure
		}
	}
	return outcome.Undocumented(title, a)
}

// failure is nil for codes that prove nothing: 1 and 2, and those that nobody documents.
func (p problem) failure(a networks.Answer) *networks.Failure {
	code := strconv.Itoa(p.Code)
	if p.Subcode != 0 {
		code += "/" + strconv.Itoa(p.Subcode)
	}
	say := func(kind networks.FailureKind, detail string) *networks.Failure {
		return &networks.Failure{Kind: kind, Code: code, Detail: detail}
	}
	switch {
	case p.Code == 190 && p.Subcode == roleLost, p.Code == 3, p.Code == 10, p.Code >= 200 && p.Code <= 299:
		return say(networks.NoPermission, "On Facebook, this connection may not do that: the person or the application lacks the right.")
	case p.Code == 190, p.Code == 102:
		return say(networks.Reauth, reauthDetail(p.Subcode))
	case a.Call == networks.CallExchange && p.Code == 100 && p.Subcode != 0: // 36007, 36009: an expired or used code
		return say(networks.Reauth, "The authorization has ended. Connect the page again.")
	case p.limits():
		return p.limited(code, a.Header)
	case p.Code == 368:
		failure := say(networks.Blocked, "Facebook holds this page or person back for a while.")
		failure.Scope, failure.RetryAfter = networks.ScopeAccount, blockLasts
		return failure
	case p.Code == 506:
		return say(networks.Duplicate, "The same text was posted on this page a short while ago.")
	case p.Code == 803, p.Code == 100 && p.Subcode == noObject:
		return say(networks.Gone, "Facebook does not have this any more, or does not show it to this connection.")
	case p.Code == 100, p.Code == 1609005: // 1609005: a link that Facebook cannot read
		return say(networks.Rejected, "Facebook does not take this post as it is.")
	case p.Code == 101, p.Code == 191, p.Code == 2635: // application, redirect URI, version
		return codeflow.Misconfigured(code, title)
	default:
		return nil
	}
}

func reauthDetail(subcode int) string {
	switch subcode {
	case 458:
		return "The application was removed on Facebook. Connect the page again."
	case 459, 464:
		return "Facebook wants the person to sign in at facebook.com first. Then connect the page again."
	case 460:
		return "The person's password on Facebook was changed. Connect the page again."
	default:
		return "Facebook no longer accepts this connection. Connect the page again."
	}
}

// limits, by docs/graph-api/overview/rate-limiting.
func (p problem) limits() bool {
	switch p.Code {
	case 4, 17, 32, 341, 613:
		return true
	default:
		return p.Code >= 80000 && p.Code <= 80014
	}
}

func (p problem) limited(code string, h http.Header) *networks.Failure {
	failure := &networks.Failure{
		Kind: networks.RateLimited, Code: code, Scope: networks.ScopeAccount, RetryAfter: regained(h),
		Everything: p.Code != 341 && p.Code != 613, // which count posting, or one kind of call
		Detail:     "Facebook asks to wait before the next call.",
	}
	if p.Code == 4 || p.Code == 341 {
		failure.Scope = networks.ScopeClient
	}
	return failure
}

// regained is the longest time that X-Business-Use-Case-Usage names, in
// minutes. X-App-Usage names none.
func regained(h http.Header) time.Duration {
	var usage map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	longest := 0
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &usage) == nil {
		for _, cases := range usage {
			for _, one := range cases {
				longest = max(longest, one.Minutes)
			}
		}
	}
	if asked := outcome.Asked(h); longest == 0 && asked > 0 {
		return asked
	}
	if longest == 0 {
		return windowLasts
	}
	return min(time.Duration(longest)*time.Minute, outcome.LongestWait)
}
