package program

import (
	"errors"
	"reflect"
	"time"

	"github.com/alecthomas/kong"
)

// values are how times and durations are read, and refused, in words of people.
func values() []kong.Option {
	return []kong.Option{
		kong.TypeMapper(reflect.TypeFor[time.Time](), read("TIME", readTime)),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), read("DURATION", readDuration)),
	}
}

func read[T any](context string, as func(string) (T, error)) kong.MapperFunc {
	return func(ctx *kong.DecodeContext, target reflect.Value) error {
		var text string
		if err := ctx.Scan.PopValueInto(context, &text); err != nil {
			return err
		}
		value, err := as(text)
		if err == nil {
			target.Set(reflect.ValueOf(value))
		}
		return err
	}
}

var (
	errTime     = errors.New("a time is like 2026-12-01T08:30:00Z (RFC 3339), or like 2026-12-01 for the start of that day, UTC")
	errDuration = errors.New("a duration is like 90s, 15m or 1h30m")
)

// readTime reads an RFC 3339 instant, or a day, which stands for its start.
func readTime(text string) (time.Time, error) {
	for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errTime
}

func readDuration(text string) (time.Duration, error) {
	length, err := time.ParseDuration(text)
	if err != nil {
		return 0, errDuration
	}
	return length, nil
}
