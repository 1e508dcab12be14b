package manners_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"behalf/api/manners"
)

// answering sends one request to a handler that answers a body.
func answering(t *testing.T, method, kind, body string, status int, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	handler := manners.Answers(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	request := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	require.Regexp(t, `^total;dur=[0-9]+\.[0-9]$`, answer.Header().Get("Server-Timing"))
	return answer
}

const plain = "application/json"

// What a client has already is not sent again; how far the view is makes no difference.
func TestEntityTags(t *testing.T) {
	t.Parallel()
	first := answering(t, http.MethodGet, plain, `{"position":7,"name":"Acme"}`, http.StatusOK)
	tag := first.Header().Get("ETag")
	require.Regexp(t, `^W/"[A-Za-z0-9_-]{16}"$`, tag)
	require.JSONEq(t, `{"position":7,"name":"Acme"}`, first.Body.String())
	for name, header := range map[string]string{
		"the same": tag, "strong": tag[2:], "one of several": `"x", ` + tag, "any": "*",
	} {
		answer := answering(t, http.MethodGet, plain, `{"position":8,"name":"Acme"}`, http.StatusOK, "If-None-Match", header)
		require.Equal(t, http.StatusNotModified, answer.Code, name)
		require.Empty(t, answer.Body.String(), name)
		require.Empty(t, answer.Header().Get("Content-Type"), name)
		require.Equal(t, tag, answer.Header().Get("ETag"), name)
	}
	other := answering(t, http.MethodGet, plain, `{"position":8,"name":"Other"}`, http.StatusOK, "If-None-Match", tag)
	require.Equal(t, http.StatusOK, other.Code)
	require.NotEqual(t, tag, other.Header().Get("ETag"))
}

// Only what was read is tagged: no refusal, no command, no page, no stream.
func TestWhatIsNotTagged(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"refusal": answering(t, http.MethodGet, "application/problem+json", `{}`, http.StatusNotFound, "If-None-Match", "*"),
		"command": answering(t, http.MethodPost, plain, `{}`, http.StatusOK, "If-None-Match", "*"),
		"page":    answering(t, http.MethodGet, "text/html; charset=utf-8", `<p>`, http.StatusOK, "If-None-Match", "*"),
		"stream":  answering(t, http.MethodGet, "text/event-stream", `data: 1`, http.StatusOK, "If-None-Match", "*"),
		"created": answering(t, http.MethodGet, plain, `{}`, http.StatusCreated, "If-None-Match", "*"),
	} {
		require.Empty(t, answer.Header().Get("ETag"), name)
		require.NotEmpty(t, answer.Body.String(), name)
		require.NotEqual(t, http.StatusNotModified, answer.Code, name)
	}
}

// What is written piece by piece arrives piece by piece.
func TestStreamsPass(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	server := httptest.NewServer(manners.Answers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte("data: 1\n\n"))
		if http.NewResponseController(w).Flush() == nil {
			select {
			case <-arrived:
			case <-r.Context().Done():
			}
		}
	})))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	piece := make([]byte, 9)
	_, err = answer.Body.Read(piece)
	require.NoError(t, err)
	require.Equal(t, "data: 1\n\n", string(piece))
	close(arrived)
}

func TestDeprecation(t *testing.T) {
	t.Parallel()
	router := chi.NewRouter()
	api := humachi.New(router, huma.DefaultConfig("Test", "1"))
	api.UseMiddleware(manners.Notice("https://behalf.example"))
	answers := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	huma.Register(api, huma.Operation{OperationID: "new", Method: http.MethodGet, Path: "/new"}, answers)
	huma.Register(api, manners.Deprecate(huma.Operation{OperationID: "old", Method: http.MethodGet, Path: "/old"}, manners.Deprecation{
		Since: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Sunset: time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC), Instead: "Use /new.",
	}), answers)
	headers := func(path string) http.Header {
		answer := httptest.NewRecorder()
		router.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return answer.Header()
	}
	require.Equal(t, "@1798761600", headers("/old").Get("Deprecation"))
	require.Equal(t, "Thu, 01 Jul 2027 00:00:00 GMT", headers("/old").Get("Sunset"))
	require.Contains(t, headers("/old").Get("Link"), `rel="deprecation"`)
	require.Empty(t, headers("/new").Get("Deprecation"))
	require.True(t, api.OpenAPI().Paths["/old"].Get.Deprecated)
	require.Contains(t, api.OpenAPI().Paths["/old"].Get.Description, "Use /new.")
}
