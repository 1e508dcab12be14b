package eventstore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"behalf/domain"
	"behalf/eventstore/internal/group"
	"behalf/eventstore/internal/write"
)

// How appends share calls. A call takes about a quarter of a millisecond, and a
// hundredth for each event.
const (
	callsUnderWay = 2                      // at most: one is decided on while the other one waits for the disk
	secondCall    = 150 << 10              // some 30 appends of one event; with less, one call after the other is quicker
	callMoment    = 30 * time.Microsecond  // for callers who were answered together to come back
	callPatience  = 20 * time.Millisecond  // then others need not wait for its end
	stuckCalls    = 6                      // each holds a connection of the pool
	callTimeout   = time.Minute            // longer than Postgres lets a statement or a lock last
	callGrace     = 250 * time.Millisecond // for a caller who has stopped waiting to learn the outcome
)

type appends = group.Group[domain.Stream, *job, answer]

func newAppends(s *Store) *appends {
	return group.New[domain.Stream](group.Config[*job, answer]{
		Run: s.call, Calls: callsUnderWay, Second: secondCall, Moment: callMoment,
		Patience: callPatience, Stuck: stuckCalls, Cost: longestBatch, Timeout: callTimeout, Grace: callGrace,
	})
}

// call writes what several callers want written.
func (s *Store) call(ctx context.Context, jobs []*job) []answer {
	requests := jobs[0].requests
	if len(jobs) > 1 {
		requests = nil
		for _, j := range jobs {
			requests = append(requests, j.requests...)
		}
	}
	outcomes, err := s.write(ctx, requests)
	if len(requests) > 1 && spoilsBatch(err) || code(err) == deadlockDetected {
		// one request spoiled the batch and nothing was written: each for itself
		return s.callEach(ctx, jobs)
	}
	answers := make([]answer, len(jobs))
	for i, j := range jobs {
		switch {
		case err == nil:
			n := len(j.requests)
			answers[i].outcomes, outcomes = outcomes[:n:n], outcomes[n:]
		case len(requests) == 1 && refused(err):
			answers[i].outcomes = []Outcome{{Err: err}}
		default:
			answers[i].err = interrupted(err)
		}
	}
	s.announce(answers)
	return answers
}

// deadlocks is how many times a request is tried alone.
const deadlocks = 3

// callEach writes every request in a transaction of its own.
func (s *Store) callEach(ctx context.Context, jobs []*job) []answer {
	answers := make([]answer, len(jobs))
	for i, j := range jobs {
		for _, p := range j.requests {
			var outcomes []Outcome
			var err error
			for range deadlocks {
				if outcomes, err = s.write(ctx, []*prepared{p}); code(err) != deadlockDetected {
					break
				}
			}
			if spoilsBatch(err) {
				outcomes, err = []Outcome{{Err: err}}, nil
			}
			if err != nil {
				// what the caller's other requests have become is not told either
				answers[i] = answer{err: interrupted(err)}
				break
			}
			answers[i].outcomes = append(answers[i].outcomes, outcomes...)
		}
	}
	s.announce(answers)
	return answers
}

// write appends requests in one call and one transaction. After an error
// nothing is known to be written.
func (s *Store) write(ctx context.Context, requests []*prepared) ([]Outcome, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	writes := make([]*write.Request, len(requests))
	for i, p := range requests {
		writes[i] = &p.write
	}
	written, err := write.Write(ctx, conn.Conn(), writes)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(requests))
	for i, p := range requests {
		outcomes[i] = p.outcome(written[i])
	}
	return outcomes, nil
}

// announce wakes the leader when something was written.
func (s *Store) announce(answers []answer) {
	for _, a := range answers {
		if slices.ContainsFunc(a.outcomes, func(o Outcome) bool { return len(o.Events) > 0 }) {
			s.signals.Appended.Notify()
			return
		}
	}
}

// SQLSTATEs that say something about an append.
const (
	deadlockDetected = "40P01"
	lockNotAvailable = "55P03"
)

// refused reports that the database did not want one particular request: it
// violated a constraint (class 23), or held data that cannot be stored (22, 54).
func refused(err error) bool {
	class := code(err)
	return strings.HasPrefix(class, "23") || strings.HasPrefix(class, "22") || strings.HasPrefix(class, "54")
}

// spoilsBatch reports an error that one request can bring upon a whole batch.
// It undid the batch, and the others would have been written without that request.
func spoilsBatch(err error) bool {
	return refused(err) || code(err) == deadlockDetected || code(err) == lockNotAvailable
}

func code(err error) string {
	var broken *pgconn.PgError
	if errors.As(err, &broken) {
		return broken.Code
	}
	return ""
}

// interrupted says what is known about an append whose call failed. A statement
// that ended with an error has been undone; a connection that ended, from
// either side, may have done its work before.
func interrupted(err error) error {
	var broken *pgconn.PgError
	var connecting *pgconn.ConnectError
	undone := errors.As(err, &broken) && broken.SeverityUnlocalized == "ERROR"
	return &InterruptedError{
		Unknown: !undone && !pgconn.SafeToRetry(err) && !errors.As(err, &connecting),
		Cause:   err,
	}
}
