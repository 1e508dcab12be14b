package proofs

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/storetest/conformance"
	"behalf/eventstore/storetest/memory"
)

// Whatever is asked of them, in whatever order, two stores that remember states
// and know nothing of each other's appends, and one that remembers nothing,
// answer what the reference answers. So nothing is decided on what is out of
// date, and nothing that a scope may not see comes out of memory.
func TestStoresFollowTheModel(t *testing.T) {
	t.Parallel()
	db := open(t)
	registry := conformance.Registry(t)
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{model: memory.New(registry)}
		for _, cache := range []int{0, 1500, -1} {
			m.stores = append(m.stores, eventstore.New(db.api, registry, eventstore.Options{Cache: cache}))
		}
		for range 2 {
			id, team := conformance.Workspace()
			m.actors = append(m.actors, conformance.Actor())
			m.workspaces = append(m.workspaces, id)
			m.streams = append(m.streams, team, conformance.Article(), domain.StreamOf(domain.UserStreams, m.actors[len(m.actors)-1].User))
		}
		t.Repeat(map[string]func(*rapid.T){
			"append": m.append, "join": m.join, "leave": m.leave, "post": m.post, "load": m.load, "read": m.read,
		})
	})
}

// machine does the same to a store and to the model.
type machine struct {
	model      *memory.Log
	stores     []*eventstore.Store
	workspaces []domain.WorkspaceID
	actors     []domain.Actor
	streams    []domain.Stream
}

func (m *machine) store(t *rapid.T) *eventstore.Store {
	return rapid.SampledFrom(m.stores).Draw(t, "store")
}

func (m *machine) scope(t *rapid.T) eventstore.Scope {
	return eventstore.Scope{
		Workspace: rapid.SampledFrom(append(m.workspaces, domain.WorkspaceID{})).Draw(t, "workspace"),
		User:      rapid.SampledFrom(m.actors).Draw(t, "user").User,
	}
}

func (m *machine) workspace(t *rapid.T) domain.WorkspaceID {
	return rapid.SampledFrom(m.workspaces).Draw(t, "workspace")
}

func team(id domain.WorkspaceID) domain.Stream { return domain.StreamOf(domain.WorkspaceStreams, id) }

func (m *machine) call(t *rapid.T, in domain.WorkspaceID, command domain.CommandType) {
	call := eventstore.Call{Type: command, Workspace: in, By: rapid.SampledFrom(m.actors).Draw(t, "actor")}
	if name := rapid.SampledFrom([]string{"", "", "k", "l"}).Draw(t, "key"); name != "" {
		key := eventstore.NewCommandKey(call.By.User, call.Workspace, name, []byte(command.Name))
		call.Key = &key
	}
	if expect := rapid.IntRange(-4, 3).Draw(t, "expect"); expect >= 0 {
		call.Expect = &expect
	}
	want, refused := m.model.Execute(t.Context(), call)
	got, err := m.store(t).Execute(t.Context(), call)
	agree(t, refused, err)
	require.Equal(t, want.Repeated, got.Repeated)
	sameEvents(t, want.Events, got.Events)
}

func (m *machine) join(t *rapid.T) {
	id := m.workspace(t)
	m.call(t, id, conformance.Join(team(id), rapid.IntRange(0, 2).Draw(t, "member")))
}

func (m *machine) leave(t *rapid.T) {
	id := m.workspace(t)
	m.call(t, id, conformance.Leave(team(id), rapid.IntRange(0, 2).Draw(t, "member")))
}

// post may try to decide on a team that is not its workspace's.
func (m *machine) post(t *rapid.T) {
	article := domain.Stream{Category: domain.PostStreams, ID: rapid.SampledFrom(m.streams).Draw(t, "article").ID}
	m.call(t, m.workspace(t), conformance.Post(article, team(m.workspace(t)), rapid.IntRange(0, 2).Draw(t, "member")))
}

// append writes one request whose versions are right, or nearly.
func (m *machine) append(t *rapid.T) {
	scope := m.scope(t)
	request := eventstore.Request{Workspace: scope.Workspace, Expected: map[domain.Stream]int{}}
	streams := rapid.Permutation(m.streams).Draw(t, "streams")[:rapid.IntRange(1, 3).Draw(t, "width")]
	loaded, err := m.model.Load(t.Context(), scope, streams...)
	require.NoError(t, err)
	for _, stream := range streams {
		drift := rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "drift")
		request.Expected[stream] = loaded.Versions[stream] + drift
		for range rapid.IntRange(0, 2).Draw(t, "events") {
			request.Changes = append(request.Changes, domain.Change{Stream: stream, Event: m.event(stream)})
		}
	}
	want, failed := m.model.Append(t.Context(), request)
	got, err := m.store(t).Append(t.Context(), request)
	require.Equal(t, failed == nil, err == nil, "%v, %v", failed, err)
	if err != nil {
		return
	}
	agree(t, want[0].Err, got[0].Err)
	sameEvents(t, want[0].Events, got[0].Events)
}

func (m *machine) event(stream domain.Stream) domain.Event {
	switch stream.Category {
	case domain.WorkspaceStreams:
		return conformance.Joined{Member: 2}
	case domain.PostStreams:
		return conformance.Posted{Member: 2}
	default:
		return conformance.Greeted{Text: "hello"}
	}
}

func (m *machine) load(t *rapid.T) {
	scope := m.scope(t)
	want, err := m.model.Load(t.Context(), scope, m.streams...)
	require.NoError(t, err)
	got, err := m.store(t).Load(t.Context(), scope, m.streams...)
	require.NoError(t, err)
	require.Equal(t, want.Versions, got.Versions)
	for stream, state := range want.Facts {
		require.ElementsMatch(t, domain.Fact[*conformance.Team](got.Facts, stream).Members, state.(*conformance.Team).Members)
		require.Len(t, domain.Fact[*conformance.Team](got.Facts, stream).Events, len(state.(*conformance.Team).Events))
	}
}

func (m *machine) read(t *rapid.T) {
	scope, stream := m.scope(t), rapid.SampledFrom(m.streams).Draw(t, "stream")
	store := m.store(t)
	var want, got []eventstore.Recorded
	for event, err := range m.model.Read(t.Context(), scope, stream, eventstore.UpTo{}) {
		require.NoError(t, err)
		want = append(want, event)
	}
	for event, err := range store.Read(t.Context(), scope, stream, eventstore.UpTo{}) {
		require.NoError(t, err)
		got = append(got, event)
	}
	sameEvents(t, want, got)
}

// agree: both accept, or both refuse for the same reason.
func agree(t *rapid.T, want, got error) {
	require.Equal(t, want == nil, got == nil, "want %v, got %v", want, got)
	for _, reason := range []error{eventstore.ErrConflict, eventstore.ErrCommandRepeated, eventstore.ErrKeyReused, domain.R24, domain.R64} {
		require.Equal(t, errors.Is(want, reason), errors.Is(got, reason), "want %v, got %v", want, got)
	}
	var expected, actual *eventstore.ConflictError
	if errors.As(want, &expected) && errors.As(got, &actual) && expected.Stream == actual.Stream {
		require.Equal(t, expected, actual)
	}
}

// sameEvents compares what the database does not choose.
func sameEvents(t *rapid.T, want, got []eventstore.Recorded) {
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i].Stream, got[i].Stream)
		require.Equal(t, want[i].Version, got[i].Version)
		require.Equal(t, want[i].Workspace, got[i].Workspace)
		require.Equal(t, want[i].Event, got[i].Event)
		require.True(t, i == 0 || got[i-1].Position < got[i].Position)
	}
}
