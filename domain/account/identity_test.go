package account

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

func blogAs(identity string, connection domain.ConnectionID) ConnectAccount {
	return ConnectAccount{Account: scenario.Blog, Identity: identity, Verified: toBlog(connection)}
}

func blogConnected(by domain.Actor, identity string, connection domain.ConnectionID) Connected {
	return Connected{
		Workspace: scenario.Acme, Network: "wordpress", Remote: "blog", Connection: connection, Holder: by.User, Identity: identity,
	}
}

// R36: the Owner chooses who posts appear as; R39: so does a member in mode member.
func TestConnectWithIdentity(t *testing.T) {
	t.Parallel()
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.MemberMode))
	given(t, acme.Founded(), joined).When(owner, blogAs("author-1", olivias)).Then(blogConnected(owner, "author-1", olivias))
	given(t, acme.Founded(), joined).When(client, blogAs("author-2", carls)).Then(blogConnected(client, "author-2", carls))
	given(t, acme.Founded()).
		When(owner, blogAs(strings.Repeat("é", 200), olivias)).
		Then(blogConnected(owner, strings.Repeat("é", 200), olivias))
}

// Reauthenticating mends the connection and changes nothing else about it.
func TestReauthenticationKeepsTheIdentity(t *testing.T) {
	t.Parallel()
	again := blogConnected(owner, "author-1", renewed)
	again.Replaces = olivias
	given(t, acme.Founded(), onBlog(blogConnected(owner, "author-1", olivias))).
		When(owner, blogAs("", renewed)).
		Then(again)

	again.Identity = "author-2"
	given(t, acme.Founded(), onBlog(blogConnected(owner, "author-1", olivias))).
		When(owner, blogAs("author-2", renewed)).
		Then(again)
}

func TestIdentityOfOneHolderIsNotAnothers(t *testing.T) {
	t.Parallel()
	joined := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.MemberMode))
	given(t, acme.Founded(), joined, onBlog(blogConnected(owner, "author-1", olivias))).
		When(client, blogAs("", carls)).
		Then(blogConnected(client, "", carls))
}

// R40: only some networks know a posting identity.
func TestIdentityWhereThereIsNone(t *testing.T) {
	t.Parallel()
	refusal := given(t, acme.Founded()).
		When(owner, ConnectAccount{Account: scenario.News, Identity: "author-1", Verified: toNews(olivias)}).
		Refused(domain.R40, "no_identities")
	require.Equal(t, "identity", refusal.Field)
}

// R36: who does not post through their own connection chooses no identity,
// even where R67 lets them reauthenticate it.
func TestIdentityOfWhoAddedButDoesNotPost(t *testing.T) {
	t.Parallel()
	founded := acme.In(workspace.Created{Name: "Acme", Owner: scenario.Olivia})
	blogAdded := acme.In(workspace.AccountAdded{
		Account: scenario.Blog, Network: "wordpress", Remote: "blog", AddedBy: scenario.Carl, HasIdentities: true,
	})
	writes := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.OwnerMode))
	given(t, founded, blogAdded, writes).When(client, blogAs("author-2", carls)).Refused(domain.R36, "identity_is_the_owners")
	given(t, founded, blogAdded, writes).When(client, blogAs("", carls)).Then(blogConnected(client, "", carls))

	adds := acme.Joined(scenario.Carl, workspace.Client, acme.Adds)
	given(t, founded, adds).When(client, blogAs("author-2", carls)).Refused(domain.R36, "identity_is_the_owners")
}

func TestIdentityOfWhoAddsAndPosts(t *testing.T) {
	t.Parallel()
	founded := acme.In(workspace.Created{Name: "Acme", Owner: scenario.Olivia})
	given(t, founded, acme.Joined(scenario.Adam, workspace.Admin, acme.Adds)).
		When(admin, blogAs("author-2", carls)).
		ThenOn(append(acme.In(
			workspace.AccountAdded{
				Account: scenario.Blog, Network: "wordpress", Remote: "blog", Name: "Acme Blog", AddedBy: scenario.Adam, HasIdentities: true,
			},
			workspace.AccountAssigned{Member: scenario.Adam, Assignment: acme.Gives(scenario.Blog, workspace.MemberMode)},
		), onBlog(blogConnected(admin, "author-2", carls))...)...)
}

func TestMalformedIdentity(t *testing.T) {
	t.Parallel()
	for _, identity := range []string{"author\x00", "two\nlines", "\xff", strings.Repeat("é", 201)} {
		refusal := given(t, acme.Founded()).When(owner, blogAs(identity, olivias)).Refused(0, "malformed_identity")
		require.Equal(t, "identity", refusal.Field)
	}
}
