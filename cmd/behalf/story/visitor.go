package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// visitor is one person's client: it keeps their session cookie, as a browser does.
type visitor struct {
	api  string
	http *http.Client
}

func newVisitor(api string) *visitor {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &visitor{api: api, http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// problem is an answer by RFC 9457.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
}

func (p *problem) Error() string {
	return fmt.Sprintf("%d %s %s: %s", p.Status, p.Rule, p.Code, p.Detail)
}

// answer is what a command brought about.
type answer struct {
	Position int64 `json:"position"`
	Events   []struct {
		Type string          `json:"type"`
		Data json.RawMessage `json:"data"`
	} `json:"events"`
}

// event decodes the data of the answer's first event of a type.
func (a answer) event(eventType string, into any) error {
	for _, event := range a.Events {
		if event.Type == eventType {
			return json.Unmarshal(event.Data, into)
		}
	}
	return fmt.Errorf("the answer has no event %s", eventType)
}

// command issues a command in a workspace. The key makes a repetition harmless.
func (v *visitor) command(ctx context.Context, workspace, name, key string, body any) (done answer, err error) {
	err = v.call(ctx, http.MethodPost, "/v1/workspaces/"+workspace+"/commands/"+name, key, body, &done)
	return done, err
}

func (v *visitor) post(ctx context.Context, path string, body, into any) error {
	return v.call(ctx, http.MethodPost, path, "", body, into)
}

func (v *visitor) get(ctx context.Context, path string, into any) error {
	return v.call(ctx, http.MethodGet, path, "", nil, into)
}

// call sends one request and decodes its answer; a refusal is a *problem.
func (v *visitor) call(ctx context.Context, method, path, key string, body, into any) error {
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
func (v *visitor) do(request *http.Request, into any) error {
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
		refusal := &problem{Status: response.StatusCode}
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
