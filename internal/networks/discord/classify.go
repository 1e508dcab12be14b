package discord

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// unknownMessage is the code of a message that is gone.
const unknownMessage = "10008"

const ourMistake = "Discord does not take this message as it is."

// documented are the JSON error codes (topics/opcodes-and-status-codes#json).
var documented = map[int]outcome.Meaning{
	10003:  {Kind: networks.Gone, Detail: "The channel no longer exists on Discord."},
	10008:  {Kind: networks.Rejected, Detail: "The message no longer exists on Discord."},
	10015:  {Kind: networks.Reauth, Detail: "The webhook no longer exists on Discord. Connect the channel again."},
	40005:  {Kind: networks.Rejected, Detail: "The files are too large for Discord."},
	50001:  {Kind: networks.NoPermission, Detail: "Discord does not let this webhook into the channel."},
	50006:  {Kind: networks.Rejected, Detail: "Discord takes no empty message."},
	50013:  {Kind: networks.NoPermission, Detail: "Discord does not allow this webhook to do that."},
	50027:  {Kind: networks.Reauth, Detail: "Discord no longer accepts this webhook. Connect the channel again."},
	50035:  {Kind: networks.Rejected, Detail: ourMistake},
	50109:  {Kind: networks.Rejected, Detail: ourMistake},
	240000: {Kind: networks.Rejected, Detail: "Discord does not take a link of this message."},
}

// Classify implements networks.Connector.
func (c *Connector) Classify(a networks.Answer) *networks.Failure {
	if failure := outcome.Unanswered(title, a); failure != nil {
		return failure
	}
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	var body struct {
		Code  int      `json:"code"`
		Retry *float64 `json:"retry_after"`
	}
	read := json.Unmarshal(a.Body, &body) == nil
	switch {
	case a.Status == http.StatusTooManyRequests && read && body.Retry != nil:
		return limited(a, time.Duration(min(max(*body.Retry, 0), outcome.LongestWait.Seconds())*1000)*time.Millisecond)
	case a.Status == http.StatusTooManyRequests: // of what stands in front of the API, for this address as a whole
		failure := limited(a, outcome.Wait(a.Header))
		failure.Scope, failure.Everything = networks.ScopeClient, true
		return failure
	case a.Status < http.StatusInternalServerError && read:
		if meaning, known := documented[body.Code]; known {
			return meaning.Failure(strconv.Itoa(body.Code))
		}
	}
	return outcome.Undocumented(title, a)
}

// limited waits for what the body says, in seconds and parts of them, else for
// what the header does (topics/rate-limits).
func limited(a networks.Answer, wait time.Duration) *networks.Failure {
	failure := &networks.Failure{
		Kind: networks.RateLimited, Code: "rate_limited", Scope: networks.ScopeAccount,
		RetryAfter: max(wait, time.Millisecond), Detail: "Discord asks to wait before the next message.",
	}
	if a.Header.Get("X-Ratelimit-Global") != "" {
		failure.Scope, failure.Everything = networks.ScopeClient, true
	}
	return failure
}
