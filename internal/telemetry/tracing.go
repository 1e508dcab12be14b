package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// together is how long after an event what comes of it still belongs to its
// trace. What comes later, such as a post of next week, begins a trace of its
// own that is linked to it: few things that keep traces wait for a week.
const together = 10 * time.Minute

// tracing is whether anybody takes spans: who would have to look something up
// for one asks first.
var tracing atomic.Bool

// Traces reports whether anybody takes spans.
func Traces() bool { return tracing.Load() }

// StartTracing sends this process's spans to an address of OTLP over HTTP, such
// as http://localhost:4318, until stop is called. What OpenTelemetry's own
// variables (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS) say is respected.
// It is for a process as a whole.
func StartTracing(ctx context.Context, address string) (stop func(context.Context) error, err error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address))
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	described := resource.NewSchemaless(attribute.String("service.name", "behalf"))
	return TraceWith(sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(described))), nil
}

// TraceWith has spans taken by a provider, until stop is called.
func TraceWith(provider *sdk.TracerProvider) (stop func(context.Context) error) {
	otel.SetTracerProvider(provider)
	tracing.Store(true)
	return func(ctx context.Context) error {
		tracing.Store(false)
		return provider.Shutdown(ctx)
	}
}

// Span begins a span. Attributes are ids, names and numbers of ours, never what
// people or networks wrote (R41).
func Span(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	return otel.Tracer("behalf").Start(ctx, name, trace.WithAttributes(attributes...))
}

// Failed says in a span that something went wrong, and which kind of thing.
func Failed(span trace.Span, kind string) { span.SetStatus(codes.Error, kind) }

var w3c propagation.TraceContext

// TraceParent is the context's span as a W3C traceparent; empty outside one.
// It is what events carry of a trace.
func TraceParent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	w3c.Inject(ctx, carrier)
	return carrier.Get("traceparent")
}

// SpanFrom begins a span for what comes of an event with that traceparent,
// recorded so long ago: within its trace, or in one of its own that is linked to it.
func SpanFrom(ctx context.Context, traceparent string, ago time.Duration, name string, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	from := trace.SpanContextFromContext(w3c.Extract(context.Background(), propagation.MapCarrier{"traceparent": traceparent}))
	options := []trace.SpanStartOption{trace.WithAttributes(attributes...), trace.WithSpanKind(trace.SpanKindConsumer)}
	if from.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: from}))
		if ago < together {
			ctx = trace.ContextWithRemoteSpanContext(ctx, from)
		}
	}
	return otel.Tracer("behalf").Start(ctx, name, options...)
}

// Traced begins a span for each request. A caller's own trace is linked, not
// continued: nobody outside decides what is kept. It has to be a middleware of
// the chi router itself.
func Traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Traces() {
			next.ServeHTTP(w, r)
			return
		}
		options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer)}
		if from := trace.SpanContextFromContext(w3c.Extract(r.Context(), propagation.HeaderCarrier(r.Header))); from.IsValid() {
			options = append(options, trace.WithLinks(trace.Link{SpanContext: from}))
		}
		ctx, span := otel.Tracer("behalf").Start(r.Context(), method(r), options...)
		defer span.End()
		answer, traced := middleware.NewWrapResponseWriter(w, r.ProtoMajor), r.WithContext(ctx)
		defer func() {
			span.SetName(method(r) + " " + route(traced))
			span.SetAttributes(
				attribute.String("http.request.method", method(r)), attribute.String("http.route", route(traced)),
				attribute.Int("http.response.status_code", status(answer)), attribute.String("behalf.request_id", RequestID(ctx)),
			)
			if status(answer) >= http.StatusInternalServerError {
				Failed(span, http.StatusText(status(answer)))
			}
		}()
		next.ServeHTTP(answer, traced)
	})
}
