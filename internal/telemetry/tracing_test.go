package telemetry_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"behalf/internal/telemetry"
)

const outside = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// Who takes spans is one for the process: these tests are one after the other.
func taking(t *testing.T) *tracetest.InMemoryExporter {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	stop := telemetry.TraceWith(sdk.NewTracerProvider(sdk.WithSyncer(exporter)))
	t.Cleanup(func() { require.NoError(t, stop(context.Background())) })
	return exporter
}

// What comes of an event at once belongs to its trace; what comes of it next
// week is linked to it.
func TestSpanFrom(t *testing.T) { // see taking
	exporter := taking(t)
	for name, test := range map[string]struct {
		from         string
		ago          time.Duration
		same, linked bool
	}{
		"at once":      {outside, time.Minute, true, true},
		"next week":    {outside, 7 * 24 * time.Hour, false, true},
		"of no trace":  {"", 0, false, false},
		"of a mistake": {"00-canary", 0, false, false},
	} {
		exporter.Reset()
		ctx, span := telemetry.SpanFrom(t.Context(), test.from, test.ago, "publish")
		require.Equal(t, span.SpanContext().TraceID().String(), telemetry.TraceParent(ctx)[3:35], name)
		span.End()
		ended := exporter.GetSpans()[0]
		require.Equal(t, test.same, ended.SpanContext.TraceID().String() == outside[3:35], name)
		require.Equal(t, test.same, ended.Parent.IsValid(), name)
		require.Equal(t, test.linked, len(ended.Links) == 1, name)
	}
}

// A caller's trace is linked and not continued; a request is named by its route,
// which says nothing of whom it is about.
func TestTraced(t *testing.T) { // see taking
	exporter := taking(t)
	router := chi.NewRouter()
	router.Use(telemetry.Traced)
	router.Get("/v1/things/{thing}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/things/canary?token=canary", nil)
	request.Header.Set("Traceparent", outside)
	router.ServeHTTP(httptest.NewRecorder(), request)
	span := exporter.GetSpans()[0]
	require.Equal(t, "GET /v1/things/{thing}", span.Name)
	require.NotEqual(t, outside[3:35], span.SpanContext.TraceID().String())
	require.Equal(t, outside[3:35], span.Links[0].SpanContext.TraceID().String())
	require.Equal(t, "Bad Gateway", span.Status.Description)
	for _, attribute := range span.Attributes {
		require.NotContains(t, attribute.Value.String(), "canary")
	}
}

// Without anybody who takes spans nothing is looked up, and nothing written into events.
func TestUntraced(t *testing.T) { // see taking
	require.False(t, telemetry.Traces())
	require.Empty(t, telemetry.TraceParent(t.Context()))
}
