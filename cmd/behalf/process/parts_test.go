package process

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/telemetry"
)

// TestCloseWithAConnectionInUse: a service that did not stop cannot keep the process.
func TestCloseWithAConnectionInUse(t *testing.T) {
	t.Parallel()
	said, held := &bytes.Buffer{}, make(chan struct{})
	p := &Parts{Log: telemetry.NewLogger(said, telemetry.LogOptions{})}
	p.closers = []func(){func() { <-held }}
	p.Close()
	close(held)
	require.Contains(t, said.String(), "connections are still in use")
}
