package planning_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// missedPost waits for a person.
func missedPost(author domain.Actor) []domain.Change {
	return posts.OnPost(posts.WrittenBy(author), posts.ScheduledAt(posts.Now), post.TargetMissed{Account: scenario.News})
}

// R47, R56: what waits for a person goes out when one says so.
func TestPublishTargetNow(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string][]domain.Change{
		"missed":                 missedPost(posts.Client),
		"failed":                 append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Failed])...),
		"needs reauthentication": append(posts.Claimed(), posts.OnPost(posts.Ends()[post.NeedsReauthentication])...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), waits).When(posts.Client, posts.PublishNow).ThenFirst(posts.PublishesNow)
		})
	}
}

// R59: what may be live is not sent again on somebody's word.
func TestPublishTargetNowWhatDoesNotWait(t *testing.T) {
	t.Parallel()
	for state, history := range map[post.TargetState][]domain.Change{
		post.Draft:     posts.OnPost(posts.WrittenBy(posts.Client)),
		post.Due:       posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later)),
		post.Claimed:   posts.Claimed(),
		post.Published: append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Published])...),
		post.Unknown:   append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Unknown])...),
		post.Waiting: posts.OnPost(posts.WrittenBy(posts.Client), post.Scheduled{
			Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.ClientGate}},
		}),
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), history).
				When(posts.Client, posts.PublishNow).
				Refused(domain.R59, "not_waiting")
		})
	}
}

// R50, R51: a person saying "now" is no approval.
func TestPublishTargetNowWithoutApproval(t *testing.T) {
	t.Parallel()
	for rule, gates := range map[domain.Rule][]post.Gate{
		domain.R50: {post.TeamGate, post.ClientGate},
		domain.R51: {post.ClientGate},
	} {
		unapproved := posts.OnPost(posts.WrittenBy(posts.Editor), post.Scheduled{
			Revision: 1, At: posts.Now, Gates: map[domain.AccountID][]post.Gate{scenario.News: gates},
		}, post.TargetMissed{Account: scenario.News, Code: "not_approved"})
		posts.Given(t, acme.Founded(), unapproved).When(posts.Owner, posts.PublishNow).Refused(rule, "not_approved")
	}
}

// R28-R30: whose posts a member may publish.
func TestWhoPublishesWhosePostNow(t *testing.T) {
	t.Parallel()
	onNews := acme.Gives(scenario.News, workspace.OwnerMode)
	for name, tc := range map[string]struct {
		role   workspace.Role
		access workspace.ClientAccess
		author domain.Actor
		refuse domain.Rule // zero: allowed
	}{
		"an Editor their own":                  {workspace.Editor, acme.ReadOnly, posts.Client, 0},
		"an Editor another's (R28)":            {workspace.Editor, acme.ReadOnly, posts.Owner, domain.R28},
		"an Admin another's (R29)":             {workspace.Admin, acme.ReadOnly, posts.Owner, 0},
		"a Client who writes another's (R30)":  {workspace.Client, acme.Writes, posts.Owner, 0},
		"a Client who only reads (R17)":        {workspace.Client, acme.ReadOnly, posts.Owner, domain.R17},
		"a Client who lost manage_posts (R17)": {workspace.Client, acme.Adds, posts.Client, domain.R17},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome := posts.Given(t, acme.Founded(), acme.Joined(scenario.Carl, tc.role, tc.access, onNews), missedPost(tc.author)).
				When(posts.Client, posts.PublishNow)
			switch tc.refuse {
			case 0:
				outcome.ThenFirst(posts.PublishesNow)
			case domain.R28:
				outcome.Refused(domain.R28, "not_your_post")
			default:
				outcome.Refused(tc.refuse, "posting_not_granted")
			}
		})
	}
	posts.Given(t, acme.Founded(), missedPost(posts.Editor)).When(posts.Owner, posts.PublishNow).ThenFirst(posts.PublishesNow)
}

// R32: who may not see the target learns nothing of it.
func TestPublishTargetNowUnseen(t *testing.T) {
	t.Parallel()
	onBlog := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.OwnerMode))
	posts.Given(t, acme.Founded(), onBlog, missedPost(posts.Owner)).When(posts.Client, posts.PublishNow).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), missedPost(posts.Owner)).When(posts.Stranger, posts.PublishNow).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), missedPost(posts.Owner)).When(posts.System, posts.PublishNow).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded()).When(posts.Owner, posts.PublishNow).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), missedPost(posts.Owner)).
		When(posts.Owner, planning.PublishTargetNow{Post: posts.ThePost, Account: scenario.Lost}).
		Refused(domain.R32, "not_found")

	elsewhere := posts.WrittenBy(posts.Owner)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	posts.Given(t, acme.Founded(), posts.OnPost(elsewhere, posts.ScheduledAt(posts.Now), post.TargetMissed{Account: scenario.News})).
		When(posts.Owner, posts.PublishNow).
		Refused(domain.R32, "not_found")
}
