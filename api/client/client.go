// Package client speaks to Behalf's API from Go. Its operations and types are
// generated from docs/openapi.json by "make openapi"; what they share is here.
//
//	behalf := client.New("https://behalf.example", nil)
//	behalf.Token = "bhf_…"
//	members, err := behalf.Members(ctx, workspace, client.MembersIn{Role: "editor"})
//	var refused *client.Problem
//	if errors.As(err, &refused) && refused.Rule == "R27" { … }
//
// It imports nothing of Behalf, so that it can be taken elsewhere.
package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

//go:generate go run ./generate

// patience is how long a call may take when no other client is given.
const patience = 30 * time.Second

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 16 << 20

// Client calls one Behalf. It is safe for concurrent use as long as its fields
// are left alone.
type Client struct {
	Base  string       // scheme and host, without a slash at the end
	HTTP  *http.Client // with a cookie jar it keeps a session, as browsers do
	Token string       // a session's or an API token; empty where a cookie does
}

// New makes a client; without one of its own, calls take at most 30 seconds.
func New(base string, through *http.Client) *Client {
	if through == nil {
		through = &http.Client{Timeout: patience}
	}
	return &Client{Base: strings.TrimSuffix(base, "/"), HTTP: through}
}

// Error says what was refused, and by which rule.
func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s %s: %s", p.Status, p.Rule, p.Code, cmp.Or(p.Detail, p.Title))
}

// call is one request on its way.
type call struct {
	method, path string
	query        url.Values
	header       http.Header
	body         any
	file         io.Reader // sent as it is read, instead of a body
}

// parameter adds a query parameter or a header.
func (c *call) parameter(in, name, value string) {
	if in == "query" {
		if c.query == nil {
			c.query = url.Values{}
		}
		c.query.Set(name, value)
		return
	}
	if c.header == nil {
		c.header = http.Header{}
	}
	c.header.Set(name, value)
}

// Call sends any request: what the operations do not offer yet. header, body
// and into may be nil.
func (c *Client) Call(ctx context.Context, method, path string, header http.Header, body, into any) error {
	return c.do(ctx, call{method: method, path: path, header: header, body: body}, into)
}

// do sends a call and decodes its answer, if it has one. A refusal is a *Problem.
func (c *Client) do(ctx context.Context, call call, into any) error {
	response, err := c.send(ctx, call)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	return Decode(response, into)
}

func (c *Client) send(ctx context.Context, call call) (*http.Response, error) {
	sent := call.file
	if call.body != nil {
		written, err := json.Marshal(call.body)
		if err != nil {
			return nil, fmt.Errorf("write the body: %w", err)
		}
		sent = bytes.NewReader(written)
	}
	address := c.Base + call.path
	if len(call.query) > 0 {
		address += "?" + call.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, call.method, address, sent)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	for name, values := range call.header {
		request.Header[name] = values
	}
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if call.file != nil {
		request.Header.Set("Content-Type", "application/octet-stream")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", call.method, request.URL.Path, err)
	}
	return response, nil
}

// Decode reads an answer: a refusal as a *Problem, anything else into what is
// given, which may be nil.
func Decode(response *http.Response, into any) error {
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		refused := &Problem{Status: int64(response.StatusCode)}
		if strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json") {
			_ = json.Unmarshal(content, refused) // the status alone says enough
		}
		return refused
	}
	if into == nil || len(content) == 0 {
		return nil
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("decode the answer: %w", err)
	}
	return nil
}
