// Package rest makes a connector's calls: a request of JSON, a form or a file,
// and an answer of JSON that means what the connector says.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
	"behalf/internal/networks/wire"
)

// Client makes the calls of one connector.
type Client struct {
	Wire     *wire.Client
	Title    string // of the network, for people
	Classify func(networks.Answer) *networks.Failure
}

// Request is one call. Of JSON, Form and Body one at most is set.
type Request struct {
	Call   networks.Call
	Method string
	URL    string
	Query  url.Values
	Bearer networks.Secret // zero: none is sent
	Header map[string]string

	BasicUser     string // sent with BasicPassword (RFC 7617); empty: none is
	BasicPassword networks.Secret

	JSON    any
	Form    url.Values
	Body    io.Reader
	Length  int64  // of Body, bytes
	Content string // media type of Body
}

// Do makes the call and reads a success into the given value, nil for none. A
// success that cannot be read is no success to build on.
func (c Client) Do(ctx context.Context, r Request, into any) (networks.Answer, error) {
	answer, err := c.Send(ctx, r)
	if err != nil {
		return answer, err
	}
	if failure := c.Classify(answer); failure != nil {
		return answer, failure
	}
	if into != nil && json.Unmarshal(answer.Body, into) != nil {
		return answer, c.Unreadable(r.Call)
	}
	return answer, nil
}

// Send makes the call; what the answer means is left to who asked.
func (c Client) Send(ctx context.Context, r Request) (networks.Answer, error) {
	request, err := r.make(ctx)
	if err != nil {
		return networks.Answer{}, err
	}
	return c.Wire.Do(ctx, r.Call, request), nil
}

// Unreadable is a success that says nothing.
func (c Client) Unreadable(call networks.Call) *networks.Failure {
	return outcome.Unclear(c.Title, call, "unreadable_answer")
}

func (r Request) make(ctx context.Context) (*http.Request, error) {
	body, content, length := r.Body, r.Content, r.Length
	switch {
	case r.JSON != nil:
		written, err := json.Marshal(r.JSON)
		if err != nil {
			return nil, errors.New("write a request: malformed content")
		}
		body, content, length = bytes.NewReader(written), "application/json", int64(len(written))
	case r.Form != nil:
		written := r.Form.Encode()
		body, content, length = strings.NewReader(written), "application/x-www-form-urlencoded", int64(len(written))
	}
	address := r.URL
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, address, body)
	if err != nil {
		return nil, errors.New("make a request: malformed address")
	}
	if body != nil {
		request.ContentLength = length
		request.Header.Set("Content-Type", content)
	}
	request.Header.Set("Accept", "application/json")
	if !r.Bearer.IsZero() {
		request.Header.Set("Authorization", "Bearer "+r.Bearer.Reveal())
	}
	if r.BasicUser != "" {
		request.SetBasicAuth(r.BasicUser, r.BasicPassword.Reveal())
	}
	for name, value := range r.Header {
		request.Header.Set(name, value)
	}
	return request, nil
}

// File is the file of a multipart form.
type File struct {
	Field, Name string
	Content     []byte
}

// Multipart makes the request a form of these fields and one file behind them.
func (r Request) Multipart(fields map[string]string, f File) (Request, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			return r, err
		}
	}
	part, err := form.CreateFormFile(f.Field, f.Name)
	if err != nil {
		return r, err
	}
	if _, err := part.Write(f.Content); err != nil {
		return r, err
	}
	if err := form.Close(); err != nil {
		return r, err
	}
	r.Body, r.Length, r.Content = &body, int64(body.Len()), form.FormDataContentType()
	return r, nil
}

// Bearer returns the access token of an OAuth2 credential.
func Bearer(c networks.Credential, title string) (networks.OAuth2, error) {
	tokens, ok := c.OAuth2()
	if !ok {
		return networks.OAuth2{}, &networks.Failure{
			Kind: networks.Rejected, Code: "wrong_credential", Detail: "This connection was not made with " + title + ".",
		}
	}
	return tokens, nil
}
