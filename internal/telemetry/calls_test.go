package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"behalf/internal/telemetry"
)

// R41: of what Postgres and Redis are asked the statement and the command are told,
// no value of it, and of what they answer no word.
func TestCalls(t *testing.T) { // see taking
	exporter := taking(t)
	secret := errors.New("canary")
	refusal := &pgconn.PgError{Code: "22P02", Message: `invalid input syntax for type uuid: "canary"`}
	postgres := telemetry.Postgres{}
	for name, test := range map[string]struct {
		call   func(ctx context.Context)
		status string
	}{
		"postgres": {func(ctx context.Context) {
			ctx = postgres.TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: "select $1", Args: []any{"canary"}})
			postgres.TraceQueryEnd(ctx, nil, pgx.TraceQueryEndData{Err: refusal})
		}, "SQLSTATE 22P02"},
		"postgres batch": {func(ctx context.Context) {
			batch := &pgx.Batch{}
			batch.Queue("select $1", "canary")
			ctx = postgres.TraceBatchStart(ctx, nil, pgx.TraceBatchStartData{Batch: batch})
			postgres.TraceBatchQuery(ctx, nil, pgx.TraceBatchQueryData{SQL: "select $1", Args: []any{"canary"}, Err: refusal})
			postgres.TraceBatchEnd(ctx, nil, pgx.TraceBatchEndData{Err: secret})
		}, "no answer"},
		"postgres copy": {func(ctx context.Context) {
			ctx = postgres.TraceCopyFromStart(ctx, nil, pgx.TraceCopyFromStartData{TableName: pgx.Identifier{"log", "events"}})
			postgres.TraceCopyFromEnd(ctx, nil, pgx.TraceCopyFromEndData{})
		}, ""},
		"redis set": {func(ctx context.Context) {
			_ = telemetry.Redis{}.ProcessHook(func(context.Context, redis.Cmder) error { return secret })(ctx, redis.NewCmd(ctx, "set", "canary", "canary"))
		}, "no answer"},
		"redis get": {func(ctx context.Context) {
			_ = telemetry.Redis{}.ProcessHook(func(context.Context, redis.Cmder) error { return redis.Nil })(ctx, redis.NewCmd(ctx, "get", "canary"))
		}, ""},
		"redis pipeline": {func(ctx context.Context) {
			next := func(context.Context, []redis.Cmder) error { return context.DeadlineExceeded }
			_ = telemetry.Redis{}.ProcessPipelineHook(next)(ctx, []redis.Cmder{redis.NewCmd(ctx, "get", "canary")})
		}, "timeout"},
	} {
		exporter.Reset()
		test.call(t.Context())
		require.Empty(t, exporter.GetSpans(), "%s: a part of nothing", name)

		ctx, whole := telemetry.Span(t.Context(), "whole")
		test.call(ctx)
		spans := exporter.GetSpans()
		require.Len(t, spans, 1, name)
		require.Equal(t, name, spans[0].Name)
		require.Equal(t, whole.SpanContext().SpanID(), spans[0].Parent.SpanID(), name)
		require.Equal(t, test.status, spans[0].Status.Description, name)
		require.NotContains(t, words(spans[0]), "canary", name)
		whole.End()
	}
}

// words is all that a span says.
func words(span tracetest.SpanStub) (all string) {
	for _, attribute := range span.Attributes {
		all += fmt.Sprintln(attribute.Key, attribute.Value.String())
	}
	for _, event := range span.Events {
		all += fmt.Sprintln(event.Name, event.Attributes)
	}
	return all + span.Status.Description
}
