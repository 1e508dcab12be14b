package clean_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/media/clean"
)

// Whatever is sent: copying ends, takes no more than came, and what it makes is
// its own copy.
func FuzzCopy(f *testing.F) {
	for _, file := range whole(f) {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		kind, src, err := clean.Begin(bytes.NewReader(file))
		if err != nil {
			require.ErrorIs(t, err, clean.ErrUnsupported)
			return
		}
		var copied, erased bytes.Buffer
		facts, err := clean.Copy(&copied, src, kind)
		if err != nil {
			return
		}
		require.LessOrEqual(t, copied.Len(), len(file)+64, "a bare orientation is all that is added")
		_, err = clean.Erase(&erased, &copied, facts.Erase)
		require.NoError(t, err)
		if len(facts.Erase) > 0 {
			return // they may lie anywhere, in what describes the film as well
		}
		again, src, err := clean.Begin(bytes.NewReader(erased.Bytes()))
		require.NoError(t, err)
		require.Equal(t, kind, again)
		var second bytes.Buffer
		known, err := clean.Copy(&second, src, kind)
		require.NoError(t, err)
		require.Equal(t, facts, known)
		require.Equal(t, erased.Bytes(), second.Bytes())
	})
}
