package post

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
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
		want      []Gate
	}{
		"an Admin, nobody approves":                        {workspace.Admin, workspace.Full, nil, nil},
		"an Editor with full level":                        {workspace.Editor, workspace.Full, nil, nil},
		"an Editor without a level":                        {workspace.Editor, "", nil, nil},
		"an Editor who needs approval (R50)":               {workspace.Editor, workspace.ApprovalRequired, nil, []Gate{TeamGate}},
		"an Admin, a Client approves (R51)":                {workspace.Admin, workspace.Full, approver, []Gate{ClientGate}},
		"an Editor, a Client approves (R51)":               {workspace.Editor, workspace.Full, approver, []Gate{ClientGate}},
		"both gates (R52)":                                 {workspace.Editor, workspace.ApprovalRequired, approver, []Gate{TeamGate, ClientGate}},
		"a Client's post passes another Client's (R51)":    {workspace.Client, workspace.Full, approver, nil},
		"a level that only Editors have counts for nobody": {workspace.Admin, workspace.ApprovalRequired, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			joined := acme.Joined(scenario.Carl, tc.role, acme.Writes, workspace.Assignment{
				Account: scenario.News, PostingLevel: tc.level, CredentialMode: workspace.OwnerMode,
			})
			scheduled := scheduledAt(later)
			if tc.want != nil {
				scheduled.Gates = map[domain.AccountID][]Gate{scenario.News: tc.want}
			}
			given(t, acme.Founded(), joined, tc.approvers).
				When(client, SchedulePost{Content: toNews(), At: later}).
				Then(newsWritten(client), scheduled)

			publish := given(t, acme.Founded(), joined, tc.approvers).When(client, PublishPost{Content: toNews()})
			if tc.want == nil {
				publish.Then(newsWritten(client), scheduledAt(now))
			} else {
				publish.Refused(tc.want[0].rule(), "approval_needed")
			}
		})
	}
}

// R51: the Owner's posts need the Client too; R58: on that account alone.
func TestGatesOfOneTarget(t *testing.T) {
	t.Parallel()
	scheduled := scheduledAt(later)
	scheduled.Gates = map[domain.AccountID][]Gate{scenario.News: {ClientGate}}
	content := Content{Text: "Hello", Targets: []Destination{{Account: scenario.News}, {Account: scenario.Blog}}}
	given(t, acme.Founded(), approver).
		When(owner, SchedulePost{Content: content, At: later}).
		Then(writtenBy(owner), scheduled)

	var p Post
	p.Evolve(writtenBy(owner))
	p.Evolve(scheduled)
	require.Equal(t, Waiting, p.Targets[scenario.News].State)
	require.Equal(t, Due, p.Targets[scenario.Blog].State)
}
