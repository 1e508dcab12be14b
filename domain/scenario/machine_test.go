package scenario_test

import (
	"encoding/binary"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/invitation"
)

// machine issues commands at random in one workspace: by anybody, about
// anything, genuine and nonsense.
type machine struct {
	log      *scenario.Log
	now      time.Time
	made     uint32
	posts    []domain.PostID
	accounts []domain.AccountID
	before   map[domain.PostID]post.Post // the targets' states at the last look
	owners   []domain.UserID             // everybody who ever was the Owner
}

func TestWhateverIsCommandedTheRulesHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{
			log: scenario.NewLog(catalog.Aggregates()...), now: scenario.Now, before: map[domain.PostID]post.Post{},
			accounts: []domain.AccountID{scenario.News, scenario.Blog, scenario.Lost},
		}
		m.log.Append(acme.Founded()...)
		m.log.Append(acme.Joined(scenario.Adam, workspace.Admin, acme.Adds, acme.Gives(scenario.News, workspace.OwnerMode), acme.Gives(scenario.Blog, workspace.MemberMode))...)
		m.log.Append(acme.Joined(scenario.Edith, workspace.Editor, acme.ReadOnly, workspace.Assignment{
			Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode,
		}, acme.Gives(scenario.Blog, workspace.MemberMode))...)
		m.issue(t, scenario.As(scenario.Olivia), account.ConnectAccount{Account: scenario.News, Verified: account.Access{
			Network: "sandbox", Remote: "page-news", Connection: m.fresh(),
		}})
		actions := map[string]func(*rapid.T){
			"wait": m.wait, "invite": m.invite, "accept": m.accept, "mode": m.changeMode, "connect": m.connect,
			"outage": m.outage, "write": m.write, "claim": m.claim, "end": m.endAttempt, "doubt": m.doubt, "mend": m.mendTarget,
			"invite others": m.inviteOthers, "invitation": m.treatInvitation, "member": m.changeMember, "member again": m.changeMember,
			"depart": m.depart, "ownership": m.moveOwnership, "govern": m.govern,
		}
		// the likely ones first: that is where draws gather
		names := append([]string{"write", "claim", "end", "claim", "mend", "write", "claim", "end", "invite", "accept"}, slices.Sorted(maps.Keys(actions))...)
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 50, 200).Draw(t, "actions") {
			actions[name](t)
			m.check(t)
		}
	})
}

// issue decides and, when nothing refuses, appends.
func (m *machine) issue(t *rapid.T, by domain.Actor, command any) []domain.Change {
	by.Now, by.Fresh = m.now, m.fresh
	before := m.workspace()
	by.TwoFactor = !before.Members[by.User].RequireTwoFactor || rapid.IntRange(0, 4).Draw(t, "second factor") > 0
	decision := m.log.Decide(scenario.Acme, by, command)
	if decision.Err != nil {
		var refusal *domain.Refusal
		require.ErrorAs(t, decision.Err, &refusal)
		require.Empty(t, decision.Changes)
		return nil
	}
	checkGrants(t, before, by, decision.Changes)
	m.log.Append(decision.Changes...)
	return decision.Changes
}

func (m *machine) fresh() [16]byte {
	m.made++
	id := [16]byte{0: 0xee}
	binary.BigEndian.PutUint32(id[12:], m.made)
	return id
}

func (m *machine) wait(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.SampledFrom([]int{1, 1, 1, 14, 16, 60, 8 * 24 * 60}).Draw(t, "minutes")) * time.Minute)
}

func (m *machine) invite(t *rapid.T) {
	invite := invitation.InviteClient{Email: "somebody@example.com", Access: drawAccess(t), Person: drawUser(t)}
	for range rapid.IntRange(0, 2).Draw(t, "assignments") {
		invite.Assignments = append(invite.Assignments, workspace.Assignment{
			Account: m.drawAccount(t), CredentialMode: drawMode(t), ApprovesPosts: rapid.Bool().Draw(t, "approves"),
		})
	}
	m.issue(t, drawActor(t, m.owner()), invite)
}

func (m *machine) accept(t *rapid.T) {
	offered := []workspace.ClientInvited{{Person: scenario.Mallory}}
	for _, event := range m.log.History(workspace.Stream(scenario.Acme)) {
		if invited, ok := event.(workspace.ClientInvited); ok {
			offered = append(offered, invited)
		}
	}
	invited := rapid.SampledFrom(offered).Draw(t, "invitation")
	link := invitation.Link{Invitation: invited.Invitation, Generation: rapid.SampledFrom([]int{1, 1, 1, 0, 2}).Draw(t, "generation")}
	m.issue(t, drawActor(t, scenario.As(invited.Person)), invitation.AcceptInvitation{Link: link})
}

func (m *machine) changeMode(t *rapid.T) {
	m.issue(t, m.manager(t), assignment.ChangeCredentialMode{
		Member: drawUser(t), Account: m.drawAccount(t), Mode: drawMode(t),
	})
}

func (m *machine) connect(t *rapid.T) {
	connect := account.ConnectAccount{Identity: rapid.SampledFrom([]string{"", "author-1"}).Draw(t, "identity")}
	if rapid.Bool().Draw(t, "by id") {
		connect.Account = m.drawAccount(t)
	}
	if rapid.IntRange(0, 9).Draw(t, "confirmed") < 9 {
		connect.Verified = rapid.SampledFrom([]account.Access{
			{Network: "sandbox", Remote: "page-news"}, {Network: "sandbox", Remote: "page-other"},
			{Network: "wordpress", Remote: "blog", HasIdentities: true},
		}).Draw(t, "access")
		connect.Verified.Connection = m.fresh()
	}
	for _, change := range m.issue(t, drawActor(t, scenario.As(drawUser(t))), connect) {
		if added, ok := change.Event.(workspace.AccountAdded); ok {
			m.accounts = append(m.accounts, added.Account)
		}
	}
}

func (m *machine) outage(t *rapid.T) {
	id, holder := m.drawAccount(t), drawUser(t)
	connection := m.log.State(account.Stream(id)).(*account.Account).ConnectionOf(holder).ID
	if rapid.IntRange(0, 3).Draw(t, "late word") == 3 {
		connection = domain.ConnectionID{15: 1}
	}
	m.issue(t, drawActor(t, scenario.System()), account.RecordReauthenticationNeeded{Account: id, Holder: holder, Connection: connection, Code: "expired"})
}

func (m *machine) drawAccount(t *rapid.T) domain.AccountID {
	return rapid.SampledFrom(m.accounts).Draw(t, "account")
}

func drawUser(t *rapid.T) domain.UserID {
	return rapid.SampledFrom([]domain.UserID{scenario.Olivia, scenario.Adam, scenario.Edith, scenario.Carl, scenario.Mallory}).Draw(t, "user")
}

// drawActor answers mostly the one who should act, and else anybody.
func drawActor(t *rapid.T, likely domain.Actor) domain.Actor {
	if rapid.IntRange(0, 4).Draw(t, "the likely actor") < 4 {
		return likely
	}
	return rapid.SampledFrom([]domain.Actor{
		{}, scenario.System(), scenario.As(scenario.Olivia), scenario.As(scenario.Adam), scenario.As(scenario.Edith),
		scenario.As(scenario.Carl), scenario.As(scenario.Mallory),
	}).Draw(t, "actor")
}

func drawMode(t *rapid.T) workspace.CredentialMode {
	return rapid.SampledFrom([]workspace.CredentialMode{workspace.NoMode, workspace.OwnerMode, workspace.MemberMode}).Draw(t, "mode")
}
