package telemetry

import (
	"context"
	"io"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel/trace"
)

// LogOptions say what is logged, and how.
type LogOptions struct {
	Level  slog.Leveler // nil: info
	Format string       // "text", "json"; anything else: text when the output is a terminal
}

// NewLogger logs to out with the ids of the context and without secrets.
func NewLogger(out io.Writer, options LogOptions) *slog.Logger {
	settings := &slog.HandlerOptions{Level: options.Level, ReplaceAttr: redact}
	var handler slog.Handler = slog.NewJSONHandler(out, settings)
	if options.Format == "text" || options.Format != "json" && isTerminal(out) {
		handler = slog.NewTextHandler(out, settings)
	}
	return slog.New(withIDs{handler})
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// withIDs adds the context's ids to every record.
type withIDs struct{ slog.Handler }

func (h withIDs) Handle(ctx context.Context, record slog.Record) error {
	if id := RequestID(ctx); id != "" {
		record.AddAttrs(slog.String("request_id", id))
	}
	if id := CorrelationID(ctx); id != "" {
		record.AddAttrs(slog.String("correlation_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		record.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	return h.Handler.Handle(ctx, record)
}

func (h withIDs) WithAttrs(attributes []slog.Attr) slog.Handler {
	return withIDs{h.Handler.WithAttrs(attributes)}
}

func (h withIDs) WithGroup(name string) slog.Handler { return withIDs{h.Handler.WithGroup(name)} }
