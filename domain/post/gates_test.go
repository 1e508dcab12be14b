package post_test

import (
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

// approver is a Client who approves posts on News.
var approver = acme.Joined(scenario.Mallory, workspace.Client, acme.ReadOnly,
	workspace.Assignment{Account: scenario.News, ApprovesPosts: true})

func TestGates(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		role      workspace.Role
		level     workspace.PostingLevel
		approvers []domain.Change
		want      []post.Gate
	}{
		"an Admin, nobody approves":                        {workspace.Admin, workspace.Full, nil, nil},
		"an Editor with full level":                        {workspace.Editor, workspace.Full, nil, nil},
		"an Editor without a level":                        {workspace.Editor, "", nil, nil},
		"an Editor who needs approval (R50)":               {workspace.Editor, workspace.ApprovalRequired, nil, []post.Gate{post.TeamGate}},
		"an Admin, a Client approves (R51)":                {workspace.Admin, workspace.Full, approver, []post.Gate{post.ClientGate}},
		"an Editor, a Client approves (R51)":               {workspace.Editor, workspace.Full, approver, []post.Gate{post.ClientGate}},
		"both gates (R52)":                                 {workspace.Editor, workspace.ApprovalRequired, approver, []post.Gate{post.TeamGate, post.ClientGate}},
		"a Client's post passes another Client's (R51)":    {workspace.Client, workspace.Full, approver, nil},
		"a level that only Editors have counts for nobody": {workspace.Admin, workspace.ApprovalRequired, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			joined := acme.Joined(scenario.Carl, tc.role, acme.Writes, workspace.Assignment{
				Account: scenario.News, PostingLevel: tc.level, CredentialMode: workspace.OwnerMode,
			})
			scheduled := posts.ScheduledAt(posts.Later)
			if tc.want != nil {
				scheduled.Gates = map[domain.AccountID][]post.Gate{scenario.News: tc.want}
				scheduled.Asked = whoApproves(tc.want)
			}
			posts.Given(t, acme.Founded(), joined, tc.approvers).
				When(posts.Client, planning.SchedulePost{Content: posts.ToNews(), At: posts.Later}).
				ThenFirst(posts.NewsWritten(posts.Client), scheduled)

			publish := posts.Given(t, acme.Founded(), joined, tc.approvers).When(posts.Client, planning.PublishPost{Content: posts.ToNews()})
			if tc.want == nil {
				publish.ThenFirst(posts.NewsWritten(posts.Client), posts.ScheduledAt(posts.Now))
			} else {
				publish.Refused(tc.want[0].Rule(), "approval_needed")
			}
		})
	}
}

// R51: the Owner's posts need the Client too; R58: on that account alone.
func TestGatesOfOneTarget(t *testing.T) {
	t.Parallel()
	scheduled := posts.ScheduledAt(posts.Later)
	scheduled.Gates = map[domain.AccountID][]post.Gate{scenario.News: {post.ClientGate}}
	scheduled.Asked = whoApproves(scheduled.Gates[scenario.News])
	content := post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News}, {Account: scenario.Blog}}}
	posts.Given(t, acme.Founded(), approver).
		When(posts.Owner, planning.SchedulePost{Content: content, At: posts.Later}).
		ThenFirst(posts.WrittenBy(posts.Owner), scheduled)

	var p post.Post
	p.Evolve(posts.WrittenBy(posts.Owner))
	p.Evolve(scheduled)
	require.Equal(t, post.Waiting, p.Targets[scenario.News].State)
	require.Equal(t, post.Due, p.Targets[scenario.Blog].State)
}

// whoApproves are the Owner for the team, and the approver for the Clients.
func whoApproves(gates []post.Gate) (asked []domain.UserID) {
	for _, gate := range gates {
		asked = append(asked, map[post.Gate]domain.UserID{post.TeamGate: scenario.Olivia, post.ClientGate: scenario.Mallory}[gate])
	}
	return asked
}
