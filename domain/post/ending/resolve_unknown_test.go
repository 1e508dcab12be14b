package ending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

// R59: a person says what nobody could find out.
func TestResolveUnknown(t *testing.T) {
	t.Parallel()
	unknown := append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Unknown])...)
	resolve := posts.Resolve
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, resolve).
		ThenOn(append(posts.OnPost(post.TargetScheduled{Account: scenario.News, At: posts.Now}), posts.Slots(posts.Now, scenario.News)...)...)
	resolve.Shown, resolve.URL = true, posts.Address
	confirmed := post.TargetConfirmed{Account: scenario.News, By: scenario.Olivia, URL: posts.Address}
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, resolve).ThenOn(posts.OnPost(confirmed)...)
	require.Equal(t, post.Published, posts.After(unknown, posts.OnPost(confirmed)).Targets[scenario.News].State)

	posts.Given(t, acme.Founded(), posts.Claimed()).When(posts.Owner, resolve).Refused(domain.R59, "not_unknown")
	for _, url := range []string{"", "here", "javascript:alert(1)", "https://user:word@example.com", "ftp://example.com", "https://exa mple.com"} {
		resolve.URL = url
		posts.Given(t, acme.Founded(), unknown).When(posts.Owner, resolve).Refused(domain.R59, "malformed_url")
	}
}
