package races

import (
	"bytes"
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/internal/masterkey"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
)

// team is a workspace on a real store: Olivia owns it, Adam is an Admin, Carl a
// Client who writes, through his own connection. All have the one account.
type team struct {
	*testing.T
	store               *eventstore.Store
	id                  domain.WorkspaceID
	account             domain.AccountID
	olivia, adam, carl  domain.UserID
	oliviasKey, carlKey domain.ConnectionID
}

func newTeam(t *testing.T) team {
	t.Helper()
	pool, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(testkit.Postgres(t).Config(), eventstore.RoleEngine))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	require.NoError(t, err)
	keys, err := personkeys.New(pool, bytes.Repeat([]byte{7}, masterkey.Size), personkeys.Options{})
	require.NoError(t, err)
	w := team{
		T: t, store: eventstore.New(pool, registry, eventstore.Options{Persons: keys}),
		id: eventstore.Fresh(), account: eventstore.Fresh(), olivia: eventstore.Fresh(), adam: eventstore.Fresh(), carl: eventstore.Fresh(),
		oliviasKey: eventstore.Fresh(), carlKey: eventstore.Fresh(),
	}
	w.must(w.olivia, &workspace.CreateWorkspace{ID: w.id, Name: "Acme"})
	w.connect(w.olivia, w.oliviasKey)
	w.join(w.adam, &invitation.InviteAdmin{
		Email: "adam@example.com", Person: w.adam, Assignments: []workspace.Assignment{{Account: w.account, CredentialMode: workspace.OwnerMode}},
	})
	w.join(w.carl, &invitation.InviteClient{
		Email: "carl@example.com", Person: w.carl, Access: workspace.ClientAccess{ManagePosts: true},
		Assignments: []workspace.Assignment{{Account: w.account, CredentialMode: workspace.MemberMode}},
	})
	w.connect(w.carl, w.carlKey)
	return w
}

func (w team) connect(who domain.UserID, connection domain.ConnectionID) {
	w.Helper()
	w.must(who, &account.ConnectAccount{Account: w.account, Verified: account.Access{
		Network: "sandbox", Remote: "page", Name: "Acme News", Connection: connection,
	}})
}

// join invites somebody, who accepts.
func (w team) join(who domain.UserID, invite any) {
	w.Helper()
	w.must(who, &invitation.AcceptInvitation{Link: w.invite(invite)})
}

// invite invites somebody, and answers the link.
func (w team) invite(invite any) invitation.Link {
	w.Helper()
	happened := w.must(w.olivia, invite)
	offer := happened[len(happened)-1].Event.(workspace.Invited).Offer()
	return invitation.Link{Invitation: offer.Invitation, Generation: offer.Generation}
}

// call is a command on its way. Nobody is somebody's id: a part of Behalf acts.
func (w team) call(who domain.UserID, command any) eventstore.Call {
	w.Helper()
	kind, known := catalog.Commands()[reflect.TypeOf(command).Elem().Name()]
	require.True(w, known)
	by := domain.Actor{User: who, Now: time.Now().UTC(), Fresh: eventstore.Fresh}
	if who.IsZero() {
		by.Part = "test"
	}
	return eventstore.Call{Type: kind, Command: command, Workspace: w.id, By: by}
}

func (w team) must(who domain.UserID, command any) []eventstore.Recorded {
	w.Helper()
	result, err := w.store.Execute(w.Context(), w.call(who, command))
	require.NoError(w, err)
	return result.Events
}

// outcome is how a command ended.
type outcome struct {
	events []eventstore.Recorded
	err    error
}

// meanwhile lets a command decide, and stores another one before it is stored
// itself. It answers how the first one ended; the second one has to succeed.
func (w team) meanwhile(who domain.UserID, first any, other domain.UserID, second any) outcome {
	w.Helper()
	call := w.call(who, first)
	decided, goOn := make(chan struct{}), make(chan struct{})
	decide := call.Type.Decide
	var once sync.Once
	var would error // what the first decision was
	var changed int
	call.Type.Decide = func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
		changes, err := decide(cmd, ws, facts, by)
		once.Do(func() {
			would, changed = err, len(changes)
			close(decided)
			<-goOn
		})
		return changes, err
	}
	ended := make(chan outcome, 1)
	go func() {
		result, err := w.store.Execute(context.WithoutCancel(w.Context()), call)
		ended <- outcome{result.Events, err}
	}()
	<-decided
	w.must(other, second)
	close(goOn)
	require.NoError(w, would, "on its own, it would have happened")
	require.NotZero(w, changed)
	return <-ended
}

// refused asserts the rule that explains the outcome.
func (w team) refused(o outcome, rule domain.Rule, code string) {
	w.Helper()
	require.ErrorIs(w, o.err, rule)
	require.ErrorIs(w, o.err, &domain.Refusal{Code: code})
	require.Empty(w, o.events)
}

// now is the workspace as the log has it.
func (w team) now() workspace.Workspace {
	w.Helper()
	loaded, err := w.store.Load(w.Context(), eventstore.Scope{Workspace: w.id}, workspace.Stream(w.id))
	require.NoError(w, err)
	return *domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(w.id))
}
