package post

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

var (
	publishNow   = PublishTargetNow{Post: thePost, Account: scenario.News}
	publishesNow = TargetScheduled{Account: scenario.News, At: now}
)

// missedPost waits for a person.
func missedPost(author domain.Actor) []domain.Change {
	return onPost(writtenBy(author), scheduledAt(now), TargetMissed{Account: scenario.News})
}

// R47, R56: what waits for a person goes out when one says so.
func TestPublishTargetNow(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string][]domain.Change{
		"missed":                 missedPost(client),
		"failed":                 append(claimed(), onPost(ends()[Failed])...),
		"needs reauthentication": append(claimed(), onPost(ends()[NeedsReauthentication])...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given(t, acme.Founded(), carlJoined(workspace.OwnerMode), waits).When(client, publishNow).Then(publishesNow)
		})
	}
}

// R59: what may be live is not sent again on somebody's word.
func TestPublishTargetNowWhatDoesNotWait(t *testing.T) {
	t.Parallel()
	for state, history := range map[TargetState][]domain.Change{
		Draft:     onPost(writtenBy(client)),
		Due:       onPost(writtenBy(client), scheduledAt(later)),
		Claimed:   claimed(),
		Published: append(claimed(), onPost(ends()[Published])...),
		Unknown:   append(claimed(), onPost(ends()[Unknown])...),
		Waiting: onPost(writtenBy(client), Scheduled{
			Revision: 1, At: later, Gates: map[domain.AccountID][]Gate{scenario.News: {ClientGate}},
		}),
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			given(t, acme.Founded(), carlJoined(workspace.OwnerMode), history).
				When(client, publishNow).
				Refused(domain.R59, "not_waiting")
		})
	}
}

// R50, R51: a person saying "now" is no approval.
func TestPublishTargetNowWithoutApproval(t *testing.T) {
	t.Parallel()
	for rule, gates := range map[domain.Rule][]Gate{
		domain.R50: {TeamGate, ClientGate},
		domain.R51: {ClientGate},
	} {
		unapproved := onPost(writtenBy(editor), Scheduled{
			Revision: 1, At: now, Gates: map[domain.AccountID][]Gate{scenario.News: gates},
		}, TargetMissed{Account: scenario.News, Code: "not_approved"})
		given(t, acme.Founded(), unapproved).When(owner, publishNow).Refused(rule, "not_approved")
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
		"an Editor their own":                  {workspace.Editor, acme.ReadOnly, client, 0},
		"an Editor another's (R28)":            {workspace.Editor, acme.ReadOnly, owner, domain.R28},
		"an Admin another's (R29)":             {workspace.Admin, acme.ReadOnly, owner, 0},
		"a Client who writes another's (R30)":  {workspace.Client, acme.Writes, owner, 0},
		"a Client who only reads (R17)":        {workspace.Client, acme.ReadOnly, owner, domain.R17},
		"a Client who lost manage_posts (R17)": {workspace.Client, acme.Adds, client, domain.R17},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome := given(t, acme.Founded(), acme.Joined(scenario.Carl, tc.role, tc.access, onNews), missedPost(tc.author)).
				When(client, publishNow)
			switch tc.refuse {
			case 0:
				outcome.Then(publishesNow)
			case domain.R28:
				outcome.Refused(domain.R28, "not_your_post")
			default:
				outcome.Refused(tc.refuse, "posting_not_granted")
			}
		})
	}
	given(t, acme.Founded(), missedPost(editor)).When(owner, publishNow).Then(publishesNow)
}

// R32: who may not see the target learns nothing of it.
func TestPublishTargetNowUnseen(t *testing.T) {
	t.Parallel()
	onBlog := acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.Blog, workspace.OwnerMode))
	given(t, acme.Founded(), onBlog, missedPost(owner)).When(client, publishNow).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), missedPost(owner)).When(stranger, publishNow).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), missedPost(owner)).When(system, publishNow).Refused(domain.R32, "not_found")
	given(t, acme.Founded()).When(owner, publishNow).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), missedPost(owner)).
		When(owner, PublishTargetNow{Post: thePost, Account: scenario.Lost}).
		Refused(domain.R32, "not_found")

	elsewhere := writtenBy(owner)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	given(t, acme.Founded(), onPost(elsewhere, scheduledAt(now), TargetMissed{Account: scenario.News})).
		When(owner, publishNow).
		Refused(domain.R32, "not_found")
}
