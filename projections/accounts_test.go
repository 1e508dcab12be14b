package projections

import (
	"testing"

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
