package program_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
	"behalf/internal/telemetry"
)

// One trace leads from the HTTP request to the network's answer: through the
// event, which carries it, and whichever worker publishes. Nothing of what was
// written is in it.
func TestTrace(t *testing.T) { // who takes spans is one for the process
	exporter := tracetest.NewInMemoryExporter()
	stop := telemetry.TraceWith(sdk.NewTracerProvider(sdk.WithSyncer(exporter)))
	defer func() { require.NoError(t, stop(context.Background())) }()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	s := sitetest.OpenWith(ctx, t, nil, dev.Options{})
	s.Await(ctx, t, s.Publish(ctx, t, "PublishPost", map[string]any{"text": "canary"}), "published")

	var written string
	require.NoError(t, s.Database.QueryRow(ctx, `
		select metadata ->> 'trace'
		from log.events_readable
		where type = 'post.scheduled.v1'`).Scan(&written))
	of, err := trace.TraceIDFromHex(strings.Split(written+"---", "-")[1])
	require.NoError(t, err, "the event carries no trace: %q", written)
	var request, publish, answer tracetest.SpanStub
	find := func(name string, of trace.TraceID) (found tracetest.SpanStub, is bool) {
		for _, span := range exporter.GetSpans() {
			if strings.HasPrefix(span.Name, name) && span.SpanContext.TraceID() == of {
				return span, true
			}
		}
		return tracetest.SpanStub{}, false
	}
	require.Eventually(t, func() bool { // the worker's span ends after the post is published
		var asked, sent, answered bool
		request, asked = find("POST /v1/workspaces/{workspace}/commands/{command}", of)
		publish, sent = find("publish", of)
		answer, answered = find("network publish", of)
		_, stored := find("postgres", of)
		return asked && sent && answered && stored
	}, 20*time.Second, 10*time.Millisecond)
	require.True(t, slices.ContainsFunc(exporter.GetSpans(), func(span tracetest.SpanStub) bool { // who signs in is counted there
		return strings.HasPrefix(span.Name, "redis ") && span.Parent.IsValid()
	}))
	require.Equal(t, request.SpanContext.SpanID(), publish.Parent.SpanID())
	require.True(t, publish.Parent.IsRemote())
	require.Equal(t, publish.SpanContext.SpanID(), answer.Parent.SpanID())
	told := map[string]string{}
	for _, attribute := range append(publish.Attributes, answer.Attributes...) {
		told[string(attribute.Key)] = attribute.Value.String()
	}
	require.Equal(t, "published", told["behalf.outcome"])
	require.Equal(t, s.Workspace, told["behalf.workspace"])
	require.Equal(t, "201", told["http.response.status_code"])
	for _, span := range exporter.GetSpans() {
		for _, attribute := range span.Attributes {
			require.NotContains(t, attribute.Value.String(), "canary")
		}
		require.NotContains(t, fmt.Sprint(span.Events), "canary")
	}
}
