package story

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// Visitor is one person's client: it keeps their session cookie, as a browser does.
type Visitor struct {
	api  string
	http *http.Client
}

// NewVisitor makes the client of somebody who is not signed in yet. transport
// may be nil.
func NewVisitor(api string, transport http.RoundTripper) *Visitor {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Visitor{api: api, http: &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}}
}

// Problem is an answer by RFC 9457.
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s %s: %s", p.Status, p.Rule, p.Code, p.Detail)
}

// Answer is what a command brought about.
type Answer struct {
	Position int64 `json:"position"`
	Events   []struct {
		Type   string          `json:"type"`
		Stream string          `json:"stream"`
		Data   json.RawMessage `json:"data"`
	} `json:"events"`
}

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

// Command issues a command in a workspace. The key makes a repetition harmless.
func (v *Visitor) Command(ctx context.Context, workspace, name, key string, body any) (done Answer, err error) {
	err = v.Call(ctx, http.MethodPost, "/v1/workspaces/"+workspace+"/commands/"+name, key, body, &done)
	return done, err
}

// Post sends a body and decodes the answer.
func (v *Visitor) Post(ctx context.Context, path string, body, into any) error {
	return v.Call(ctx, http.MethodPost, path, "", body, into)
}

// Get reads something.
func (v *Visitor) Get(ctx context.Context, path string, into any) error {
	return v.Call(ctx, http.MethodGet, path, "", nil, into)
}

// Call sends one request and decodes its answer; a refusal is a *Problem.
func (v *Visitor) Call(ctx context.Context, method, path, key string, body, into any) error {
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode body: %w", err)
		}
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, v.api+path, sent)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	return v.do(request, into)
}

// do sends a request with the person's session and decodes a JSON answer.
func (v *Visitor) do(request *http.Request, into any) error {
	response, err := v.http.Do(request)
	if err != nil {
		return fmt.Errorf("call %s: %w", request.URL.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return fmt.Errorf("read answer of %s: %w", request.URL.Path, err)
	}
	if response.StatusCode >= 400 {
		refusal := &Problem{Status: response.StatusCode}
		if strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json") {
			_ = json.Unmarshal(content, refusal)
		}
		return refusal
	}
	if into == nil || len(content) == 0 {
		return nil
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("decode answer of %s: %w", request.URL.Path, err)
	}
	return nil
}
