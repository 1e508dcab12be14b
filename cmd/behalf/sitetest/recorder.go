package sitetest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/story"
)

// Recorder keeps what passes: as a transport, what visitors are answered; as a
// front, what the sandbox network is asked and answers.
type Recorder struct {
	heads  Buffer // first lines and headers
	Bodies Buffer // but for the answers that are meant to hand out a secret, once
}

// handsOut are the paths whose answers hand out a session or a token.
var handsOut = regexp.MustCompile(`^/v1/(sessions|tokens)$`)

// RoundTrip implements http.RoundTripper.
func (r *Recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(content))
	_ = response.Header.Write(&r.heads)
	if request.Method != http.MethodPost || !handsOut.MatchString(request.URL.Path) {
		_, _ = r.Bodies.Write(content)
	}
	return response, err
}

// Record puts the recorder before a handler.
func (r *Recorder) Record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, request)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		_ = answer.Header().Write(&r.heads)
		_, _ = r.Bodies.Write(answer.Body.Bytes())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// Find lists what a pattern's group matches in all that was recorded.
func (r *Recorder) Find(pattern string) (found []string) {
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(r.heads.String()+r.Bodies.String(), -1) {
		found = append(found, match[1])
	}
	return found
}

// Texts is every text in what a visitor is answered.
func Texts(ctx context.Context, t *testing.T, v *story.Visitor, path string) string {
	t.Helper()
	var content any
	require.NoError(t, v.Get(ctx, path, &content))
	text := &strings.Builder{}
	writeAll(text, content)
	return text.String()
}

// HasLeft waits until somebody is no member of a workspace any more.
func HasLeft(ctx context.Context, t *testing.T, member *story.Visitor, workspace, person string) {
	t.Helper()
	require.Eventually(t, func() bool {
		return !strings.Contains(Texts(ctx, t, member, "/v1/workspaces/"+workspace+"/members"), person)
	}, TestTime, 20*time.Millisecond)
}

// writeAll writes every text in a JSON value.
func writeAll(to *strings.Builder, value any) {
	switch value := value.(type) {
	case string:
		to.WriteString(value + "\n")
	case []any:
		for _, one := range value {
			writeAll(to, one)
		}
	case map[string]any:
		for _, one := range value {
			writeAll(to, one)
		}
	}
}
