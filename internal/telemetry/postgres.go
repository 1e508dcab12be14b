package telemetry

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// Postgres begins a span for each statement, batch and copy that is a part of
// something traced: with the statement as it is written, never its parameters, and
// of an error its SQLSTATE alone, because messages repeat values (R41). What a
// process does of its own accord, such as looking for work, has none.
type Postgres struct{}

var (
	_ pgx.QueryTracer    = Postgres{}
	_ pgx.BatchTracer    = Postgres{}
	_ pgx.CopyFromTracer = Postgres{}
)

// TraceQueryStart implements pgx.QueryTracer.
func (Postgres) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	return call(ctx, "postgres", attribute.String("db.query.text", query.SQL))
}

// TraceQueryEnd implements pgx.QueryTracer.
func (Postgres) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, ended pgx.TraceQueryEndData) {
	called(ctx, state(ended.Err))
}

// TraceBatchStart implements pgx.BatchTracer.
func (Postgres) TraceBatchStart(ctx context.Context, _ *pgx.Conn, batch pgx.TraceBatchStartData) context.Context {
	return call(ctx, "postgres batch", attribute.Int("db.operation.batch.size", batch.Batch.Len()))
}

// TraceBatchQuery implements pgx.BatchTracer.
func (Postgres) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, query pgx.TraceBatchQueryData) {
	if span := own(ctx); span != nil {
		span.AddEvent("statement", trace.WithAttributes(attribute.String("db.query.text", query.SQL)))
	}
}

// TraceBatchEnd implements pgx.BatchTracer.
func (Postgres) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, ended pgx.TraceBatchEndData) {
	called(ctx, state(ended.Err))
}

// TraceCopyFromStart implements pgx.CopyFromTracer.
func (Postgres) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, copied pgx.TraceCopyFromStartData) context.Context {
	return call(ctx, "postgres copy", attribute.String("db.collection.name", copied.TableName.Sanitize()))
}

// TraceCopyFromEnd implements pgx.CopyFromTracer.
func (Postgres) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, ended pgx.TraceCopyFromEndData) {
	called(ctx, state(ended.Err))
}

// state is what went wrong, in a word; empty when nothing did.
func state(err error) string {
	var said *pgconn.PgError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &said):
		return "SQLSTATE " + said.Code
	default:
		return broken(err)
	}
}

func broken(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	default:
		return "no answer"
	}
}

// calling is the key of the span of the very call, which what it is a part of is not.
type calling struct{}

// call begins a span where there is something that it is a part of.
func call(ctx context.Context, name string, attributes ...attribute.KeyValue) context.Context {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return context.WithValue(ctx, calling{}, nil)
	}
	ctx, span := otel.Tracer("behalf").Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	return context.WithValue(ctx, calling{}, span)
}

func own(ctx context.Context) trace.Span {
	span, _ := ctx.Value(calling{}).(trace.Span)
	return span
}

func called(ctx context.Context, wrong string) {
	span := own(ctx)
	if span == nil {
		return
	}
	if wrong != "" {
		Failed(span, wrong)
	}
	span.End()
}
