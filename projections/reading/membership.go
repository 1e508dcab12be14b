package reading

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/workspace"
)

// Member is a user's membership of a workspace, whole (R21).
type Member struct {
	User             domain.UserID  `db:"user_id"`
	Name             personal.Text  `db:"name"`
	Email            personal.Text  `db:"email"`
	Role             workspace.Role `db:"role"`
	AddAccounts      bool           `db:"add_accounts"`
	ManagePosts      bool           `db:"manage_posts"`
	Auditor          bool           `db:"auditor"` // reads the history (R65)
	RequireTwoFactor bool           `db:"require_two_factor"`
	TwoFactor        bool           `db:"two_factor"` // they have enabled it
	JoinedAt         time.Time      `db:"joined_at"`
	LastActive       time.Time      `db:"last_active_at"` // since they joined, to the minute (api/presence); zero: not yet
	Assignments      []Assignment   // by account name; the Owner has every account and no assignments
}

// Access is the member's access as the domain has it.
func (m Member) Access() workspace.ClientAccess {
	return workspace.ClientAccess{AddAccounts: m.AddAccounts, ManagePosts: m.ManagePosts}
}

// Assignment is one account of one member, with who keeps it working.
type Assignment struct {
	Account       domain.AccountID `db:"account_id"`
	AccountName   string
	Network       string
	PostingLevel  workspace.PostingLevel   `db:"posting_level"`
	ApprovesPosts bool                     `db:"approves_posts"`
	Mode          workspace.CredentialMode `db:"credential_mode"` // NoMode without manage_posts (R19)
	// Reauthenticates is the one person who mends the connection: the Owner in
	// mode owner (R35), the member in mode member (R38), nobody without a mode.
	Reauthenticates domain.UserID
	Connection      account.ConnectionState // that person's; empty without a mode
	ConnectionSince time.Time               // since when; zero if never connected or asked
}

// Team are members of one workspace.
type Team struct {
	Members []Member
	// Owner is what people call its Owner: empty for one who has not been heard of
	// yet, and among members whose connections are not the Owner's to mend.
	Owner personal.Text
}

// Mender is what people call who reauthenticates for an assignment of a member.
func (t Team) Mender(of Member, assignment Assignment) personal.Text {
	switch assignment.Mode {
	case workspace.OwnerMode:
		return t.Owner
	case workspace.MemberMode:
		return of.Name
	}
	return personal.Text{}
}

// needsOwner reports whether the Owner mends a connection and has no name here.
func (t Team) needsOwner() bool {
	return t.Owner.IsZero() && slices.ContainsFunc(t.Members, func(m Member) bool {
		return slices.ContainsFunc(m.Assignments, func(a Assignment) bool { return a.Mode == workspace.OwnerMode })
	})
}

// memberLine is a member with one of their assignments, or with none.
type memberLine struct {
	Member
	Assignment
}

// join adds the line to the members, whose last one it may be another line of.
func (l *memberLine) join(members *[]Member) {
	last := len(*members) - 1
	if last < 0 || (*members)[last].User != l.User {
		*members, last = append(*members, l.Member), last+1
	}
	if !l.Account.IsZero() {
		(*members)[last].Assignments = append((*members)[last].Assignments, l.Assignment)
	}
}

// accounts are what assignments are described with.
type accounts struct {
	called []calledLine // by name
	placed map[domain.AccountID]int
	held   map[holding]heldLine
}

// calledLine is an account and what it is called.
type calledLine struct {
	Account domain.AccountID `db:"account_id"`
	Name    string           `db:"name"`
	Network string           `db:"network"`
}

// holding is whose connection to what.
type holding struct {
	Account domain.AccountID `db:"account_id"`
	Holder  domain.UserID    `db:"holder_id"`
}

// heldLine is a connection, or the lack of one that its holder was told of.
type heldLine struct {
	holding
	State account.ConnectionState `db:"state"`
	Since time.Time               `db:"since"`
}

func (a *accounts) call(line *calledLine) {
	if a.placed == nil {
		a.placed = map[domain.AccountID]int{}
	}
	a.placed[line.Account] = len(a.called)
	a.called = append(a.called, *line)
}

func (a *accounts) hold(line *heldLine) {
	if a.held == nil {
		a.held = map[holding]heldLine{}
	}
	a.held[line.holding] = *line
}

// describe completes a member's assignments and puts them in their accounts' order.
func (a *accounts) describe(member Member, owner domain.UserID) {
	for i := range member.Assignments {
		one := &member.Assignments[i]
		if place, known := a.placed[one.Account]; known {
			one.AccountName, one.Network = a.called[place].Name, a.called[place].Network
		}
		switch one.Mode {
		case workspace.OwnerMode:
			one.Reauthenticates = owner
		case workspace.MemberMode:
			one.Reauthenticates = member.User
		default:
			continue
		}
		held, told := a.held[holding{one.Account, one.Reauthenticates}]
		if one.Connection, one.ConnectionSince = held.State, held.Since; !told {
			one.Connection = account.Missing
		}
	}
	slices.SortFunc(member.Assignments, func(one, other Assignment) int {
		return cmp.Or(cmp.Compare(a.place(one), a.place(other)), bytes.Compare(one.Account[:], other.Account[:]))
	})
}

// place is where an assignment's account comes: last where nobody knows its name.
func (a *accounts) place(of Assignment) int {
	if place, known := a.placed[of.Account]; known {
		return place
	}
	return len(a.called)
}
