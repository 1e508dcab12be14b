package promises

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
)

// join is a command that adds a member to the team, who must not be one already.
func join(team domain.Stream, member int) domain.CommandType {
	return command("Join", []domain.Stream{team}, func(facts domain.Facts) ([]domain.Change, error) {
		if domain.Fact[*folded](facts, team).has(member) {
			return nil, domain.Clash(domain.R24, "already_member", "They are a member already.")
		}
		return domain.On(team, joined{member}), nil
	})
}

func TestARefusalComesBackAsItIs(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	call := eventstore.Call{Type: join(team, 1), Workspace: id, By: user(), Correlation: "c-9"}
	result, err := db.public.Execute(t.Context(), call)
	require.NoError(t, err)
	require.Equal(t, result.Events[0].Position, result.Position)
	metadata := result.Events[0].Metadata
	require.NotZero(t, metadata.CommandID)
	metadata.CommandID = [16]byte{}
	require.Equal(t, eventstore.Metadata{Actor: call.By.User, Command: "Join", Correlation: "c-9"}, metadata)

	_, err = db.public.Execute(t.Context(), call)
	var refusal *domain.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Same(t, refusal, err, "it is wrapped")
	require.ErrorIs(t, err, domain.R24)
}

func TestTheSameKeyAnswersTheSame(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	by := user()
	key := eventstore.NewCommandKey(by.User, id, "k", []byte(`{"member":1}`))
	call := eventstore.Call{Type: join(team, 1), Workspace: id, By: by, Key: &key}
	first, err := db.public.Execute(t.Context(), call)
	require.NoError(t, err)
	append1(t, db.store, on(team, 1, removed{1})) // whatever has changed since

	again, err := db.public.Execute(t.Context(), call)
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, first.Position, again.Position)
	require.Equal(t, first.Events, again.Events)

	other := eventstore.NewCommandKey(by.User, id, "k", []byte(`{"member":2}`))
	call.Key = &other
	_, err = db.public.Execute(t.Context(), call)
	require.ErrorIs(t, err, eventstore.ErrKeyReused)

	call.Key = &key
	call.Type.Name = "Leave" // the same body, but another command
	_, err = db.public.Execute(t.Context(), call)
	require.ErrorIs(t, err, eventstore.ErrKeyReused)

	// the same key means nothing in somebody else's hands
	stranger := user()
	foreign := eventstore.NewCommandKey(stranger.User, id, "k", []byte(`{"member":1}`))
	result, err := db.public.Execute(t.Context(), eventstore.Call{Type: join(team, 1), Workspace: id, By: stranger, Key: &foreign})
	require.NoError(t, err)
	require.False(t, result.Repeated)
}

func TestACommandWithoutEventsIsRemembered(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	based := append1(t, db.store, on(team, 0, joined{1}))
	by := user()
	key := eventstore.NewCommandKey(by.User, id, "k", nil)
	decisions := 0
	call := eventstore.Call{
		Type: command("Nothing", []domain.Stream{team}, func(domain.Facts) ([]domain.Change, error) {
			decisions++
			return nil, nil
		}),
		Workspace: id, By: by, Key: &key,
	}
	for _, repeated := range []bool{false, true} {
		result, err := over(t, db.api).Execute(t.Context(), call) // each knows nothing but what the log has
		require.NoError(t, err)
		require.Equal(t, eventstore.Result{Position: based[0].Position, Repeated: repeated}, result)
	}
	require.Equal(t, 1, decisions)
}

// A command that begins its workspace is found again by whoever began it.
func TestBeginningAWorkspaceIsRemembered(t *testing.T) {
	t.Parallel()
	db := open(t)
	by := user()
	key := eventstore.NewCommandKey(by.User, domain.WorkspaceID{}, "k", nil)
	var answers []eventstore.Result
	for range 2 {
		_, team := workspace()
		result, err := db.public.Execute(t.Context(), eventstore.Call{Type: join(team, 1), By: by, Key: &key})
		require.NoError(t, err)
		answers = append(answers, result)
	}
	require.True(t, answers[1].Repeated)
	require.Equal(t, answers[0].Events, answers[1].Events)
}

