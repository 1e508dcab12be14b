package bar_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/bar"
)

// Without a terminal, each stage says where it began and where it ended, however
// fast it was; what was said already is not said again.
func TestEveryStageEnds(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	shown := bar.New(&out, "export")
	for done := range int64(23) {
		shown.Show("events", done+1, 23)
	}
	shown.Show("reading it again", 99, 99)
	shown.Stop()
	require.Equal(t, "export: events, 1 of 23\nexport: events, 23 of 23\nexport: reading it again, 99 of 99\n", out.String())
}
