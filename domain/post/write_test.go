package post

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

func TestWhoMayWrite(t *testing.T) {
	t.Parallel()
	publish := PublishPost{Post: thePost, Content: toNews()}
	for _, role := range []workspace.Role{workspace.Admin, workspace.Editor} {
		joined := acme.Joined(scenario.Carl, role, acme.ReadOnly, acme.Gives(scenario.News, workspace.OwnerMode))
		given(t, acme.Founded(), joined).When(client, publish).Then(newsWritten(client), scheduledAt(now))
	}
	for _, access := range []workspace.ClientAccess{acme.ReadOnly, acme.Adds} {
		joined := acme.Joined(scenario.Carl, workspace.Client, access, acme.Gives(scenario.News, workspace.NoMode))
		given(t, acme.Founded(), joined).When(client, publish).Refused(domain.R17, "posting_not_granted")
	}
	given(t, acme.Founded()).When(stranger, publish).Refused(domain.R32, "not_found")
	given(t, acme.Founded()).When(system, publish).Refused(domain.R32, "not_found")
	given(t).When(owner, publish).Refused(domain.R32, "not_found")
}

// R27: members act on assigned accounts only; what they do not have and what
// does not exist answer the same.
func TestWriteToAccountsOfOnesOwn(t *testing.T) {
	t.Parallel()
	for _, account := range []domain.AccountID{scenario.Blog, scenario.Lost, {}} {
		content := Content{Text: "Hello", Targets: []Destination{{Account: scenario.News}, {Account: account}}}
		refusal := given(t, acme.Founded(), carlJoined(workspace.OwnerMode)).
			When(client, PublishPost{Content: content}).
			Refused(domain.R27, "account_not_yours")
		require.Equal(t, "targets[1].account", refusal.Field)
	}
	given(t, acme.Founded()).
		When(owner, PublishPost{Content: Content{Text: "Hello", Targets: []Destination{{Account: scenario.Lost}}}}).
		Refused(domain.R27, "account_not_yours")
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "nul\x00", "\xff", strings.Repeat("é", 10_001)} {
		content := toNews()
		content.Text = text
		refusal := given(t, acme.Founded()).When(owner, PublishPost{Content: content}).Refused(domain.R60, "malformed_text")
		require.Equal(t, "text", refusal.Field)
	}
	content, written := toNews(), newsWritten(owner)
	content.Text = strings.Repeat("é", 9_998) + "\r\n"
	written.Text = content.Text
	given(t, acme.Founded()).When(owner, PublishPost{Content: content}).Then(written, scheduledAt(now))
}

func TestWriteTargets(t *testing.T) {
	t.Parallel()
	for _, targets := range [][]Destination{nil, {}, make([]Destination, 101)} {
		refusal := given(t, acme.Founded()).
			When(owner, PublishPost{Content: Content{Text: "Hello", Targets: targets}}).
			Refused(0, "malformed_targets")
		require.Equal(t, "targets", refusal.Field)
	}
	twice := []Destination{{Account: scenario.Blog}, {Account: scenario.News}, {Account: scenario.Blog, Identity: "author-1"}}
	refusal := given(t, acme.Founded()).
		When(owner, PublishPost{Content: Content{Text: "Hello", Targets: twice}}).
		Refused(0, "targeted_twice")
	require.Equal(t, "targets[2].account", refusal.Field)
}

func TestWriteWithIdentity(t *testing.T) {
	t.Parallel()
	asAuthor := Content{Text: "Hello", Targets: []Destination{{Account: scenario.Blog, Identity: "author-1"}}}
	written := Written{Workspace: scenario.Acme, Author: scenario.Olivia, Text: "Hello", Targets: asAuthor.Targets}
	given(t, acme.Founded()).When(owner, PublishPost{Content: asAuthor}).Then(written, scheduledAt(now))

	written.Author = scenario.Carl
	onBlog := func(mode workspace.CredentialMode) []domain.Change {
		return acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, mode))
	}
	given(t, acme.Founded(), onBlog(workspace.MemberMode)).When(client, PublishPost{Content: asAuthor}).Then(written, scheduledAt(now))

	refusal := given(t, acme.Founded(), onBlog(workspace.OwnerMode)).
		When(client, PublishPost{Content: asAuthor}).
		Refused(domain.R36, "identity_is_the_owners")
	require.Equal(t, "targets[0].identity", refusal.Field)
}

func TestWriteWithAnIdentityThatCannotBe(t *testing.T) {
	t.Parallel()
	onNewsAs := Content{Text: "Hello", Targets: []Destination{{Account: scenario.News, Identity: "author-1"}}}
	refusal := given(t, acme.Founded()).When(owner, PublishPost{Content: onNewsAs}).Refused(domain.R40, "no_identities")
	require.Equal(t, "targets[0].identity", refusal.Field)

	for _, identity := range []string{"nul\x00", "two\nlines", strings.Repeat("é", 201)} {
		malformed := Content{Text: "Hello", Targets: []Destination{{Account: scenario.Blog, Identity: identity}}}
		refusal := given(t, acme.Founded()).When(owner, PublishPost{Content: malformed}).Refused(0, "malformed_identity")
		require.Equal(t, "targets[0].identity", refusal.Field)
	}
}
