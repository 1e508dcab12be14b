package telemetry

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"
)

// newRouter is a router as the API builds it, and what it logs.
func newRouter() (*chi.Mux, *Metrics, *bytes.Buffer) {
	logs := &bytes.Buffer{}
	logger, metrics, router := NewLogger(logs, LogOptions{}), NewMetrics(), chi.NewRouter()
	router.Use(Requests, AccessLog(logger), metrics.Middleware, Recover(logger))
	return router, metrics, logs
}

func answer(handler http.Handler, request *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestAccessLogNamesTheRouteAndNothingSecret(t *testing.T) {
	t.Parallel()
	router, metrics, logs := newRouter()
	router.Post("/join/{token}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte("four"))
	})
	request := httptest.NewRequest(http.MethodPost, "/join/"+canary+"?code="+canary, strings.NewReader(canary))
	request.Header.Set("Authorization", "Bearer "+canary)
	request.Header.Set(CorrelationIDHeader, "chain-1")
	recorder := answer(router, request)

	var record map[string]any
	require.NoError(t, json.Unmarshal(logs.Bytes(), &record), "one record")
	require.Equal(t, "/join/{token}", record["route"])
	require.Equal(t, 201.0, record["status"])
	require.Equal(t, 4.0, record["bytes"])
	require.Equal(t, "chain-1", record["correlation_id"])
	require.NotEmpty(t, record["request_id"])
	require.Equal(t, recorder.Header().Get(RequestIDHeader), record["request_id"])
	require.NotContains(t, logs.String(), canary)

	served := answer(metrics.Handler(), httptest.NewRequest(http.MethodGet, "/metrics", nil)).Body.String()
	require.Contains(t, served, `behalf_http_request_duration_seconds_count{method="POST",route="/join/{token}",status="201"} 1`)
	require.Contains(t, served, "go_goroutines")
	require.NotContains(t, served, canary)
}

func TestUnknownRoutesAndMethodsAreOneLabel(t *testing.T) {
	t.Parallel()
	router, metrics, logs := newRouter()
	router.Get("/", func(http.ResponseWriter, *http.Request) {})
	answer(router, httptest.NewRequest(http.MethodGet, "/"+canary, nil))
	answer(router, httptest.NewRequest("BREW", "/", nil))
	served := answer(metrics.Handler(), httptest.NewRequest(http.MethodGet, "/", nil)).Body.String()
	require.Contains(t, served, `_count{method="GET",route="none",status="404"} 1`)
	require.Contains(t, served, `_count{method="other",route="none",status="405"} 1`)
	require.NotContains(t, logs.String(), canary)
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	var request, correlation string
	handler := Requests(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		request, correlation = RequestID(r.Context()), CorrelationID(r.Context())
	}))
	given := httptest.NewRequest(http.MethodGet, "/", nil)
	given.Header.Set(RequestIDHeader, "from-the-proxy.1")
	answer(handler, given)
	require.Equal(t, "from-the-proxy.1", request)
	require.Equal(t, request, correlation, "it begins a chain")

	for _, malformed := range []string{"", "two words", "new\nline", strings.Repeat("x", 65), "<script>"} {
		given.Header.Set(RequestIDHeader, malformed)
		answer(handler, given)
		require.Regexp(t, `^[0-9a-f-]{36}$`, request, malformed)
	}
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	t.Parallel()
	router, _, logs := newRouter()
	router.Get("/", func(http.ResponseWriter, *http.Request) { panic("password=" + canary) })
	recorder := answer(router, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, http.StatusInternalServerError, recorder.Code)
	require.Equal(t, "application/problem+json", recorder.Header().Get("Content-Type"))
	require.JSONEq(t, `{"title":"Internal Server Error","status":500}`, recorder.Body.String())
	require.Contains(t, logs.String(), "http_test.go", "the stack")
	require.Contains(t, logs.String(), `"level":"WARN","msg":"request"`)
	require.NotContains(t, logs.String(), canary)
}

func TestAPanicAmidTheAnswerAbortsIt(t *testing.T) {
	t.Parallel()
	router, _, logs := newRouter()
	router.Get("/", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic("lost")
	})
	require.PanicsWithValue(t, http.ErrAbortHandler, func() {
		answer(router, httptest.NewRequest(http.MethodGet, "/", nil))
	})
	require.Contains(t, logs.String(), "handler panicked")
}

// A stream lasts as long as its reader wants: it is no slow request.
func TestStreamsAreNoRequests(t *testing.T) {
	t.Parallel()
	router, metrics, logs := newRouter()
	router.Get("/events", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		_, _ = w.Write([]byte(": hello\n\n"))
	})
	answer(router, httptest.NewRequest(http.MethodGet, "/events", nil))
	require.Contains(t, logs.String(), `"msg":"stream"`)
	require.NotContains(t, logs.String(), `"msg":"request"`)
	served := answer(metrics.Handler(), httptest.NewRequest(http.MethodGet, "/", nil)).Body.String()
	require.Contains(t, served, `behalf_http_stream_duration_seconds_count{route="/events"} 1`)
	require.NotContains(t, served, `route="/events",status`)
}

func TestStreamsAreFlushed(t *testing.T) {
	t.Parallel()
	router, _, _ := newRouter()
	var asserted, controlled bool
	router.Get("/", func(w http.ResponseWriter, _ *http.Request) {
		_, asserted = w.(http.Flusher)
		controlled = http.NewResponseController(w).Flush() == nil
	})
	require.True(t, answer(router, httptest.NewRequest(http.MethodGet, "/", nil)).Flushed)
	require.True(t, asserted)
	require.True(t, controlled)
}

func TestMetricsAskedForTwiceAreOne(t *testing.T) {
	t.Parallel()
	metrics := NewMetrics()
	metrics.Counter("jobs_total", "Jobs.", "kind").WithLabelValues("mail").Add(2)
	metrics.Counter("jobs_total", "Jobs.", "kind").WithLabelValues("mail").Add(3)
	metrics.Gauge("lag_events", "Lag.").WithLabelValues().Set(7)
	served := answer(metrics.Handler(), httptest.NewRequest(http.MethodGet, "/", nil)).Body.String()
	require.Contains(t, served, `behalf_jobs_total{kind="mail"} 5`)
	require.Contains(t, served, "behalf_lag_events 7")
	require.Panics(t, func() { metrics.Gauge("jobs_total", "Jobs.", "kind") }, "another kind")
	require.Panics(t, func() { metrics.Counter("jobs_total", "Jobs.", "other") }, "other labels")
}
