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
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s: %s is at version %d, not %d", ErrConflict, e.Stream, e.Actual, e.Expected)
}

// Is matches ErrConflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }
