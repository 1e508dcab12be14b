package conformance

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
)

func refusesAsDecided(t *testing.T, log Log) {
	id, team := Workspace()
	call := eventstore.Call{Type: Join(team, 1), Workspace: id, By: Actor(), Correlation: "c"}
	result, err := log.Execute(t.Context(), call)
	require.NoError(t, err)
	require.Len(t, result.Events, 1)
	require.Equal(t, result.Events[0].Position, result.Position)
	require.Equal(t, call.By.User, result.Events[0].Metadata.Actor)
	require.Equal(t, "Join", result.Events[0].Metadata.Command)
	require.Equal(t, "c", result.Events[0].Metadata.Correlation)

	_, err = log.Execute(t.Context(), call)
	var refusal *domain.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Same(t, refusal, err, "it is wrapped")
	require.ErrorIs(t, err, domain.R24)

	// nothing to do is an answer too, and says what it is based on
	nothing, err := log.Execute(t.Context(), eventstore.Call{Type: Leave(team, 7), Workspace: id, By: call.By})
	require.NoError(t, err)
	require.Equal(t, eventstore.Result{Position: result.Position}, nothing)
}

func answersKeysAgain(t *testing.T, log Log) {
	id, team := Workspace()
	by := Actor()
	key := eventstore.NewCommandKey(by.User, id, "k", []byte("1"))
	join := eventstore.Call{Type: Join(team, 1), Workspace: id, By: by, Key: &key}
	first, err := log.Execute(t.Context(), join)
	require.NoError(t, err)
	require.False(t, first.Repeated)
	stands(t, log, On(team, 1, Left{1})) // whatever has changed since

	again, err := log.Execute(t.Context(), join)
	require.NoError(t, err)
	require.Equal(t, eventstore.Result{Position: first.Position, Events: first.Events, Repeated: true}, again)
	require.Len(t, history(t, log, eventstore.Scope{Workspace: id}, team, eventstore.UpTo{}), 2)

	// so is an answer without events
	idle := eventstore.NewCommandKey(by.User, id, "idle", nil)
	leave := eventstore.Call{Type: Leave(team, 9), Workspace: id, By: by, Key: &idle}
	nothing, err := log.Execute(t.Context(), leave)
	require.NoError(t, err)
	stands(t, log, On(team, 2, Joined{9}))
	again, err = log.Execute(t.Context(), leave)
	require.NoError(t, err)
	require.Equal(t, eventstore.Result{Position: nothing.Position, Repeated: true}, again)

	// a refused command is not remembered
	refused := eventstore.NewCommandKey(by.User, id, "refused", nil)
	join = eventstore.Call{Type: Join(team, 9), Workspace: id, By: by, Key: &refused}
	_, err = log.Execute(t.Context(), join)
	require.ErrorIs(t, err, domain.R24)
	stands(t, log, On(team, 3, Left{9}))
	result, err := log.Execute(t.Context(), join)
	require.NoError(t, err)
	require.False(t, result.Repeated)
}

func separatesKeys(t *testing.T, log Log) {
	id, team := Workspace()
	by, stranger := Actor(), Actor()
	key := func(principal domain.UserID, ws domain.WorkspaceID, body string) *eventstore.CommandKey {
		made := eventstore.NewCommandKey(principal, ws, "k", []byte(body))
		return &made
	}
	_, err := log.Execute(t.Context(), eventstore.Call{Type: Join(team, 1), Workspace: id, By: by, Key: key(by.User, id, "1")})
	require.NoError(t, err)

	_, err = log.Execute(t.Context(), eventstore.Call{Type: Join(team, 2), Workspace: id, By: by, Key: key(by.User, id, "2")})
	require.ErrorIs(t, err, eventstore.ErrKeyReused, "another body")
	_, err = log.Execute(t.Context(), eventstore.Call{Type: Leave(team, 1), Workspace: id, By: by, Key: key(by.User, id, "1")})
	require.ErrorIs(t, err, eventstore.ErrKeyReused, "another command")

	result, err := log.Execute(t.Context(), eventstore.Call{Type: Join(team, 3), Workspace: id, By: stranger, Key: key(stranger.User, id, "1")})
	require.NoError(t, err)
	require.False(t, result.Repeated, "another principal")
	other, others := Workspace()
	result, err = log.Execute(t.Context(), eventstore.Call{Type: Join(others, 1), Workspace: other, By: by, Key: key(by.User, other, "1")})
	require.NoError(t, err)
	require.False(t, result.Repeated, "another workspace")
}

func expectsVersions(t *testing.T, log Log) {
	id, team := Workspace()
	stands(t, log, On(team, 0, Joined{1}))
	for range 2 {
		seen := 0
		_, err := log.Execute(t.Context(), eventstore.Call{Type: Join(team, 2), Workspace: id, By: Actor(), Expect: &seen})
		require.ErrorIs(t, err, eventstore.ErrConflict)
		require.Equal(t, &eventstore.ConflictError{Stream: team, Expected: 0, Actual: 1, Written: true, Stale: true}, err)
	}
	seen := 1
	_, err := log.Execute(t.Context(), eventstore.Call{Type: Join(team, 2), Workspace: id, By: Actor(), Expect: &seen})
	require.NoError(t, err)
}

// countsEveryCaller has callers join one team at once. Whoever is told that
// they joined has joined, once.
func countsEveryCaller(t *testing.T, log Log) {
	const callers, each = 12, 10
	id, team := Workspace()
	var mutex sync.Mutex
	joined := map[int]bool{}
	var work errgroup.Group
	for caller := range callers {
		work.Go(func() error {
			for member := caller * each; member < (caller+1)*each; {
				_, err := log.Execute(t.Context(), eventstore.Call{Type: Join(team, member), Workspace: id, By: Actor()})
				if errors.Is(err, eventstore.ErrConflict) {
					continue // too many at once: again
				}
				if err != nil {
					return err
				}
				mutex.Lock()
				joined[member] = true
				mutex.Unlock()
				member++
			}
			return nil
		})
	}
	require.NoError(t, work.Wait())
	members := map[int]bool{}
	for version, event := range history(t, log, eventstore.Scope{Workspace: id}, team, eventstore.UpTo{}) {
		require.Equal(t, version+1, event.Version)
		members[event.Event.(Joined).Member] = true
	}
	require.Equal(t, joined, members)
	require.Len(t, members, callers*each)
}
