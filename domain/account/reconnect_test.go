package account

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

func reconnect(connection domain.ConnectionID) ConnectAccount {
	return ConnectAccount{Account: scenario.News, Verified: toNews(connection)}
}

func TestOwnerConnects(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded()).When(owner, reconnect(olivias)).Then(connected(owner, olivias))
}

// R38: in mode member the member connects, and reauthenticates, alone.
func TestMemberConnects(t *testing.T) {
	t.Parallel()
	for _, member := range []struct {
		by     domain.Actor
		role   workspace.Role
		access workspace.ClientAccess
	}{{admin, workspace.Admin, acme.ReadOnly}, {editor, workspace.Editor, acme.ReadOnly}, {client, workspace.Client, acme.Writes}} {
		joined := acme.Joined(member.by.User, member.role, member.access, acme.Gives(scenario.News, workspace.MemberMode))
		given(t, acme.Founded(), joined).When(member.by, reconnect(carls)).Then(connected(member.by, carls))
	}
}

func TestReauthenticationReplacesOwnConnectionOnly(t *testing.T) {
	t.Parallel()
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.MemberMode))
	again := connected(client, renewed)
	again.Replaces = carls
	given(t, acme.Founded(), joined, onNews(connected(owner, olivias), connected(client, carls))).
		When(client, reconnect(renewed)).
		Then(again)
}

// R35: in mode owner only the Owner reauthenticates.
func TestMemberInModeOwnerConnectsNothing(t *testing.T) {
	t.Parallel()
	for _, role := range []workspace.Role{workspace.Admin, workspace.Editor, workspace.Client} {
		joined := acme.Joined(scenario.Carl, role, acme.Writes, acme.Gives(scenario.News, workspace.OwnerMode))
		given(t, acme.Founded(), joined).When(client, reconnect(carls)).Refused(domain.R35, "owner_reauthenticates")
	}
	reader := acme.Joined(scenario.Carl, workspace.Client, acme.Adds, acme.Gives(scenario.News, workspace.NoMode))
	given(t, acme.Founded(), reader).When(client, reconnect(carls)).Refused(domain.R35, "owner_reauthenticates")
}

func TestConnectWhatIsNotAssigned(t *testing.T) {
	t.Parallel()
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.MemberMode))
	given(t, acme.Founded(), joined).When(client, reconnect(carls)).Refused(domain.R27, "not_assigned")
}

// R67: whoever added an account may always reauthenticate their connection to it.
func TestWhoAddedReconnectsAlways(t *testing.T) {
	t.Parallel()
	added := acme.In(
		workspace.Created{Name: "Acme", Owner: scenario.Olivia},
		workspace.AccountAdded{Account: scenario.News, Network: "sandbox", Remote: "page-news", AddedBy: scenario.Carl},
	)
	for name, joined := range map[string][]domain.Change{
		"in mode owner":    acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.OwnerMode)),
		"without any mode": acme.Joined(scenario.Carl, workspace.Client, acme.Adds, acme.Gives(scenario.News, workspace.NoMode)),
		"not assigned":     acme.Joined(scenario.Carl, workspace.Editor, acme.ReadOnly),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given(t, added, joined).When(client, reconnect(carls)).Then(connected(client, carls))
		})
	}
}

// R46: an account stays the remote account that it is.
func TestReconnectAnotherRemoteAccount(t *testing.T) {
	t.Parallel()
	for _, access := range []Access{
		{Network: "sandbox", Remote: "page-other", Connection: renewed},
		{Network: "wordpress", Remote: "page-news", Connection: renewed},
	} {
		given(t, acme.Founded(), onNews(connected(owner, olivias))).
			When(owner, ConnectAccount{Account: scenario.News, Verified: access}).
			Refused(domain.R46, "other_remote_account")
	}
}

// R37: nothing is connected that the network did not confirm, whoever asks.
func TestConnectWithoutAccess(t *testing.T) {
	t.Parallel()
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.MemberMode))
	for _, by := range []domain.Actor{owner, client} {
		given(t, acme.Founded(), joined).
			When(by, ConnectAccount{Account: scenario.News}).
			Refused(domain.R37, "access_not_confirmed")
	}
}

func TestConnectIsForMembers(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded()).When(stranger, reconnect(carls)).Refused(domain.R32, "not_found")
	given(t, acme.Founded()).When(scenario.System(), reconnect(carls)).Refused(domain.R32, "not_found")
	given(t).When(owner, reconnect(olivias)).Refused(domain.R32, "not_found")
}

func TestConnectingEndsTheOutageOfItsHolder(t *testing.T) {
	t.Parallel()
	var a Account
	for _, event := range []domain.Event{
		connected(owner, olivias), connected(client, carls),
		ReauthenticationNeeded{Holder: scenario.Olivia, Connection: olivias, Code: "expired"},
		ReauthenticationNeeded{Holder: scenario.Carl, Connection: carls, Code: "expired"},
	} {
		a.Evolve(event)
	}
	require.Equal(t, NeedsReauthentication, a.ConnectionOf(scenario.Carl).State)

	a.Evolve(connected(client, renewed))
	require.Equal(t, Connection{ID: renewed, Holder: scenario.Carl, State: Active}, a.ConnectionOf(scenario.Carl))
	require.Equal(t, NeedsReauthentication, a.ConnectionOf(scenario.Olivia).State)
	require.Equal(t, map[domain.UserID]Outage{scenario.Olivia: {Code: "expired"}}, a.Outages)
}
