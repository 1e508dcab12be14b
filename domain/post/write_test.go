package post_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestWhoMayWrite(t *testing.T) {
	t.Parallel()
	publish := planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}
	for _, role := range []workspace.Role{workspace.Admin, workspace.Editor} {
		joined := acme.Joined(scenario.Carl, role, acme.ReadOnly, acme.Gives(scenario.News, workspace.OwnerMode))
		posts.Given(t, acme.Founded(), joined).When(posts.Client, publish).ThenFirst(posts.NewsWritten(posts.Client), posts.ScheduledAt(posts.Now))
	}
	for _, access := range []workspace.ClientAccess{acme.ReadOnly, acme.Adds} {
		joined := acme.Joined(scenario.Carl, workspace.Client, access, acme.Gives(scenario.News, workspace.NoMode))
		posts.Given(t, acme.Founded(), joined).When(posts.Client, publish).Refused(domain.R17, "posting_not_granted")
	}
	posts.Given(t, acme.Founded()).When(posts.Stranger, publish).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded()).When(posts.System, publish).Refused(domain.R32, "not_found")
	posts.Given(t).When(posts.Owner, publish).Refused(domain.R32, "not_found")
}

// R27: members act on assigned accounts only; what they do not have and what
// does not exist answer the same.
func TestWriteToAccountsOfOnesOwn(t *testing.T) {
	t.Parallel()
	for _, account := range []domain.AccountID{scenario.Blog, scenario.Lost, {}} {
		content := post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News}, {Account: account}}}
		refusal := posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode)).
			When(posts.Client, planning.PublishPost{Content: content}).
			Refused(domain.R27, "account_not_yours")
		require.Equal(t, "targets[1].account", refusal.Field)
	}
	posts.Given(t, acme.Founded()).
		When(posts.Owner, planning.PublishPost{Content: post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.Lost}}}}).
		Refused(domain.R27, "account_not_yours")
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "nul\x00", "\xff", strings.Repeat("é", 10_001)} {
		content := posts.ToNews()
		content.Text = text
		refusal := posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Content: content}).Refused(domain.R60, "malformed_text")
		require.Equal(t, "text", refusal.Field)
	}
	content := posts.ToNews()
	content.Text = strings.Repeat("é", 9_998) + "\r\n"
	posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Content: content}).ThenFirst(posts.Wrote(posts.Owner, content), posts.ScheduledAt(posts.Now))
}

func TestWriteTargets(t *testing.T) {
	t.Parallel()
	for _, targets := range [][]post.Destination{nil, {}, make([]post.Destination, 101)} {
		refusal := posts.Given(t, acme.Founded()).
			When(posts.Owner, planning.PublishPost{Content: post.Content{Text: "Hello", Targets: targets}}).
			Refused(domain.R60, "malformed_targets")
		require.Equal(t, "targets", refusal.Field)
	}
	twice := []post.Destination{{Account: scenario.Blog}, {Account: scenario.News}, {Account: scenario.Blog, Identity: "author-1"}}
	refusal := posts.Given(t, acme.Founded()).
		When(posts.Owner, planning.PublishPost{Content: post.Content{Text: "Hello", Targets: twice}}).
		Refused(domain.R60, "targeted_twice")
	require.Equal(t, "targets[2].account", refusal.Field)
}

func TestWriteWithIdentity(t *testing.T) {
	t.Parallel()
	asAuthor := post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.Blog, Identity: "author-1"}}}
	posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Content: asAuthor}).ThenFirst(posts.Wrote(posts.Owner, asAuthor), posts.ScheduledAt(posts.Now))

	onBlog := func(mode workspace.CredentialMode) []domain.Change {
		return acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, mode))
	}
	posts.Given(t, acme.Founded(), onBlog(workspace.MemberMode)).When(posts.Client, planning.PublishPost{Content: asAuthor}).ThenFirst(posts.Wrote(posts.Client, asAuthor), posts.ScheduledAt(posts.Now))

	refusal := posts.Given(t, acme.Founded(), onBlog(workspace.OwnerMode)).
		When(posts.Client, planning.PublishPost{Content: asAuthor}).
		Refused(domain.R36, "identity_is_the_owners")
	require.Equal(t, "targets[0].identity", refusal.Field)
}

func TestWriteWithAnIdentityThatCannotBe(t *testing.T) {
	t.Parallel()
	onNewsAs := post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News, Identity: "author-1"}}}
	refusal := posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Content: onNewsAs}).Refused(domain.R40, "no_identities")
	require.Equal(t, "targets[0].identity", refusal.Field)

	for _, identity := range []string{"nul\x00", "two\nlines", strings.Repeat("é", 201)} {
		malformed := post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.Blog, Identity: identity}}}
		refusal := posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Content: malformed}).Refused(domain.R40, "malformed_identity")
		require.Equal(t, "targets[0].identity", refusal.Field)
	}
}
