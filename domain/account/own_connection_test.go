package account

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

var disconnect = DisconnectAccount{Account: scenario.News}

// Whoever holds a connection gives it up, and nobody else's with it.
func TestDisconnect(t *testing.T) {
	t.Parallel()
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.OwnerMode))
	both := onNews(connected(owner, olivias), connected(client, carls))
	gone := Disconnected{Holder: scenario.Carl, Connection: carls}
	given(t, acme.Founded(), joined, both).When(client, disconnect).Then(gone)
	given(t, acme.Founded(), joined, both, onNews(gone)).When(client, disconnect).Refused(domain.R44, "not_connected")
	given(t, acme.Founded(), joined, onNews(connected(owner, olivias))).When(client, disconnect).Refused(domain.R44, "not_connected")
	given(t, acme.Founded(), both).When(owner, DisconnectAccount{Account: domain.AccountID{9}}).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), both).When(stranger, disconnect).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), both).When(scenario.System(), disconnect).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), both, acme.In(workspace.Closed{})).When(owner, disconnect).Refused(domain.R13, "workspace_closed")
}

// What is stored is destroyed because of it, and the event tells why.
func TestDestroyWhatWasDisconnected(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), onNews(connected(owner, olivias), Disconnected{Holder: scenario.Olivia, Connection: olivias})).
		When(scenario.System(), DestroyConnection{Account: scenario.News, Holder: scenario.Olivia, Connection: olivias}).
		Then(ConnectionDestroyed{Holder: scenario.Olivia, Connection: olivias, Disconnected: true})
}

// A connection that is made after disconnecting takes the place of none: there
// is nothing that it could take over (R46).
func TestConnectAfterDisconnecting(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), onNews(connected(owner, olivias), Disconnected{Holder: scenario.Olivia, Connection: olivias})).
		When(owner, reconnect(renewed)).
		Then(connected(owner, renewed))
}

func TestDisconnectedIsRevokedUntilItIsDestroyed(t *testing.T) {
	t.Parallel()
	var a Account
	for _, event := range []domain.Event{
		connected(owner, olivias), ReauthenticationNeeded{Holder: scenario.Olivia, Connection: olivias, Code: "expired"},
		Disconnected{Holder: scenario.Olivia, Connection: olivias},
	} {
		a.Evolve(event)
	}
	require.Equal(t, Revoked, a.ConnectionOf(scenario.Olivia).State)
	require.Empty(t, a.Outages, "who gives a connection up is not asked to mend it")

	a.Evolve(ReauthenticationNeeded{Holder: scenario.Olivia, Connection: olivias, Code: "no_connection"})
	require.Equal(t, Revoked, a.ConnectionOf(scenario.Olivia).State)
	a.Evolve(ConnectionDestroyed{Holder: scenario.Olivia, Connection: olivias, Disconnected: true})
	require.Equal(t, Missing, a.ConnectionOf(scenario.Olivia).State)
	require.Contains(t, a.Outages, scenario.Olivia, "what is missing now was asked for since")
}

func as(identity string) ChangePostingIdentity {
	return ChangePostingIdentity{Account: scenario.Blog, Identity: identity, Offered: []string{"author-1", "author-2"}}
}

// R36: the Owner chooses; R39: so does a member in mode member, on their own.
func TestChangePostingIdentity(t *testing.T) {
	t.Parallel()
	mine := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.MemberMode))
	both := onBlog(blogConnected(owner, "author-1", olivias), blogConnected(client, "", carls))
	given(t, acme.Founded(), mine, both).When(owner, as("author-2")).
		Then(PostingIdentityChanged{Holder: scenario.Olivia, Connection: olivias, From: "author-1", To: "author-2"})
	given(t, acme.Founded(), mine, both).When(client, as("author-2")).
		Then(PostingIdentityChanged{Holder: scenario.Carl, Connection: carls, To: "author-2"})
	given(t, acme.Founded(), mine, both).When(owner, as("")).
		Then(PostingIdentityChanged{Holder: scenario.Olivia, Connection: olivias, From: "author-1"})
	given(t, acme.Founded(), mine, both).When(owner, as("author-1")).Nothing()

	var a Account
	for _, event := range []domain.Event{blogConnected(owner, "author-1", olivias), PostingIdentityChanged{Holder: scenario.Olivia, To: "author-2"}} {
		a.Evolve(event)
	}
	require.Equal(t, "author-2", a.ConnectionOf(scenario.Olivia).Identity)
}

