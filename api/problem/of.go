package problem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"behalf/api/signin"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/media"
	"behalf/internal/networks"
)

// BehindError says that a view has not reached the position that a query waits for.
type BehindError struct {
	Position int64 // asked for
	Reached  int64 // how far the view is
}

func (e *BehindError) Error() string {
	return fmt.Sprintf("the view is at %d, not yet at %d", e.Reached, e.Position)
}

// ParkedError says that a view has put aside the event that a query waits for,
// or another one of its command, until an operator has looked at it.
type ParkedError struct {
	Position int64 // asked for
	Reached  int64 // how far the view is otherwise
}

func (e *ParkedError) Error() string {
	return fmt.Sprintf("the view has parked what happened at %d", e.Position)
}

// StaleError says that a caller's If-Match names an old version.
type StaleError struct{ Actual int }

func (e *StaleError) Error() string {
	return fmt.Sprintf("what the command is about is at version %d", e.Actual)
}

// parkedRetry is after how many seconds it is worth asking again for what waits
// for an operator.
const parkedRetry = 60

type loggerKey struct{}

// WithLogger returns a context whose unexpected errors are logged.
func WithLogger(ctx context.Context, logger *slog.Logger) context.Context {
	return context.WithValue(ctx, loggerKey{}, logger)
}

// Of says which problem an error is. It logs what nobody expected, which is
// the only place where that is logged.
func Of(ctx context.Context, err error) *Problem {
	return of(ctx, err).located(ctx)
}

func of(ctx context.Context, err error) *Problem {
	var (
		problem  *Problem
		refusal  *domain.Refusal
		behind   *BehindError
		parked   *ParkedError
		stale    *StaleError
		failure  *networks.Failure
		conflict *eventstore.ConflictError
	)
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &refusal):
		return refused(refusal)
	case errors.As(err, &behind):
		problem := New(http.StatusServiceUnavailable, "view_behind", "The view has not reached this position yet.").RetryAfter(1)
		problem.Position, problem.Reached = behind.Position, &behind.Reached
		return problem
	case errors.As(err, &parked):
		problem := New(http.StatusServiceUnavailable, "parked", "What you ask for is stored, and this view cannot show it yet.").RetryAfter(parkedRetry)
		problem.Position, problem.Reached = parked.Position, &parked.Reached
		return problem
	case errors.As(err, &stale):
		return New(http.StatusPreconditionFailed, "stale_version", fmt.Sprintf("The current version is %d.", stale.Actual))
	case errors.Is(err, eventstore.ErrKeyReused):
		return New(http.StatusUnprocessableEntity, "key_reused", "This idempotency key came with another command or body before.",
			Fault{Location: "header.Idempotency-Key", Message: "choose a new key for a new command"})
	case errors.As(err, &conflict):
		return New(http.StatusConflict, "conflict", "It changed while this was decided. Send it again.").RetryAfter(1)
	case errors.Is(err, signin.ErrNotSignedIn):
		return New(http.StatusUnauthorized, "not_signed_in", "Sign in, or send a token that has not expired.").
			header("WWW-Authenticate", `Bearer realm="behalf"`)
	case errors.Is(err, signin.ErrWrongPassword):
		return New(http.StatusUnauthorized, "wrong_credentials", "The address or the password is wrong, or the address is not verified yet.").
			header("WWW-Authenticate", `Bearer realm="behalf"`)
	case errors.Is(err, signin.ErrNoToken), errors.Is(err, signin.ErrNoSession):
		return refused(domain.Hidden().(*domain.Refusal)) //nolint:errorlint,forcetypeassert // what Hidden always is
	case errors.As(err, &failure):
		return failed(ctx, failure)
	case errors.Is(err, media.ErrStore):
		log(ctx, "the media store failed", err)
		return New(http.StatusServiceUnavailable, "media_unavailable", "Media cannot be reached at this moment.").RetryAfter(30)
	case foreign(err):
		return refused(domain.Hidden().(*domain.Refusal)) //nolint:errorlint,forcetypeassert // what Hidden always is
	case errors.Is(err, eventstore.ErrUnknown):
		log(ctx, "unknown whether a command was carried out", err)
		return New(http.StatusServiceUnavailable, "outcome_unknown", "Send the request again, with the same Idempotency-Key.").RetryAfter(1)
	default:
		return broken(ctx, err)
	}
}

