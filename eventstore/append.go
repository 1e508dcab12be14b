package eventstore

import (
	"context"
	"errors"
	"fmt"

	"behalf/domain"
	"behalf/eventstore/internal/group"
)

// Request is one decision to append.
type Request struct {
	// Workspace is the tenant of the changes. It may be zero when all of them
	// are on streams of workspaces, which are their own tenant, or of users, which have none.
	Workspace domain.WorkspaceID
	// Expected is the version of every stream that the decision read or writes;
	// 0 for one that must not exist.
	Expected map[domain.Stream]int
	Changes  []domain.Change // may be empty: then the request only proves what it read
	Metadata Metadata
	Command  *CommandKey // what to remember the request under; nil for none
	BasedOn  int64       // the position to remember for a command without changes
}

// Outcome is what became of one request.
type Outcome struct {
	Events []Recorded // in the order of the request's changes
	Err    error      // *ConflictError, ErrCommandRepeated, or what the database refused
}

// Append writes a batch of requests in one transaction. Each succeeds or
// conflicts alone. A stream that one request writes may not occur in another
// one of the batch (ErrOverlap).
//
// Callers that arrive together share one call of the database, and are still
// answered each for itself. Those that touch the same stream, one of them
// writing it, follow each other in the order in which they came. The call does
// not end with ctx. When the caller stops waiting, or the call breaks, the
// error matches ErrNotStored or ErrUnknown and says with that what is known;
// for ErrUnknown a repetition with the same CommandKey tells.
func (s *Store) Append(ctx context.Context, requests ...Request) ([]Outcome, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	job, err := s.prepareJob(ctx, requests)
	if err != nil {
		return nil, err
	}
	return s.do(ctx, job)
}

// do has a job run together with those of other callers.
func (s *Store) do(ctx context.Context, job *job) ([]Outcome, error) {
	answer, err := s.group.Do(ctx, job, job.cost, job.uses)
	switch {
	case errors.Is(err, group.ErrClosed):
		return nil, &InterruptedError{Cause: ErrClosed}
	case errors.Is(err, group.ErrUnknown):
		return nil, &InterruptedError{Unknown: true, Cause: ctx.Err()}
	case err != nil:
		return nil, &InterruptedError{Cause: ctx.Err()}
	case answer.err != nil:
		return nil, fmt.Errorf("append: %w", answer.err)
	}
	return answer.outcomes, nil
}

// job is what one caller of Append wants written.
type job struct {
	requests []*prepared
	uses     []group.Use[domain.Stream]
	cost     int // bytes, and something for every stream and event
}

// answer is what became of a job; err is set when the call as a whole failed.
type answer struct {
	outcomes []Outcome
	err      error
}

// What the requests of one call may cost together. More would hold the locks
// longer than others like to wait, and take more of them than Postgres has by default.
const (
	longestBatch = 1 << 20
	costOfUse    = 1 << 11
)

// commands is the category under which a command's id is a key like a stream.
const commands domain.Category = ""

// prepareJob checks and encodes the requests of one caller, on that caller's time.
func (s *Store) prepareJob(ctx context.Context, requests []Request) (*job, error) {
	j := &job{requests: make([]*prepared, len(requests))}
	for i := range requests {
		p, err := s.prepareRequest(ctx, &requests[i])
		if err != nil {
			return nil, err
		}
		j.requests[i] = p
		for k := range p.write.Reads {
			r := &p.write.Reads[k]
			j.uses = append(j.uses, group.Use[domain.Stream]{Key: r.Stream, Writes: r.Written})
		}
		if key := p.request.Command; key != nil {
			id := domain.Stream{Category: commands, ID: key.ID}
			j.uses = append(j.uses, group.Use[domain.Stream]{Key: id, Writes: true})
		}
		j.cost += p.bytes
	}
	j.cost += costOfUse * len(j.uses)
	if len(requests) == 1 {
		return j, nil
	}
	return j, overlap(j.uses)
}

// overlap fails when requests of one job would have to follow each other.
func overlap(uses []group.Use[domain.Stream]) error {
	written := map[domain.Stream]bool{}
	for _, use := range uses {
		already, used := written[use.Key]
		if used && (already || use.Writes) {
			if use.Key.Category == commands {
				return fmt.Errorf("append: the same command twice: %w", ErrOverlap)
			}
			return fmt.Errorf("append to %s: %w", use.Key, ErrOverlap)
		}
		written[use.Key] = use.Writes
	}
	return nil
}
