package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
)

// recorder keeps what passes: as a transport, what visitors are answered; as a
// front, what the sandbox network is asked and answers.
type recorder struct {
	heads  safeBuffer // first lines and headers
	bodies safeBuffer // but for the answers that are meant to hand out a secret, once
}

// handsOut are the paths whose answers hand out a session or a token.
var handsOut = regexp.MustCompile(`^/v1/(sessions|tokens)$`)

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(content))
	_ = response.Header.Write(&r.heads)
	if request.Method != http.MethodPost || !handsOut.MatchString(request.URL.Path) {
		_, _ = r.bodies.Write(content)
	}
	return response, err
}

// record puts the recorder before a handler.
func (r *recorder) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, request)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		_ = answer.Header().Write(&r.heads)
		_, _ = r.bodies.Write(answer.Body.Bytes())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// find lists what a pattern's group matches in all that was recorded.
func (r *recorder) find(pattern string) (found []string) {
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(r.heads.String()+r.bodies.String(), -1) {
		found = append(found, match[1])
	}
	return found
}
