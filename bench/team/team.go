// Package team writes the histories of workspaces straight to the log.
package team

import (
	"context"
	"fmt"
	"strings"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// payload is the size of an event's data in bytes.
const payload = 600

// Text makes an event's data exactly payload bytes long.
var Text = strings.Repeat("x", payload-len(`{"text":""}`))

// Metadata is what commands record.
var Metadata = eventstore.Metadata{
	Actor: domain.UserID(eventstore.Fresh()), Command: "WritePost", CommandID: eventstore.Fresh(),
}

// Team is a workspace in which one writer does what changes all three views.
type Team struct {
	Workspace domain.WorkspaceID
	Owner     domain.UserID
	Account   domain.AccountID
	version   int // of the workspace's stream
	turn      int
	mode      workspace.CredentialMode
}

// Found makes a workspace with an account and a member for each of so many teams.
func Found(ctx context.Context, store *eventstore.Store, number int) ([]*Team, error) {
	teams := make([]*Team, number)
	for i := range teams {
		t := &Team{Workspace: eventstore.Fresh(), Owner: eventstore.Fresh(), Account: eventstore.Fresh(), mode: workspace.OwnerMode}
		teams[i] = t
		_, err := t.Write(ctx, store, workspace.Stream(t.Workspace), 0,
			workspace.Created{Name: fmt.Sprint("Team ", i), Owner: t.Owner},
			workspace.AccountAdded{Account: t.Account, Network: "sandbox", Remote: fmt.Sprint(i), Name: "Page", AddedBy: t.Owner},
			workspace.AccountAssigned{Member: t.Owner, Assignment: workspace.Assignment{Account: t.Account, CredentialMode: t.mode}},
		)
		if err != nil {
			return nil, err
		}
		t.version = 3
	}
	return teams, nil
}

// Append writes a post eight times out of ten, changes a mode and connects an account once each.
func (t *Team) Append(ctx context.Context, store *eventstore.Store) (int64, error) {
	t.turn++
	switch t.turn % 10 {
	case 0:
		change := workspace.CredentialModeChanged{Member: t.Owner, Account: t.Account, From: t.mode, To: workspace.MemberMode}
		if t.mode == workspace.MemberMode {
			change.To = workspace.OwnerMode
		}
		t.mode = change.To
		t.version++
		return t.Write(ctx, store, workspace.Stream(t.Workspace), t.version-1, change)
	case 5:
		id := domain.AccountID(eventstore.Fresh())
		return t.Write(ctx, store, account.Stream(id), 0, account.Connected{
			Workspace: t.Workspace, Network: "sandbox", Remote: id.String(), Connection: eventstore.Fresh(), Holder: t.Owner,
		})
	default:
		return t.Write(ctx, store, post.Stream(domain.PostID(eventstore.Fresh())), 0, post.WrittenPlain{
			Workspace: t.Workspace, Author: t.Owner, Text: Text, Targets: []post.Place{{Account: t.Account}},
		})
	}
}

// Write appends events and answers the position of the last one.
func (t *Team) Write(ctx context.Context, store *eventstore.Store, stream domain.Stream, version int, events ...domain.Event) (int64, error) {
	outcomes, err := store.Append(ctx, eventstore.Request{
		Workspace: t.Workspace, Expected: map[domain.Stream]int{stream: version},
		Changes: domain.On(stream, events...), Metadata: Metadata,
	})
	if err == nil {
		err = outcomes[0].Err
	}
	if err != nil {
		return 0, err
	}
	return outcomes[0].Events[len(events)-1].Position, nil
}
