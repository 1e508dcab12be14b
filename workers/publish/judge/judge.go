// Package judge says what became of an attempt: by what the network answered, or,
// where nobody knows, by asking it (R59). After a restore it asks about what the
// log says is still to go out as well (R69).
package judge

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/publish/call"
	"behalf/workers/publish/check"
	"behalf/workers/publish/prepare"
	"behalf/workers/publish/shelf"
	"behalf/workers/publish/sight"
	"behalf/workers/quarantine"
)

// Judge judges the attempts of one worker.
type Judge struct {
	Reader  *sight.Reader
	Calls   *call.Calls
	Prepare *prepare.Preparer
	Checks  *check.Checks
	Shelf   *shelf.Shelf
	Desk    *issue.Desk
	Clock   *clock.Clock
	Watch   *quarantine.Watch
	Meter   *meter.Meter
	Logger  *slog.Logger
	Life    time.Duration // of a claim

	Later func(jobs.Claim, time.Time) // has an attempt reconciled then, when nothing can be said of it yet

	asking   asking
	absences absences
}

// Why an attempt ends before anything is sent, apart from a network's failure.
var (
	ErrMoved = errors.New("the claim does not stand any more")
	ErrLate  = errors.New("the time to send has passed")
	ErrHeld  = errors.New("nothing is published by now")
)

// Attempt is a claim at work.
type Attempt struct {
	Claim   jobs.Claim
	Claimed post.TargetClaimed
	class   string // what kind of end it had, for counting
}

// ref names the attempt in commands.
func ref(claim jobs.Claim) outcome.AttemptRef {
	return outcome.AttemptRef{Post: claim.Post, Account: claim.Account, Attempt: claim.Attempt}
}

// Count counts how an attempt went, by the network of the account.
func (j *Judge) Count(ctx context.Context, on domain.AccountID, outcome, class string) {
	j.Meter.Outcome(j.Reader.Known(on).Network, outcome, class) // empty: this process did not publish there itself lately
	said(ctx, outcome, class)
}

// said adds to a span how an attempt went.
func said(ctx context.Context, outcome, class string) {
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(attribute.String("behalf.outcome", outcome), attribute.String("behalf.class", class))
}

// classOf is what kind of end an attempt has, for counting.
func classOf(err error) string {
	switch {
	case errors.Is(err, ErrMoved):
		return "moved"
	case errors.Is(err, ErrHeld):
		return "quarantine"
	case errors.Is(err, ErrLate):
		return "late"
	default:
		return string(networks.KindOf(err))
	}
}
