package config

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"
)

// Error says what is wrong with one setting, on one line. Problem never repeats
// the value of a secret.
type Error struct {
	Setting Setting
	Problem string
	Unset   bool // it is needed and not there
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Setting, e.Problem) }

// ExitCode is the code to end a process with: 0 without an error, 2 when a
// setting or the command line is wrong, 1 for everything else.
func ExitCode(err error) int {
	var setting *Error
	var usage *kong.ParseError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &setting), errors.As(err, &usage):
		return 2
	default:
		return 1
	}
}

func missing(setting Setting, format string, args ...any) error {
	return &Error{Setting: setting, Problem: fmt.Sprintf(format, args...), Unset: true}
}

func wrong(setting Setting, format string, args ...any) error {
	return &Error{Setting: setting, Problem: fmt.Sprintf(format, args...)}
}
