package eventstore

import (
	"errors"
	"fmt"

	"behalf/domain"
)

// What an append or a command can end with, apart from a refusal of the domain
// and from a database that does not answer.
var (
	// ErrConflict matches every *ConflictError.
	ErrConflict = errors.New("a stream has moved")
	// ErrCommandRepeated says that this command has been answered already.
	ErrCommandRepeated = errors.New("the command has been answered already")
	// ErrKeyReused says that an idempotency key came back with another command or body.
	ErrKeyReused = errors.New("the idempotency key was used for something else")
	// ErrOverlap says that requests of one batch touch a stream that one of them
	// writes, or carry the same command.
	ErrOverlap = errors.New("requests of one batch overlap")
)

// ConflictError says that a stream is not at the version that a decision was taken on.
type ConflictError struct {
	Stream   domain.Stream
	Expected int
	Actual   int
	Written  bool // the request writes the stream, rather than only having read it
	Stale    bool // Expected is what the caller of the command has seen
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s: %s is at version %d, not %d", ErrConflict, e.Stream, e.Actual, e.Expected)
}

// Is matches ErrConflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// What an append can end with when it did not run its course.
var (
	// ErrNotStored says that nothing was appended.
	ErrNotStored = errors.New("nothing was stored")
	// ErrUnknown says that the append may stand or not. Repeating it with the
	// same CommandKey tells: the answer is either ErrCommandRepeated or new.
	ErrUnknown = errors.New("unknown whether it was stored")
	// ErrClosed says that the store takes no more appends.
	ErrClosed = errors.New("the store is closed")
)

// InterruptedError says that an append did not run its course, and what is
// known about it: it matches either ErrNotStored or ErrUnknown.
type InterruptedError struct {
	Unknown bool  // it may have been stored
	Cause   error // why the caller stopped waiting, or what broke
}

func (e *InterruptedError) Error() string { return fmt.Sprintf("%s: %s", e.kind(), e.Cause) }

// Is matches ErrNotStored or ErrUnknown.
func (e *InterruptedError) Is(target error) bool { return target == e.kind() }

// Unwrap returns the cause.
func (e *InterruptedError) Unwrap() error { return e.Cause }

func (e *InterruptedError) kind() error {
	if e.Unknown {
		return ErrUnknown
	}
	return ErrNotStored
}
