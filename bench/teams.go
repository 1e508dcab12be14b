package main

import (
	"context"
	"fmt"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// team is a workspace in which one writer does what changes all three views.
type team struct {
	workspace domain.WorkspaceID
	owner     domain.UserID
	account   domain.AccountID
	version   int // of the workspace's stream
	turn      int
	mode      workspace.CredentialMode
}

// foundTeams makes a workspace with an account and a member for each writer.
func foundTeams(ctx context.Context, store *eventstore.Store) ([]*team, error) {
	teams := make([]*team, writers)
	for i := range teams {
		t := &team{workspace: eventstore.Fresh(), owner: eventstore.Fresh(), account: eventstore.Fresh(), mode: workspace.OwnerMode}
		teams[i] = t
		_, err := t.write(ctx, store, workspace.Stream(t.workspace), 0,
			workspace.Created{Name: fmt.Sprint("Team ", i), Owner: t.owner},
			workspace.AccountAdded{Account: t.account, Network: "sandbox", Remote: fmt.Sprint(i), Name: "Page", AddedBy: t.owner},
			workspace.AccountAssigned{Member: t.owner, Assignment: workspace.Assignment{Account: t.account, CredentialMode: t.mode}},
		)
		if err != nil {
			return nil, err
		}
		t.version = 3
	}
	return teams, nil
}

// append writes a post eight times out of ten, changes a mode and connects an account once each.
func (t *team) append(ctx context.Context, store *eventstore.Store) (int64, error) {
	t.turn++
	switch t.turn % 10 {
	case 0:
		change := workspace.CredentialModeChanged{Member: t.owner, Account: t.account, From: t.mode, To: workspace.MemberMode}
		if t.mode == workspace.MemberMode {
			change.To = workspace.OwnerMode
		}
		t.mode = change.To
		t.version++
		return t.write(ctx, store, workspace.Stream(t.workspace), t.version-1, change)
	case 5:
		id := domain.AccountID(eventstore.Fresh())
		return t.write(ctx, store, account.Stream(id), 0, account.Connected{
			Workspace: t.workspace, Network: "sandbox", Remote: id.String(), Connection: eventstore.Fresh(), Holder: t.owner,
		})
	default:
		return t.write(ctx, store, post.Stream(domain.PostID(eventstore.Fresh())), 0, post.Written{
			Workspace: t.workspace, Author: t.owner, Text: event.Text, Targets: []post.Destination{{Account: t.account}},
		})
	}
}

// write appends events and answers the position of the last one.
func (t *team) write(ctx context.Context, store *eventstore.Store, stream domain.Stream, version int, events ...domain.Event) (int64, error) {
	outcomes, err := store.Append(ctx, eventstore.Request{
		Workspace: t.workspace, Expected: map[domain.Stream]int{stream: version},
		Changes: domain.On(stream, events...), Metadata: metadata,
	})
	if err == nil {
		err = outcomes[0].Err
	}
	if err != nil {
		return 0, err
	}
	return outcomes[0].Events[len(events)-1].Position, nil
}
