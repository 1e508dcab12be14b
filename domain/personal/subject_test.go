package personal_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
)

// What belongs to a workspace is stored like what belongs to a person, and is
// never taken for a person's of the same id.
func TestTextsOfWorkspaces(t *testing.T) {
	t.Parallel()
	ws := personal.Workspace(domain.WorkspaceID(carl))
	at := personal.Place{ID: [16]byte{15: 9}, Field: "content"}
	for name, text := range map[string]personal.Text{"sealed": ws.Sealed(at, []byte("cipher")), "lost": ws.Lost()} {
		data, err := json.Marshal(text)
		require.NoError(t, err, name)
		var read personal.Text
		require.NoError(t, json.Unmarshal(data, &read), name)
		if name == "sealed" {
			read = read.At(at)
		}
		require.Equal(t, text, read, name)
		require.Equal(t, ws, read.Of(), name)
		require.True(t, read.Person().IsZero(), name)

		column, err := text.Value()
		require.NoError(t, err, name)
		require.NoError(t, read.Scan(column), name)
		require.Equal(t, text, read, name)
	}
	require.NotEqual(t, personal.Person(carl), ws)
	require.Equal(t, "deleted content", ws.Lost().Reveal())
	require.Error(t, new(personal.Text).UnmarshalJSON([]byte(
		`{"person":"usr_00000000000000000000000000000001","workspace":"ws_00000000000000000000000000000001","sealed":"eA=="}`)))
}
