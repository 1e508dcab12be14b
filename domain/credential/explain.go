package credential

import (
	"errors"
	"reflect"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// Answer is the whole answer to whether a member may publish to an account,
// through whose connection, and who mends it if not.
type Answer struct {
	MayPublish bool            // a post of theirs would go out now
	Posts      bool            // they are permitted to post there at all
	Why        *domain.Refusal // why not; nil where MayPublish
	Resolution                 // whose connection it would be; zero where they are not permitted
}

// Explain answers for one member, account and moment. Who is not permitted to
// post there learns by which rule: R32 (no member), R17 or R27.
func Explain(w workspace.Workspace, id domain.AccountID, a account.Account, who domain.UserID) Answer {
	member, is := w.Members[who]
	switch _, held := w.Accounts[id]; {
	case !is:
		return refusedBy(domain.Hidden())
	case !held:
		return refusedBy(domain.Clash(domain.R27, "account_gone", "The workspace does not hold this account any more."))
	case member.MayWrite() != nil:
		return refusedBy(member.MayWrite())
	case !member.Posts(id):
		return refusedBy(domain.Forbid(domain.R27, "not_assigned", "This account is not assigned to the member."))
	}
	resolved, err := Whose(w, id, a, who, "")
	answer := Answer{Posts: true, Resolution: resolved}
	if err == nil {
		err = Halted(w, id)
	}
	if err != nil {
		answer.Why = refusal(err)
		return answer
	}
	if answer.MayPublish = resolved.GoesOut(); !answer.MayPublish {
		answer.Why = refusal(domain.Clash(domain.R44, "no_usable_connection", unusable(resolved.State)))
	}
	return answer
}

func unusable(state account.ConnectionState) string {
	switch state {
	case account.Missing, account.Revoked:
		return "There is no connection to publish through. Its holder has to connect the account."
	default:
		return "The connection does not work any more. Its holder has to connect the account again."
	}
}

func refusedBy(err error) Answer { return Answer{Why: refusal(err)} }

func refusal(err error) *domain.Refusal {
	var refused *domain.Refusal
	errors.As(err, &refused)
	return refused
}

// Same reports whether nothing about the answers differs.
func (a Answer) Same(other Answer) bool { return reflect.DeepEqual(a, other) }
