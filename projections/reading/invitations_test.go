package reading

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

func TestInvitationsExpireByTheClock(t *testing.T) {
	t.Parallel()
	reader := readerOn(t, team(inAcme(invited(second))...)...)
	end := dawn.Add(invitation.Life)
	statuses := func(now time.Time) []workspace.InvitationStatus {
		found := value[[]Invitation](t)(reader.Invitations(t.Context(), ofAcme, 0, InvitationPage{Now: now}))
		require.Len(t, found, 2)
		return []workspace.InvitationStatus{found[0].Status, found[1].Status}
	}
	require.Equal(t, []workspace.InvitationStatus{workspace.Pending, workspace.Accepted}, statuses(end.Add(-time.Second)))
	require.Equal(t, []workspace.InvitationStatus{workspace.Expired, workspace.Accepted}, statuses(end))
	require.Equal(t, Invitation{
		ID: second, Workspace: acme, WorkspaceName: "Acme", Status: workspace.Pending, Generation: 1, Role: workspace.Client, Person: carl,
		Email: sealed(carl, "carl@example.com"), AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, Assignments: offered,
		InvitedBy: olivia, InvitedByName: sealed(olivia, "Olivia"), InvitedAt: at(10), ExpiresAt: end, Position: 10,
		Delivery: MailWaits,
	}, value[Invitation](t)(reader.Invitation(t.Context(), ofAcme, 0, second, dawn)))
	_, err := reader.Invitation(t.Context(), ofAcme, 0, domain.InvitationID{1}, dawn)
	require.ErrorIs(t, err, ErrNotFound)
}

// Who invited sees what became of the mail (R20): in this workspace alone, and
// of invitations alone.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first))...)...)
	pool := g.Under(eventstore.RoleAPI)
	reader := New(pool, nil)
	delivery := func() [2]string {
		found, err := reader.Invitation(t.Context(), ofAcme, 0, first, dawn)
		require.NoError(t, err)
		return [2]string{string(found.Value.Delivery), found.Value.DeliveryCode}
	}
	do := func(statement string, parameters ...any) {
		_, err := g.Tables.Exec(t.Context(), statement, parameters...)
		require.NoError(t, err)
	}
	require.Equal(t, [2]string{"waiting", ""}, delivery())
	do(`insert into workers.mails (mail_id, kind, person, event_id, workspace_id, stream)
		select gen_random_uuid(), kind, $1, $2, $3, $4 from unnest(array['invitation', 'reminder']) as k (kind)`,
		[16]byte(carl), [16]byte(eventID(3)), [16]byte(acme), workspace.Stream(acme).String())
	require.Equal(t, [2]string{"waiting", ""}, delivery())
	do("update workers.mails set tries = 1, code = '451'")
	require.Equal(t, [2]string{"delayed", "451"}, delivery())
	do("update workers.mails set ended_at = now(), outcome = 'undeliverable', code = '550'")
	require.Equal(t, [2]string{"undeliverable", "550"}, delivery())
	do("update workers.mails set outcome = 'sent', code = null")
	require.Equal(t, [2]string{"sent", ""}, delivery())
	do("update workers.mails set outcome = 'obsolete'")
	require.Equal(t, [2]string{"", ""}, delivery())

	for scope, want := range map[eventstore.Scope]int{ofAcme: 1, {User: olivia}: 0, {}: 0, {Workspace: [16]byte{7}, User: olivia}: 0} {
		tx, err := pool.Begin(t.Context())
		require.NoError(t, err)
		hexadecimal := func(id string) string {
			if id == "" {
				return ""
			}
			return id[len(id)-32:]
		}
		_, err = tx.Exec(t.Context(), "select set_config('behalf.workspace', $1, true), set_config('behalf.user', $2, true)",
			hexadecimal(scope.Workspace.String()), hexadecimal(scope.User.String()))
		require.NoError(t, err)
		var seen int
		require.NoError(t, tx.QueryRow(t.Context(), "select count(*) from workers.mails").Scan(&seen))
		require.Equal(t, want, seen)
		_, err = tx.Exec(t.Context(), "select person from workers.mails")
		require.ErrorContains(t, err, "permission denied", "who it goes to is nobody's business")
		require.NoError(t, tx.Rollback(t.Context()))
	}
}