func TestChangePostingIdentityRefused(t *testing.T) {
	t.Parallel()
	through := func(mode workspace.CredentialMode) []domain.Change {
		return acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, mode))
	}
	olivia, carl := onBlog(blogConnected(owner, "", olivias)), onBlog(blogConnected(client, "", carls))
	given(t, acme.Founded(), through(workspace.OwnerMode), olivia, carl).When(client, as("author-1")).Refused(domain.R36, "identity_is_the_owners")
	given(t, acme.Founded(), through(workspace.MemberMode), olivia).When(client, as("author-1")).Refused(domain.R44, "not_connected")
	given(t, acme.Founded(), olivia).When(owner, as("author-9")).Refused(domain.R40, "unknown_identity")
	given(t, acme.Founded(), olivia).When(owner, as("two\nlines")).Refused(0, "malformed_identity")
	given(t, acme.Founded(), acme.Joined(scenario.Carl, workspace.Editor, acme.ReadOnly), olivia).When(client, as("author-1")).Refused(domain.R27, "not_assigned")
	given(t, acme.Founded(), olivia).When(stranger, as("author-1")).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), onNews(connected(owner, olivias))).
		When(owner, ChangePostingIdentity{Account: scenario.News, Identity: "author-1", Offered: []string{"author-1"}}).
		Refused(domain.R40, "no_identities")
}

func remind(holder domain.UserID, days int) RemindHolder {
	return RemindHolder{Account: scenario.News, Holder: holder, Days: days}
}

// Whoever was asked is reminded, of each number of days once, until it is mended.
func TestRemindHolder(t *testing.T) {
	t.Parallel()
	out := onNews(connected(owner, olivias), needed(scenario.Olivia, olivias))
	reminded := HolderReminded{Holder: scenario.Olivia, Connection: olivias, Days: 1}
	given(t, acme.Founded(), out).When(scenario.System(), remind(scenario.Olivia, 1)).Then(reminded)
	given(t, acme.Founded(), out, onNews(reminded)).When(scenario.System(), remind(scenario.Olivia, 1)).Nothing()
	given(t, acme.Founded(), out, onNews(reminded)).When(scenario.System(), remind(scenario.Olivia, 3)).
		Then(HolderReminded{Holder: scenario.Olivia, Connection: olivias, Days: 3})
	given(t, acme.Founded(), out, onNews(connected(owner, renewed))).When(scenario.System(), remind(scenario.Olivia, 1)).Nothing()
	given(t, acme.Founded(), out, onNews(reminded, connected(owner, renewed), needed(scenario.Olivia, renewed))).
		When(scenario.System(), remind(scenario.Olivia, 1)).
		Then(HolderReminded{Holder: scenario.Olivia, Connection: renewed, Days: 1})
	given(t, acme.Founded(), out).When(owner, remind(scenario.Olivia, 1)).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), out, acme.In(workspace.Closed{})).When(scenario.System(), remind(scenario.Olivia, 1)).Nothing()
}

// A member whose posts go out through the Owner's connection by now has nothing
// to mend (R35).
func TestRemindWhomItConcerns(t *testing.T) {
	t.Parallel()
	out := onNews(connected(owner, olivias), needed(scenario.Carl, domain.ConnectionID{}))
	mine := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.MemberMode))
	given(t, acme.Founded(), mine, out).When(scenario.System(), remind(scenario.Carl, 1)).Then(HolderReminded{Holder: scenario.Carl, Days: 1})
	given(t, acme.Founded(), mine, out, acme.In(workspace.CredentialModeChanged{Member: scenario.Carl, Account: scenario.News, To: workspace.OwnerMode})).
		When(scenario.System(), remind(scenario.Carl, 1)).Nothing()
	given(t, acme.Founded(), out).When(scenario.System(), remind(scenario.Carl, 1)).Nothing()
}
