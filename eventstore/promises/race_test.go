package promises

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
)

// Eight pairs of writers share one team. In each, one posts as a member for as
// long as that is allowed, and the other one removes the member meanwhile. A
// post only reads the team's stream. Not one post may stand behind the removal
// that should have stopped it.
func TestNoPostStandsBehindTheRemovalOfItsMember(t *testing.T) {
	t.Parallel()
	const pairs, rounds = 8, 12
	db := open(t)
	id, team := workspace()
	var members []domain.Event
	for member := range pairs * rounds {
		members = append(members, joined{member})
	}
	append1(t, db.store, on(team, 0, members...))

	var writers errgroup.Group
	for pair := range pairs {
		hasPosted := make(chan struct{}, 1)
		writers.Go(func() error {
			defer close(hasPosted) // whoever waits goes on, should this writer fail
			for round := range rounds {
				if err := postUntilRefused(t, db, id, team, pair*rounds+round, hasPosted); err != nil {
					return err
				}
			}
			return nil
		})
		writers.Go(func() error {
			for round := range rounds {
				<-hasPosted
				if err := remove(t, db, id, team, pair*rounds+round); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, writers.Wait())

	removals := map[int]int64{}
	for _, event := range history(t, db.store, eventstore.Scope{}, team) {
		if gone, ok := event.Event.(removed); ok {
			removals[gone.Member] = event.Position
		}
	}
	require.Len(t, removals, pairs*rounds)
	rows, err := db.super.Query(t.Context(), `
select
	position,
	(log.readable(data) ->> 'Member')::int
from log.events
where type = 'post.posted.v1'`)
	require.NoError(t, err)
	defer rows.Close()
	posts := 0
	for rows.Next() {
		var position int64
		var member int
		require.NoError(t, rows.Scan(&position, &member))
		require.Less(t, position, removals[member], "member %d posted behind their removal", member)
		posts++
	}
	require.NoError(t, rows.Err())
	require.GreaterOrEqual(t, posts, pairs*rounds)
}

// postUntilRefused posts as a member, each post a new stream, and tells when the first one stands.
func postUntilRefused(t *testing.T, db database, id domain.WorkspaceID, team domain.Stream, member int, hasPosted chan<- struct{}) error {
	for posts := 0; ; posts++ {
		article := post()
		_, err := db.public.Execute(t.Context(), eventstore.Call{
			Type: command("Post", []domain.Stream{article, team}, func(facts domain.Facts) ([]domain.Change, error) {
				if !domain.Fact[*folded](facts, team).has(member) {
					return nil, domain.Forbid(domain.R64, "not_a_member", "You are not a member.")
				}
				return domain.On(article, posted{member}), nil
			}),
			Workspace: id, By: user(),
		})
		if errors.Is(err, domain.R64) {
			return nil
		}
		if err != nil {
			return err
		}
		if posts == 0 {
			hasPosted <- struct{}{}
		}
	}
}

// remove removes a member, whatever else happens to the team.
func remove(t *testing.T, db database, id domain.WorkspaceID, team domain.Stream, member int) error {
	for {
		_, err := db.public.Execute(t.Context(), eventstore.Call{
			Type: command("Remove", []domain.Stream{team}, func(domain.Facts) ([]domain.Change, error) {
				return domain.On(team, removed{member}), nil
			}),
			Workspace: id, By: user(),
		})
		if !errors.Is(err, eventstore.ErrConflict) {
			return err
		}
	}
}
