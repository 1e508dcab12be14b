package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Error is one documented error of the API.
type Error struct {
	Status  int
	Code    string
	Message string
}

// Errors is the whole list, as the documentation shows it. Calls of the API
// answer errors of this list and no others.
func Errors() []Error { return append([]Error{}, documented...) }

var documented = []Error{
	{http.StatusBadRequest, "missing_version", "The Sandbox-Version header is missing."},
	{http.StatusBadRequest, "unsupported_version", "This version of the API is not supported."},
	{http.StatusBadRequest, "malformed_body", "The body is not a JSON object of the documented form."},
	{http.StatusBadRequest, "unknown_field", "The body has a field that is not documented."},
	{http.StatusUnauthorized, "missing_token", "The Authorization header carries no bearer token."},
	{http.StatusUnauthorized, "invalid_token", "The access token is expired, revoked or unknown."},
	{http.StatusForbidden, "insufficient_scope", "The access token lacks the scope of this call."},
	{http.StatusForbidden, "not_admin", "The person is not an admin of this page."},
	{http.StatusForbidden, "wrong_control_token", "The control token is wrong."},
	{http.StatusNotFound, "no_such_call", "There is no such call."},
	{http.StatusNotFound, "page_not_found", "There is no such page."},
	{http.StatusNotFound, "post_not_found", "The page has no post of this key."},
	{http.StatusNotFound, "draft_not_found", "The page has no such draft."},
	{http.StatusConflict, "not_of_this_page", "The page's class does not have this call."},
	{http.StatusConflict, "draft_published", "The draft was published."},
	{http.StatusConflict, "key_conflict", "The key names a post with another text or identity."},
	{http.StatusGone, "post_deleted", "The post of this key was deleted."},
	{http.StatusGone, "draft_discarded", "The draft was discarded."},
	{http.StatusRequestEntityTooLarge, "body_too_large", "The body exceeds 64 KiB."},
	{http.StatusUnsupportedMediaType, "unsupported_media_type", "The Content-Type must be application/json, or a picture's for media."},
	{http.StatusUnprocessableEntity, "invalid_key", "The key must be 1 to 64 letters, digits, - or _; where the page's class knows none, there must be none."},
	{http.StatusUnprocessableEntity, "empty_text", "The text is empty."},
	{http.StatusUnprocessableEntity, "text_too_long", "The text exceeds 500 characters (Unicode code points)."},
	{http.StatusUnprocessableEntity, "unknown_media", "The page has no such medium, or more than 4 are named."},
	{http.StatusUnprocessableEntity, "unknown_identity", "The page has no such posting identity."},
	{http.StatusTooManyRequests, "rate_limited", "Too many calls. Wait as long as Retry-After says."},
	{http.StatusInternalServerError, "internal_error", "Something broke. The call may have had its effect."},
	{http.StatusServiceUnavailable, "unavailable", "The network is unavailable. The call may have had its effect."},
}

// Refuse answers a documented error. Its body repeats nothing of the request.
func Refuse(w http.ResponseWriter, code string) {
	for _, e := range documented {
		if e.Code == code {
			Answer(w, e.Status, map[string]any{"error": map[string]string{"code": e.Code, "message": e.Message}})
			return
		}
	}
	panic("undocumented error " + code)
}

// RefuseFor answers rate_limited and how long to wait, in whole seconds.
func RefuseFor(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
	Refuse(w, "rate_limited")
}

// Answer writes a JSON body.
func Answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone when it fails
}
