package promises

import (
	"bytes"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/internal/masterkey"
	"behalf/internal/personkeys"
)

// named says what somebody is called.
type named struct {
	Name personal.Text `json:"name"`
}

func (named) EventType() string { return "user.named.v1" }

// keeper is a store that seals, and the keys that it seals with: one process.
func keeper(t *testing.T, pool *pgxpool.Pool) (*eventstore.Store, *personkeys.Keys) {
	t.Helper()
	keys, err := personkeys.New(pool, bytes.Repeat([]byte{7}, masterkey.Size), personkeys.Options{})
	require.NoError(t, err)
	people := aggregates()[2]
	people.Events = append(people.Events, domain.TypeOf[named]())
	registry, err := codec.NewRegistry(people)
	require.NoError(t, err)
	return eventstore.New(pool, registry, eventstore.Options{Persons: keys}), keys
}

// A process that has decided on somebody's stream keeps its state, and is not
// told when another one erases them. It need not be: what it keeps is sealed,
// and opens with the key or not at all (R66).
func TestWhatIsKeptOfAPersonIsSealed(t *testing.T) {
	t.Parallel()
	db := open(t)
	writing, keys := keeper(t, db.engine)
	reading, others := keeper(t, db.engine)
	stream := diary()
	carl, by := domain.UserID(stream.ID), user()
	by.User = carl
	_, err := writing.Execute(t.Context(), eventstore.Call{
		Type: command("Name", []domain.Stream{stream}, func(domain.Facts) ([]domain.Change, error) {
			return domain.On(stream, named{Name: personal.New(carl, "Carl")}), nil
		}),
		Command: new(struct{}), By: by,
	})
	require.NoError(t, err)
	kept := func(store *eventstore.Store) personal.Text {
		loaded, err := store.Load(t.Context(), eventstore.Scope{User: carl}, stream)
		require.NoError(t, err)
		name := loaded.Facts[stream].(*folded).events[0].(named).Name
		_, open := name.Plain()
		require.False(t, open, "a state holds a name in plain words")
		require.True(t, name.IsSealed())
		return name
	}
	for store, keys := range map[*eventstore.Store]*personkeys.Keys{writing: keys, reading: others} {
		name := kept(store)
		require.NoError(t, keys.Open(t.Context(), &name))
		require.Equal(t, "Carl", name.Reveal())
		kept(store) // opening a copy has not opened what is kept
	}

	_, err = db.super.Exec(t.Context(), `
insert into log.events (stream, version, id, type, data, metadata, recorded_at)
values ($1, 2, gen_random_uuid(), 'user.erased.v1', '{}', '{}', now())`, stream.String())
	require.NoError(t, err)
	erased, err := keys.Erase(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.UserID{carl}, erased)
	_, afterwards := keeper(t, db.engine) // a process whose keys are not cached any more
	for _, store := range []*eventstore.Store{writing, reading} {
		// what the process still keeps, without looking at the log again
		_, err := store.Execute(t.Context(), eventstore.Call{
			Type: command("Look", []domain.Stream{stream}, func(facts domain.Facts) ([]domain.Change, error) {
				name := facts[stream].(*folded).events[0].(named).Name
				require.NoError(t, afterwards.Open(t.Context(), &name))
				require.Equal(t, personal.Erased, name.Reveal())
				return nil, nil
			}),
			Command: new(struct{}), By: by,
		})
		require.ErrorContains(t, err, "user.erased.v1", "this registry does not know what comes next, hence nothing newer was read")
	}
}
