package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The client is the one that the document describes.
func TestClientIsUpToDate(t *testing.T) {
	t.Parallel()
	files, err := generate("..")
	require.NoError(t, err)
	for name, generated := range files {
		written, err := os.ReadFile("../" + name)
		require.NoError(t, err)
		require.Equal(t, string(generated), string(written), "run: make openapi")
	}
}
