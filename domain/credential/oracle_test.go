package credential

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// situation is one row of the table below: everything that whose connection a
// post goes out through can depend on.
type situation struct {
	isOwner  bool // the author is the Owner
	isMember bool // the author is still a member
	role     workspace.Role
	writes   bool // manage_posts, which only Clients need
	assigned bool
	mode     workspace.CredentialMode // of the assignment, if assigned

	transferred bool // the Owner became it, and the one before is still connected (R49)
	added       bool // the author added the account (R67)

	network  bool // the network knows posting identities
	byHand   bool // the network takes no posts from programs
	override string

	owners, authors holding
}

// holding is one person's connection to the account.
type holding struct {
	state    account.ConnectionState
	identity string
}

// answer is what the rule book says of a situation.
type answer struct {
	mode     workspace.CredentialMode
	through  string // "owner" or "author"
	identity string
	goesOut  bool
}

// What makes no difference stands in no row: who added the account (R67 gives
// them an assignment, and the right to connect, not another connection), and who
// owned the workspace before (R49).

// ruleBook lists the rules of whose connection is used, one row a rule, the
// first that applies. It is written from the rules' text, not from the code.
var ruleBook = []struct {
	rule    domain.Rule
	applies func(s situation) bool
	mode    workspace.CredentialMode
	through string
	chooses bool // the author's own override counts (R36, R39)
}{
	// The Owner's own posts always use the Owner's connection, as whom the Owner chooses.
	{domain.R42, func(s situation) bool { return s.isOwner }, workspace.OwnerMode, "owner", true},
	// Removed: the posts are the Owner's, without the author's identity.
	{domain.R61, func(s situation) bool { return !s.isMember }, workspace.OwnerMode, "owner", false},
	// Unassigned: likewise.
	{domain.R61, func(s situation) bool { return !s.assigned }, workspace.OwnerMode, "owner", false},
	// A Client who lost manage_posts: likewise.
	{domain.R61, func(s situation) bool { return s.role == workspace.Client && !s.writes }, workspace.OwnerMode, "owner", false},
	// Mode member: through the member's own connection, as whom the member chooses.
	{domain.R37, func(s situation) bool { return s.mode == workspace.MemberMode }, workspace.MemberMode, "author", true},
	// Mode owner: through the Owner's connection, as whom the Owner chooses.
	{domain.R34, func(s situation) bool { return s.mode == workspace.OwnerMode }, workspace.OwnerMode, "owner", false},
}

// lookUp answers what the rule book says, and by which rule.
func lookUp(s situation) (answer, domain.Rule) {
	for _, row := range ruleBook {
		if !row.applies(s) {
			continue
		}
		found := answer{mode: row.mode, through: row.through}
		// R44: nothing is sent without a connection that works. Where nothing is sent at
		// all, its holder posts by hand and needs none.
		found.goesOut = s.byHand || s.holding(row.through).state == account.Active
		if s.network { // R40: elsewhere posts appear as the account itself
			found.identity = s.holding(row.through).identity
			if row.chooses && s.override != "" {
				found.identity = s.override
			}
		}
		return found, row.rule
	}
	panic("the rule book has no answer")
}

func (s situation) holding(whose string) holding {
	if whose == "owner" || s.isOwner {
		return s.owners
	}
	return s.authors
}
