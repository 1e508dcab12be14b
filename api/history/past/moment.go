// Package past answers questions about a workspace's history from the log
// itself: views are not asked, because they are not evidence. The API and the
// auditor's command line ask the same questions through it.
package past

import (
	"errors"
	"strconv"
	"time"
)

// Moment is a point in the history: "now", a position in the log, or an instant.
type Moment struct {
	Position int64     // the last position that counts; 0 for any
	Instant  time.Time // the last instant that counts; zero for any
}

// ErrMoment: a text names no moment.
var ErrMoment = errors.New("neither a position in the log, nor an RFC 3339 instant like 2026-11-22T10:00:00Z, nor a day like 2026-11-22")

// ParseMoment reads a position ("42"), an RFC 3339 instant
// ("2026-11-22T10:00:00Z"), a day ("2026-11-22"), which stands for its start in
// UTC, or "now", which is also the empty text.
func ParseMoment(text string) (Moment, error) {
	if text == "" || text == "now" {
		return Moment{}, nil
	}
	if position, err := strconv.ParseInt(text, 10, 64); err == nil {
		if position < 1 {
			return Moment{}, errors.New("a position is 1 or more")
		}
		return Moment{Position: position}, nil
	}
	for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
		if instant, err := time.Parse(form, text); err == nil {
			return Moment{Instant: instant.UTC()}, nil
		}
	}
	return Moment{}, ErrMoment
}

// UnmarshalText reads what ParseMoment reads.
func (m *Moment) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMoment(string(text))
	return err
}

func (m Moment) String() string {
	switch {
	case m.Position > 0:
		return "position " + strconv.FormatInt(m.Position, 10)
	case !m.Instant.IsZero():
		return m.Instant.Format(time.RFC3339Nano)
	default:
		return "now"
	}
}
