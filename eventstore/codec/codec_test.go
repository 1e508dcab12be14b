package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

type renamed struct {
	Name string `json:"name"`
}

func (renamed) EventType() string { return "workspace.renamed.v3" }

type nothing struct{}

func (*nothing) Evolve(domain.Event) {}

func (*nothing) Clone() domain.State { return new(nothing) }

func teams() domain.Aggregate {
	return domain.Aggregate{
		Category: domain.WorkspaceStreams,
		New:      func() domain.State { return new(nothing) },
		Events:   []domain.EventType{domain.TypeOf[renamed]()},
	}
}

func TestOldVersionsAreUpcastStepByStep(t *testing.T) {
	t.Parallel()
	registry, err := NewRegistry(teams())
	require.NoError(t, err)
	rename := func(from, to string) Upcast {
		return func(data json.RawMessage) (json.RawMessage, error) {
			if !json.Valid(data) {
				return nil, errors.New("not JSON")
			}
			return json.RawMessage(strings.Replace(string(data), from, to, 1)), nil
		}
	}
	require.NoError(t, registry.Upcast("workspace.renamed.v2", "workspace.renamed.v3", rename("title", "name")))
	require.NoError(t, registry.Upcast("workspace.renamed.v1", "workspace.renamed.v2", rename("label", "title")))

	for name, data := range map[string]string{
		"workspace.renamed.v1": `{"label":"Acme"}`,
		"workspace.renamed.v2": `{"title":"Acme"}`,
		"workspace.renamed.v3": `{"name":"Acme"}`,
	} {
		event, err := registry.Decode(name, []byte(data))
		require.NoError(t, err, name)
		require.Equal(t, renamed{Name: "Acme"}, event, name)
	}
	_, err = registry.Decode("workspace.renamed.v1", []byte(`{`))
	require.ErrorContains(t, err, "upcast workspace.renamed.v1: not JSON")
	_, err = registry.Decode("workspace.renamed.v3", []byte(`{`))
	require.ErrorContains(t, err, "decode workspace.renamed.v3")
	require.Equal(t, []string{"workspace.renamed.v3"}, registry.Types())
	require.Equal(t, []string{"workspace.renamed.v1", "workspace.renamed.v2"}, registry.OldTypes())
}

func TestWhatARegistryRefuses(t *testing.T) {
	t.Parallel()
	_, err := NewRegistry(teams(), teams())
	require.ErrorContains(t, err, `"workspace" is declared twice`)
	stolen := teams()
	stolen.Category = domain.PostStreams
	_, err = NewRegistry(teams(), stolen)
	require.ErrorContains(t, err, `"workspace.renamed.v3" is declared twice`)

	registry, err := NewRegistry(teams())
	require.NoError(t, err)
	require.Error(t, registry.Upcast("workspace.renamed.v3", "workspace.renamed.v3", nil))
	require.Error(t, registry.Upcast("workspace.renamed.v1", "workspace.gone.v1", nil))
	_, err = registry.Decode("workspace.gone.v1", nil)
	require.ErrorIs(t, err, ErrUnknownType)
	_, err = registry.State(domain.PostStreams)
	require.ErrorIs(t, err, ErrUnknownType)
}

func TestTheBytesOfAnEventAreTheirOnlyForm(t *testing.T) {
	t.Parallel()
	data, err := Encode(renamed{Name: "A & <B>"})
	require.NoError(t, err)
	require.True(t, bytes.Equal([]byte(`{"name":"A & <B>"}`), data), "%s", data) // byte by byte
}
