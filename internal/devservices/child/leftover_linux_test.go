package child

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOnlyWhatWorksInOurFolderIsEnded(t *testing.T) {
	t.Parallel()
	ours, elsewhere := sleeper(t, t.TempDir()), sleeper(t, t.TempDir())
	require.True(t, EndLeftovers(ours.Dir, "other-program"))
	require.Len(t, WorkingIn(ours.Dir, "sleep"), 1, "another program may work there")

	require.True(t, EndLeftovers(ours.Dir, "sleep"))
	require.Empty(t, WorkingIn(ours.Dir, "sleep"))
	require.Len(t, WorkingIn(elsewhere.Dir, "sleep"), 1)
}

// sleeper is a process that works in a folder until it is ended.
func sleeper(t *testing.T, folder string) *exec.Cmd {
	command := exec.CommandContext(t.Context(), "sleep", "600")
	command.Dir = folder
	require.NoError(t, command.Start())
	ended := make(chan struct{})
	go func() { // collects it at once: a zombie has no folder, but is still listed
		defer close(ended)
		_ = command.Wait()
	}()
	t.Cleanup(func() { <-ended })
	return command
}
