package publish

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/internal/telemetry"
)

// traced begins the span of one target's attempt or reconciling. Which request
// it comes of stands in the log, and not in the job: what the sweeper brings has
// its origin too.
func (p *Publisher) traced(ctx context.Context, what string, ws domain.WorkspaceID, id domain.PostID, on domain.AccountID) (context.Context, trace.Span) {
	var origin eventstore.Metadata
	var ago time.Duration
	if telemetry.Traces() {
		found, at, err := p.Store.Origin(ctx, eventstore.Scope{Workspace: ws}, post.Stream(id))
		if err != nil {
			p.Logger.DebugContext(ctx, "a trace begins anew", "error", err)
		}
		origin, ago = found, p.Clock.Now().Sub(at)
	}
	ctx, span := telemetry.SpanFrom(ctx, origin.Trace, ago, what,
		attribute.String("behalf.workspace", ws.String()), attribute.String("behalf.post", id.String()), attribute.String("behalf.account", on.String()))
	if origin.Correlation != "" {
		ctx = telemetry.WithCorrelationID(ctx, origin.Correlation)
	}
	return ctx, span
}
