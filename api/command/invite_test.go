package command_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/api/limit"
)

// bounded is the same Behalf where so many invitations a day are sent, counted
// by a clock that stands still but for the test.
func bounded(t *testing.T, w *apitest.World, policies limit.Policies) *apitest.World {
	t.Helper()
	began := time.Now()
	still := func() time.Time { return began.Add(time.Until(w.Clock.Now()).Round(10 * time.Second)) }
	return w.Elsewhere(t, func(d *api.Deps) {
		d.Policies, d.Limits = &policies, limit.New(limit.Options{Now: still})
	})
}

// at is somebody who asks another process of the same Behalf.
func at(t *testing.T, w *apitest.World, p *apitest.Person) *apitest.Person {
	t.Helper()
	there := w.Nobody(t)
	there.ID, there.Email, there.Token = p.ID, p.Email, p.Token
	return there
}

func daily(name string, quota int) limit.Policy {
	return limit.Policy{Name: name, Quota: quota, Window: 24 * time.Hour}
}

func invite(p *apitest.Person, workspace, name string, headers ...string) apitest.Answer {
	return p.Command(workspace, "InviteEditor", map[string]any{"email": name + "@example.com"}, headers...)
}

func tooMany(t *testing.T, answer apitest.Answer, detail string, wait time.Duration) {
	t.Helper()
	refused := answer.Problem(http.StatusTooManyRequests, "rate_limited")
	require.Contains(t, refused.Detail, detail)
	require.Equal(t, strconv.Itoa(int(wait.Seconds())), answer.Header.Get("Retry-After"))
}

// Who has strangers mailed invitations is slowed down, whoever is invited, and
// whether they are sent for the first time or once more. What is refused anyway,
// and what was answered before, counts for nothing.
func TestInvitingIsBoundedBySender(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	alma := joined(t, team, "alma", "InviteAdmin", map[string]any{})
	edda := joined(t, team, "edda", "InviteEditor", map[string]any{})
	w := bounded(t, team.World, limit.Policies{InviteSender: daily("invite", 2)})
	olivia, alma, edda := at(t, w, team.Olivia), at(t, w, alma), at(t, w, edda)
	var first struct{ Invitation string }
	invite(olivia, team.Workspace, "one", "Idempotency-Key", "one").Done().Data(t, "workspace.editor_invited.v1", &first)
	resend := func() apitest.Answer {
		return olivia.Command(team.Workspace, "ResendInvitation", map[string]string{"invitation": first.Invitation})
	}
	for range 3 {
		invite(edda, team.Workspace, "two").Problem(http.StatusForbidden, "owner_only")
		invite(olivia, team.Workspace, "one", "Idempotency-Key", "one").Is(http.StatusOK)
	}
	resend().Is(http.StatusOK)
	tooMany(t, resend(), "You have sent many invitations.", 12*time.Hour)
	tooMany(t, invite(olivia, team.Workspace, "two"), "You have sent many invitations.", 12*time.Hour)
	invite(alma, team.Workspace, "two").Is(http.StatusOK)
	team.Clock.Move(12 * time.Hour)
	fresh := at(t, w, team.Olivia)
	invite(fresh, team.Workspace, "three").Is(http.StatusOK)
}

// All members of a workspace together are bounded too.
func TestInvitingIsBoundedByWorkspace(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	alma := joined(t, team, "alma", "InviteAdmin", map[string]any{})
	other := team.Olivia.CreateWorkspace("Other")
	w := bounded(t, team.World, limit.Policies{InviteWorkspace: daily("invite-workspace", 2)})
	olivia := at(t, w, team.Olivia)
	invite(olivia, team.Workspace, "one").Is(http.StatusOK)
	invite(at(t, w, alma), team.Workspace, "two").Is(http.StatusOK)
	tooMany(t, invite(olivia, team.Workspace, "three"), "This workspace has sent many invitations.", 12*time.Hour)
	invite(olivia, other, "three").Is(http.StatusOK)
}

// Nobody has an address flooded, from however many workspaces.
func TestInvitingIsBoundedByAddress(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia, mallory := w.SignUp(t, "olivia"), w.SignUp(t, "mallory")
	acme, evil := olivia.CreateWorkspace("Acme"), mallory.CreateWorkspace("Evil")
	w = bounded(t, w, limit.Policies{InviteAddress: daily("invite-address", 2)})
	olivia, mallory = at(t, w, olivia), at(t, w, mallory)
	var sent struct{ Invitation string }
	invite(olivia, acme, "carl").Done().Data(t, "workspace.editor_invited.v1", &sent)
	invite(mallory, evil, "CARL").Is(http.StatusOK)
	const many = "Many invitations were sent to this address."
	tooMany(t, invite(mallory, evil, "Carl"), many, 12*time.Hour)
	tooMany(t, olivia.Command(acme, "ResendInvitation", map[string]string{"invitation": sent.Invitation}), many, 12*time.Hour)
	invite(olivia, acme, "dora").Is(http.StatusOK)
}

// One person, from however many workspaces, does not use up what others may send
// to an address.
func TestInvitingAnAddressIsBoundedBySender(t *testing.T) {
	t.Parallel()
	standard := limit.Standard()
	require.Less(t, standard.InvitePair.Quota, standard.InviteAddress.Quota)
	w := apitest.Start(t)
	olivia, mallory := w.SignUp(t, "olivia"), w.SignUp(t, "mallory")
	acme := olivia.CreateWorkspace("Acme")
	evil := []string{mallory.CreateWorkspace("One"), mallory.CreateWorkspace("Two"), mallory.CreateWorkspace("Three")}
	w = bounded(t, w, limit.Policies{InvitePair: daily("invite-pair", 2), InviteAddress: daily("invite-address", 3)})
	olivia, mallory = at(t, w, olivia), at(t, w, mallory)
	invite(mallory, evil[0], "carl").Is(http.StatusOK)
	invite(mallory, evil[1], "carl").Is(http.StatusOK)
	for range 5 {
		tooMany(t, invite(mallory, evil[2], "carl"), "You have sent many invitations to this address.", 12*time.Hour)
	}
	invite(mallory, evil[2], "dora").Is(http.StatusOK)
	invite(olivia, acme, "carl").Is(http.StatusOK)
}

// An agency invites a hundred at once, and one person into dozens of workspaces.
func TestInvitingIsForAgencies(t *testing.T) {
	t.Parallel()
	standard, limits := limit.Standard(), limit.New(limit.Options{})
	for policy, many := range map[limit.Policy]int{standard.InviteSender: 100, standard.InviteWorkspace: 100, standard.InvitePair: 50, standard.InviteAddress: 50} {
		require.True(t, policy.Shared, policy.Name)
		require.LessOrEqual(t, policy.Quota, 1000, policy.Name)
		for range many {
			require.True(t, limits.Take(t.Context(), policy, "somebody").Allowed, policy.Name)
		}
	}
}