// Sent many times at once, a command happens once; all are told the same.
func TestTheSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	append1(t, db.store, on(team, 0, joined{0}))
	by := user()
	key := eventstore.NewCommandKey(by.User, id, "k", nil)
	var mutex sync.Mutex
	positions, firsts := map[int64]bool{}, 0
	var callers errgroup.Group
	for range 8 {
		callers.Go(func() error {
			article := post() // streams do not collide: the key alone decides
			result, err := db.public.Execute(t.Context(), eventstore.Call{
				Type: command("Post", []domain.Stream{article, team}, func(domain.Facts) ([]domain.Change, error) {
					return domain.On(article, posted{1}), nil
				}),
				Workspace: id, By: by, Key: &key,
			})
			mutex.Lock()
			defer mutex.Unlock()
			positions[result.Position] = true
			if !result.Repeated {
				firsts++
			}
			return err
		})
	}
	require.NoError(t, callers.Wait())
	require.Len(t, positions, 1)
	require.Equal(t, 1, firsts)
	require.Equal(t, 2, count(t, db, "log.events"))
}

// Who has seen another version is told so at once, unless they would be refused
// anyway: to whom a stream is hidden, its version is as well (R32). So it is
// with a stream that moved while it was decided.
func TestAStaleVersion(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	append1(t, db.store, on(team, 0, joined{1}))
	seen, decisions := 0, 0
	execute := func(decide func() ([]domain.Change, error)) error {
		decisions = 0
		_, err := db.public.Execute(t.Context(), eventstore.Call{
			Type: command("Late", []domain.Stream{team}, func(domain.Facts) ([]domain.Change, error) {
				decisions++
				return decide()
			}),
			Workspace: id, By: user(), Expect: &seen,
		})
		return err
	}
	for range 2 { // from the log, and from memory
		err := execute(func() ([]domain.Change, error) { return domain.On(team, joined{2}), nil })
		require.Equal(t, &eventstore.ConflictError{Stream: team, Expected: 0, Actual: 1, Written: true, Stale: true}, err)
		require.Equal(t, 1, decisions)
		require.Equal(t, domain.Hidden(), execute(func() ([]domain.Change, error) { return nil, domain.Hidden() }))
	}
	seen = 1
	require.Equal(t, domain.Hidden(), execute(func() ([]domain.Change, error) {
		if decisions > 1 {
			return nil, domain.Hidden()
		}
		append1(t, db.store, on(team, 1, joined{3}))
		return domain.On(team, joined{2}), nil
	}))
}

// A stream that moves at every decision is given up after a few trials when
// the command writes it, and tried on when it only reads it.
func TestAMovingStream(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	article := post()
	version, decisions := 0, 0
	moving := func(stream domain.Stream, moves int) domain.CommandType {
		decisions = 0
		return command("Chase", []domain.Stream{stream, team}, func(domain.Facts) ([]domain.Change, error) {
			if decisions++; decisions <= moves {
				append1(t, db.store, on(team, version, joined{version}))
				version++
			}
			return domain.On(stream, map[bool]domain.Event{true: joined{-1}, false: posted{1}}[stream == team]), nil
		})
	}
	call := eventstore.Call{Type: moving(team, 100), Workspace: id, By: user()}
	_, err := db.public.Execute(t.Context(), call)
	require.ErrorIs(t, err, eventstore.ErrConflict)
	require.Equal(t, 5, decisions)

	call.Type = moving(article, 12)
	result, err := db.public.Execute(t.Context(), call)
	require.NoError(t, err)
	require.Equal(t, 13, decisions)
	require.Len(t, result.Events, 1)
}

func count(t *testing.T, db database, table string) (rows int) {
	t.Helper()
	require.NoError(t, db.super.QueryRow(t.Context(), "select count(*) from "+table).Scan(&rows))
	return rows
}
