package storetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore/codec"
)

type invited struct {
	ID     domain.InvitationID `json:"id"`
	At     time.Time           `json:"at"`
	Access *struct {
		Flags []bool         `json:"flags"`
		Count map[string]int `json:"count"`
	} `json:"access"`
}

func (invited) EventType() string { return "workspace.invited.v2" }

func registry(t *testing.T, events ...domain.EventType) *codec.Registry {
	t.Helper()
	registry, err := codec.NewRegistry(domain.Aggregate{
		Category: domain.WorkspaceStreams,
		New:      func() domain.State { return nil },
		Events:   events,
	})
	require.NoError(t, err)
	return registry
}

func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	current := registry(t, domain.TypeOf[invited]())
	require.ErrorContains(t, golden(current, dir, false)[0], "has no golden file")
	require.Empty(t, golden(current, dir, true))
	require.Empty(t, golden(current, dir, false))

	file := filepath.Join(dir, "workspace.invited.v2.json")
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"id": "inv_01010101010101010101010101010101",
		"at": "2026-01-02T03:04:05Z",
		"access": {"flags": [true], "count": {"Count": 1}}
	}`, string(written))

	// what was written once is never written again, however it looks now
	require.NoError(t, os.WriteFile(file, []byte(`{"id":""}`), 0o600))
	require.ErrorContains(t, golden(current, dir, true)[0], "has changed since it was written")
	require.NoError(t, os.WriteFile(file, []byte(`{"id":7}`), 0o600))
	require.ErrorContains(t, golden(current, dir, true)[0], "decode workspace.invited.v2")
	require.NoError(t, os.WriteFile(file, written, 0o600))

	// an old version lives on in its file
	old := filepath.Join(dir, "workspace.invited.v1.json")
	require.NoError(t, os.WriteFile(old, []byte(`{"when":"2026-01-02T03:04:05Z"}`), 0o600))
	require.ErrorIs(t, golden(current, dir, false)[0], codec.ErrUnknownType)
	upcast := func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage(`{}`), nil }
	require.NoError(t, current.Upcast("workspace.invited.v1", "workspace.invited.v2", upcast))
	require.Empty(t, golden(current, dir, false))
	require.NoError(t, os.Remove(old))
	require.ErrorContains(t, golden(current, dir, false)[0], "workspace.invited.v1 has no golden file")
	require.ErrorContains(t, golden(current, dir, true)[0], "written by hand")
}

// A format cannot change together with its golden file, nor go together with it.
func TestGoldenFilesAreFrozen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	current := registry(t, domain.TypeOf[invited]())
	require.Empty(t, golden(current, dir, true))
	require.NoError(t, freeze(dir))
	list, err := os.ReadFile(filepath.Join(dir, frozenList))
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-f]{64}  workspace\.invited\.v2\.json\n$`, string(list))

	file := filepath.Join(dir, "workspace.invited.v2.json")
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	changed := strings.Replace(string(written), "2026", "2027", 1)
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	for _, update := range []bool{false, true} {
		require.ErrorContains(t, golden(current, dir, update)[0], "it is frozen")
	}
	require.NoError(t, os.Remove(file))
	require.ErrorContains(t, golden(registry(t), dir, true)[0], "is gone")
	require.NoError(t, os.WriteFile(file, written, 0o600))
	require.Empty(t, golden(current, dir, false))
	require.NoError(t, freeze(dir))
	again, err := os.ReadFile(filepath.Join(dir, frozenList))
	require.NoError(t, err)
	require.Equal(t, string(list), string(again))

	require.NoError(t, os.WriteFile(filepath.Join(dir, frozenList), append(list, list...), 0o600))
	require.ErrorContains(t, golden(current, dir, true)[0], "there twice")
	require.ErrorContains(t, freeze(dir), "there twice")
}
