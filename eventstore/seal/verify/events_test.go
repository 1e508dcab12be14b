package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore/codec"
	"behalf/eventstore/seal/sealtest"
	"behalf/eventstore/seal/verify"
)

// deleted is what sealtest fills logs with.
type deleted struct {
	N int `json:"n"`
}

func (deleted) EventType() string { return "post.deleted.v1" }

func registry(t *testing.T) *codec.Registry {
	t.Helper()
	registry, err := codec.NewRegistry(domain.Aggregate{
		Category: domain.PostStreams, New: func() domain.State { return nil },
		Events: []domain.EventType{domain.TypeOf[deleted]()},
	})
	require.NoError(t, err)
	return registry
}

// Constraints that would have refused it are taken away first.
func TestEventsThatContradict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tampering []string
		position  int64
		detail    string
	}{
		"a version twice": {[]string{`alter table log.events drop constraint events_pkey`,
			`update log.events set version = 1 where position = 5`}, 5, "it is version 1 of"},
		"a gap":             {[]string{`delete from log.events where position = 4`}, 7, "it is version 3 of"},
		"an id twice":       {[]string{`alter table log.events drop constraint events_id_key`, `update log.events set id = (select id from log.events where position = 2) where position = 6`}, 6, "the id of the event at 2"},
		"another tenant":    {[]string{`update log.events set workspace_id = gen_random_uuid() where position = 8`}, 8, "changes its workspace"},
		"an unknown type":   {[]string{`update log.events set type = 'post.unheard.v1' where position = 3`}, 3, "unknown type"},
		"no JSON":           {[]string{`update log.events set data = '{' where position = 3`}, 3, "decode post.deleted.v1"},
		"more than there":   {[]string{`update log.events set data = '{"n":2, "x":1}' where position = 3`}, 3, "canonical form"},
		"broken metadata":   {[]string{`update log.events set metadata = 'x' where position = 3`}, 3, "metadata"},
		"a nameless stream": {[]string{`update log.events set stream = 'nonsense', version = 1 where position = 10`}, 10, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sealtest.Open(t)
			w.Fill(t, 10)
			findings, err := verify.Events(t.Context(), w.Engine, registry(t), nil)
			require.NoError(t, err)
			require.Empty(t, findings)
			w.Tamper(t, test.tampering...)
			findings, err = verify.Events(t.Context(), w.Engine, registry(t), nil)
			require.NoError(t, err)
			require.NotEmpty(t, findings)
			require.Equal(t, verify.Form, findings[0].Kind)
			require.Equal(t, test.position, findings[0].Position, "%s", findings[0])
			require.Contains(t, findings[0].Detail, test.detail)
		})
	}
}
