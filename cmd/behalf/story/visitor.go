package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"

	"behalf/api/client"
)

// Visitor is one person's client: it keeps their session cookie, as a browser does.
type Visitor struct{ *client.Client }

// NewVisitor makes the client of somebody who is not signed in yet. transport
// may be nil.
func NewVisitor(api string, transport http.RoundTripper) *Visitor {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Visitor{client.New(api, &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second})}
}

// Problem is an answer by RFC 9457.
type Problem = client.Problem

// Answer is what a command brought about.
type Answer struct{ client.CommandAnswer }

// Event decodes the data of the answer's first event of a type.
func (a Answer) Event(eventType string, into any) error {
	for _, event := range a.Events {
		if event.Type == eventType {
			return json.Unmarshal(event.Data, into)
		}
	}
	return fmt.Errorf("the answer has no event %s", eventType)
}

// PostID is the id of the post that was written: its stream is named by it.
func (a Answer) PostID() (string, error) {
	for _, event := range a.Events {
		if id, found := strings.CutPrefix(event.Stream, "post-"); found {
			return "post_" + id, nil
		}
	}
	return "", errors.New("the answer names no post")
}

// once names a command, so that a repetition is harmless.
func once(key string) client.CommandIn { return client.CommandIn{IdempotencyKey: key} }

// Command issues any command in a workspace. The key makes a repetition harmless.
func (v *Visitor) Command(ctx context.Context, workspace, name, key string, body any) (done Answer, err error) {
	header := http.Header{}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	err = v.Call(ctx, http.MethodPost, "/v1/workspaces/"+workspace+"/commands/"+name, header, body, &done)
	return done, err
}

// Post sends a body and decodes the answer.
func (v *Visitor) Post(ctx context.Context, path string, body, into any) error {
	return v.Call(ctx, http.MethodPost, path, nil, body, into)
}

// Get reads something.
func (v *Visitor) Get(ctx context.Context, path string, into any) error {
	return v.Call(ctx, http.MethodGet, path, nil, nil, into)
}
