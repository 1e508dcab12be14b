package oidc

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// What a provider may take of our time and memory.
const (
	patience  = 10 * time.Second
	maxAnswer = 1 << 20 // bytes
)

// client speaks to providers. It follows no redirect: what it sends is for the
// addresses of the provider's own document.
var client = &http.Client{
	Timeout:   patience,
	Transport: bounded{http.DefaultTransport},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

// bounded breaks answers off that are too long.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &limited{ReadCloser: response.Body, left: maxAnswer}
	return response, nil
}

var errTooLong = errors.New("the answer is too long")

type limited struct {
	io.ReadCloser
	left int
}

// Read implements io.Reader.
func (l *limited) Read(into []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	read, err := l.ReadCloser.Read(into[:min(len(into), l.left)])
	l.left -= read
	return read, err
}
