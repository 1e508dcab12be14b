// Package control steers a running sandbox network from outside: people, pages
// and faults, and a look at everything that it received. The words here are
// the wire format of its /control calls.
package control

import "time"

// Header carries the control token of every /control call.
const Header = "Sandbox-Control"

// Person is a new person or a new password of a known one.
type Person struct {
	Name     string `json:"name"` // 1-40 of a-z 0-9 -
	Password string `json:"password"`
}

// Page is something that people post to.
type Page struct {
	Slug       string     `json:"slug"` // 1-40 of a-z 0-9 -; its id
	Name       string     `json:"name"`
	Admins     []string   `json:"admins"`     // names of people, sorted
	Identities []Identity `json:"identities"` // what a post on it may appear as instead of the page
	Class      Class      `json:"class,omitempty"`
	KeyLastsMS int        `json:"key_lasts_ms,omitempty"` // milliseconds, ExpiringKey only; 0: an hour
}

// Class is how a page takes posts, and what it says about them afterwards.
type Class string

// The classes of pages.
const (
	ClientKey   Class = ""             // a key of the caller's names the post, for ever
	TwoPhase    Class = "two_phase"    // a draft is made, then published by its id, once
	ExpiringKey Class = "expiring_key" // a key of the caller's is remembered for a while
	Listed      Class = "listed"       // no key; the latest posts can be listed
	Silent      Class = "silent"       // no key, and nothing can be asked
)

// Identity is a posting identity of a page.
type Identity struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Post is a stored post.
type Post struct {
	ID       string    `json:"id"`
	Page     string    `json:"page"`
	Key      string    `json:"key"` // chosen by the client; empty where the page's class knows none
	Text     string    `json:"text"`
	Identity string    `json:"identity,omitempty"`
	Media    []string  `json:"media,omitempty"` // ids of media
	Person   string    `json:"person"`          // whose token was used
	At       time.Time `json:"at"`
	Deleted  bool      `json:"deleted,omitempty"`
}

// Draft is a post that nobody sees until it is published.
type Draft struct {
	ID        string   `json:"id"`
	Page      string   `json:"page"`
	Text      string   `json:"text"`
	Identity  string   `json:"identity,omitempty"`
	Media     []string `json:"media,omitempty"`
	Person    string   `json:"person"`
	Post      string   `json:"post,omitempty"` // the post that it became
	Discarded bool     `json:"discarded,omitempty"`
}

// Medium is a stored picture or film; its content is not kept.
type Medium struct {
	ID     string `json:"id"`
	Page   string `json:"page"`
	Type   string `json:"type"`
	Size   int    `json:"size"` // bytes
	Person string `json:"person"`
}

// Request is a publish request that arrived, whatever became of it.
type Request struct {
	Page   string    `json:"page"`
	Key    string    `json:"key"`              // empty when the body named none
	Person string    `json:"person,omitempty"` // whose token came with it; empty when it was not valid
	At     time.Time `json:"at"`
}

// Log is everything that was posted and asked for, oldest first.
type Log struct {
	Posts    []Post    `json:"posts"`
	Requests []Request `json:"requests"`
	Drafts   []Draft   `json:"drafts"`
	Media    []Medium  `json:"media"`
}

// On keeps what belongs to one page.
func (l Log) On(page string) Log {
	kept := Log{}
	for _, post := range l.Posts {
		if post.Page == page {
			kept.Posts = append(kept.Posts, post)
		}
	}
	for _, request := range l.Requests {
		if request.Page == page {
			kept.Requests = append(kept.Requests, request)
		}
	}
	for _, draft := range l.Drafts {
		if draft.Page == page {
			kept.Drafts = append(kept.Drafts, draft)
		}
	}
	for _, medium := range l.Media {
		if medium.Page == page {
			kept.Media = append(kept.Media, medium)
		}
	}
	return kept
}

// Call is the kind of call that a fault strikes.
type Call string

// The calls that can fail.
const (
	Publish  Call = "publish"
	Upload   Call = "upload"   // of a medium
	Drafting Call = "draft"    // the making of a draft
	Read     Call = "read"     // every other call of the API
	Refresh  Call = "refresh"  // the token endpoint, grant type refresh_token
	Exchange Call = "exchange" // the token endpoint, grant type authorization_code
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults. "Before" and "after" mean: before or after the call has
// had its effect; a call that is refused anyway is answered as always.
const (
	Unauthorized Kind = "unauthorized"  // 401 invalid_token
	Forbidden    Kind = "forbidden"     // 403 not_admin
	RateLimited  Kind = "rate_limited"  // 429 with Retry-After
	FailBefore   Kind = "fail_before"   // 503
	FailAfter    Kind = "fail_after"    // 500
	HangBefore   Kind = "hang_before"   // no answer until the fault is cleared, then none either
	HangAfter    Kind = "hang_after"    // the same
	ResetBefore  Kind = "reset_before"  // the connection is reset
	ResetAfter   Kind = "reset_after"   // the same
	Slow         Kind = "slow"          // answered as always, DelayMS later
	InvalidGrant Kind = "invalid_grant" // 400 of the token endpoint
)

// Fault is something that goes wrong, for a number of calls or until it is cleared.
type Fault struct {
	Call       Call   `json:"call"`
	Kind       Kind   `json:"kind"`
	Page       string `json:"page,omitempty"`        // empty: every page
	Times      int    `json:"times,omitempty"`       // 0: until cleared
	RetryAfter int    `json:"retry_after,omitempty"` // seconds; 0: one of RateLimited, not said by FailBefore and FailAfter
	DelayMS    int    `json:"delay_ms,omitempty"`    // milliseconds, Slow only
}
