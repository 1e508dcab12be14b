package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/problem"
)

// MaxBody is how many bytes a request's body may have.
const MaxBody = 1 << 20

// bodyPatience is how long a body may take to arrive.
const bodyPatience = 10 * time.Second

// streamed marks operations that take their body as it comes.
const streamed = "streamed body"

// Streamed is the metadata of an operation whose body Body leaves alone: it is
// no JSON, and the operation bounds its size and its time.
func Streamed() map[string]any { return map[string]any{streamed: true} }

// Body reads a request's body before anything is decided on it and refuses
// what is too large (413), not JSON by its type (415) or by its form (400).
func Body(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	if r.Body == nil || r.Body == http.NoBody || r.Method == http.MethodGet || r.Method == http.MethodHead ||
		ctx.Operation().Metadata[streamed] == true {
		next(ctx)
		return
	}
	body, err := readBody(w, r)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	next(ctx)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	_ = huma.SetReadDeadline(w, time.Now().Add(bodyPatience)) // a recorder in a test has none
	defer func() { _ = huma.SetReadDeadline(w, time.Time{}) }()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, problem.New(http.StatusRequestEntityTooLarge, "body_too_large", "A body holds at most 1 MB.")
	case err != nil:
		return nil, problem.New(http.StatusRequestTimeout, "request_timeout", "The body did not arrive whole.")
	case len(body) == 0:
		return nil, nil
	}
	if err := checkType(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	return body, checkForm(body)
}

func checkType(header string) error {
	kind, parameters, err := mime.ParseMediaType(header)
	charset := strings.ToLower(parameters["charset"])
	if err != nil || kind != "application/json" || charset != "" && charset != "utf-8" {
		return problem.New(http.StatusUnsupportedMediaType, "unsupported_media_type", "Send the body as application/json, in UTF-8.",
			problem.Fault{Location: "header.Content-Type", Message: "application/json"})
	}
	return nil
}

// checkForm refuses what is not one JSON value in UTF-8 that means the same to everybody.
func checkForm(body []byte) error {
	var syntax *json.SyntaxError
	var value json.RawMessage
	switch err := json.Unmarshal(body, &value); {
	case errors.As(err, &syntax):
		return malformed(fmt.Sprintf("The body is not JSON: byte %d.", syntax.Offset))
	case err != nil:
		return malformed("The body is not JSON.")
	case !utf8.Valid(body):
		return malformed("The body is not UTF-8.")
	}
	return checkContent(body)
}

func malformed(detail string) error {
	return problem.New(http.StatusBadRequest, "malformed_json", detail)
}