var statuses = map[domain.RefusalKind]int{
	domain.Forbidden: http.StatusForbidden,
	domain.NotFound:  http.StatusNotFound,
	domain.Conflict:  http.StatusConflict,
	domain.Invalid:   http.StatusUnprocessableEntity,
}

func refused(refusal *domain.Refusal) *Problem {
	problem := New(statuses[refusal.Kind], refusal.Code, refusal.Detail)
	if problem.Title == "" {
		problem.Title = http.StatusText(problem.Status)
	}
	if refusal.Rule != 0 {
		problem.Rule = refusal.Rule.String()
	}
	if refusal.Field != "" {
		problem.Errors = []Fault{{Location: refusal.Field, Message: refusal.Detail}}
	}
	if len(refusal.Faults) > 0 {
		problem.Errors = make([]Fault, len(refusal.Faults))
		for i, fault := range refusal.Faults {
			problem.Errors[i] = Fault{Location: fault.Field, Message: fault.Detail, Code: fault.Code}
		}
	}
	return problem
}

// failed is a network that could not be asked, or answered nonsense. What it
// said about the person is a refusal and was made one before it came here.
func failed(ctx context.Context, failure *networks.Failure) *Problem {
	switch failure.Kind {
	case networks.RateLimited, networks.Blocked:
		return New(http.StatusServiceUnavailable, "network_unavailable", failure.Detail).RetryAfter(int(failure.RetryAfter.Seconds()) + 1)
	case networks.NotSent, networks.Unavailable, networks.Ambiguous:
		return New(http.StatusServiceUnavailable, "network_unavailable", failure.Detail).RetryAfter(5)
	default:
		log(ctx, "a network answered what we cannot use", failure)
		return New(http.StatusBadGateway, "network_failed", "The network's answer cannot be used.")
	}
}

func broken(ctx context.Context, err error) *Problem {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return New(http.StatusServiceUnavailable, "timed_out", "It took too long. Send the request again.").RetryAfter(1)
	}
	log(ctx, "request failed", err)
	if unavailable(err) {
		return New(http.StatusServiceUnavailable, "unavailable", "Send the request again a little later.").RetryAfter(5)
	}
	return New(http.StatusInternalServerError, "internal", "Something broke on our side. The request id finds it in our logs.")
}

// foreign reports that somebody chose an id for something new that another
// workspace has used. No decision can see that (R32): the log refuses it when
// writing, by raising what its constraints would, without one's name.
func foreign(err error) bool {
	var answered *pgconn.PgError
	return errors.As(err, &answered) && answered.Code == "23514" && answered.ConstraintName == ""
}

// unavailable tells a database that does not answer now (classes 08, 53, 57, a
// lock that was not free in time, one that takes no writes while another takes
// over, a connection that broke) from one that answered that we are wrong.
func unavailable(err error) bool {
	var connecting *pgconn.ConnectError
	var answered *pgconn.PgError
	var broken *net.OpError
	switch {
	case errors.As(err, &connecting), errors.As(err, &broken), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, eventstore.ErrClosed):
		return true
	case errors.As(err, &answered):
		class := answered.Code[:min(2, len(answered.Code))]
		return strings.Contains("08 53 57", class) || slices.Contains([]string{"55P03", "40P01", "25006"}, answered.Code)
	default:
		return false
	}
}

func log(ctx context.Context, message string, err error) {
	if logger, ok := ctx.Value(loggerKey{}).(*slog.Logger); ok {
		logger.ErrorContext(ctx, message, "error", err)
	}
}
