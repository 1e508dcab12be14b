package past

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMoments(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]Moment{
		"": {}, "now": {}, "42": {Position: 42},
		"2026-11-22T12:00:00Z": {Instant: noon}, "2026-11-22T13:00:00+01:00": {Instant: noon},
		"2026-11-22": {Instant: noon.Add(-12 * time.Hour)},
	} {
		read, err := ParseMoment(text)
		require.NoError(t, err, text)
		require.Equal(t, want, read, text)
	}
	for _, text := range []string{"0", "-1", "yesterday", "2026-11", "2026-02-30", "99999999999999999999"} {
		_, err := ParseMoment(text)
		require.Error(t, err, text)
	}
}
