package accounts

import (
	"testing"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

func TestAccountsAreThoseAdded(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, blogAdded)...)...)
	then(g, accounts,
		accountRow{Account: news, Workspace: acme, Network: "sandbox", Remote: "page-1", Name: "Acme News", AddedBy: olivia, AddedAt: at(2), Approval: workspace.AnyClient},
		accountRow{
			Account: blog, Workspace: acme, Network: "wordpress", Remote: "site-1", Name: "Blog",
			AddedBy: carl, HasIdentities: true, AddedAt: at(3), Approval: workspace.AnyClient,
		},
	)
	then(g, connections)
}

func TestAConnectionDiesAndIsMended(t *testing.T) {
	t.Parallel()
	active := connectionRow{
		Account: news, Holder: olivia, Workspace: acme, Connection: oldKey,
		State: account.Active, Identity: "Olivia", Since: at(1), Position: 1,
	}
	then(given(t, record(onNews(connected)...)...), connections, active)

	dead := active
	dead.State, dead.Since = account.NeedsReauthentication, at(2)
	dead.OutageCode, dead.OutageDetail, dead.OutageEvent, dead.OutagePosition = "expired", "The token has expired.", eventID(2), 2
	then(given(t, record(onNews(connected, died)...)...), connections, dead)

	again := connected
	again.Connection, again.Replaces = newKey, oldKey
	mended := active
	mended.Connection, mended.Since, mended.Position = newKey, at(3), 3
	then(given(t, record(onNews(connected, died, again)...)...), connections, mended)
}

func TestWhoNeverConnectedIsAskedToo(t *testing.T) {
	t.Parallel()
	then(given(t, record(onNews(connected, neverThere)...)...), connections,
		connectionRow{
			Account: news, Holder: olivia, Workspace: acme, Connection: oldKey,
			State: account.Active, Identity: "Olivia", Since: at(1), Position: 1,
		},
		connectionRow{
			Account: news, Holder: carl, Workspace: acme, State: account.Missing, Since: at(2),
			OutageCode: "no_connection", OutageDetail: "Never connected.", OutageEvent: eventID(2), OutagePosition: 2,
		},
	)
}

func TestAccountsArePausedApprovedAndRemoved(t *testing.T) {
	t.Parallel()
	blogRow := accountRow{
		Account: blog, Workspace: acme, Network: "wordpress", Remote: "site-1", Name: "Blog", AddedBy: carl, HasIdentities: true,
		AddedAt: at(3), Approval: workspace.AnyClient,
	}
	newsRow := accountRow{
		Account: news, Workspace: acme, Network: "sandbox", Remote: "page-1", Name: "Acme News", AddedBy: olivia, AddedAt: at(2),
		Paused: true, Approval: workspace.AllClients,
	}
	begun, events := []domain.Event{founded, newsAdded, blogAdded}, []domain.Event{
		workspace.PublishingPaused{Account: news}, workspace.ClientApprovalChanged{Account: news, From: workspace.AnyClient, To: workspace.AllClients},
	}
	then(given(t, record(inAcme(append(begun, events...)...)...)...), accounts, newsRow, blogRow)
	newsRow.Paused = false
	then(given(t, record(inAcme(append(append(begun, events...), workspace.PublishingResumed{Account: news})...)...)...), accounts, newsRow, blogRow)
	then(given(t, record(inAcme(append(begun, workspace.AccountRemoved{Account: news})...)...)...), accounts, blogRow)
}

// R62: a destroyed connection leaves nothing, not even what was asked.
func TestDestroyedConnections(t *testing.T) {
	t.Parallel()
	log := append(inAcme(founded, newsAdded), onNews(connected, account.ReauthenticationNeeded{Holder: connected.Holder, Connection: connected.Connection, Code: "x"},
		account.ConnectionDestroyed{Holder: connected.Holder, Connection: connected.Connection})...)
	then(given(t, record(log...)...), connections)
}
