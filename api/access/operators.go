package access

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
)

const operatorPath = "/v1/operator/"

// ForOperators reports whether the operations at this address are for those who
// operate the installation. It follows from the address alone: whoever adds one
// there has nothing to declare, and nothing to forget.
func ForOperators(path string) bool { return strings.HasPrefix(path, operatorPath) }

// Operators are the users who operate the installation. That makes nobody a
// member: to a workspace that is not theirs they are outsiders (R32).
type Operators map[domain.UserID]bool

// NewOperators names them. None is fine: then nobody operates it over the API.
func NewOperators(users []domain.UserID) Operators {
	operators := Operators{}
	for _, user := range users {
		operators[user] = true
	}
	return operators
}

// Admit refuses everybody who is no operator, and an operator who has not proved
// a second factor: what they see and do is about everybody's workspaces.
func (o Operators) Admit(p signin.Principal) error {
	switch {
	case p.User.IsZero() || !o[p.User]:
		return problem.New(http.StatusForbidden, "operators_only", "The configuration of this installation names who operates it.")
	case !p.TwoFactor:
		return problem.New(http.StatusForbidden, "operator_two_factor", "Enable two-factor authentication first: operators need it.")
	}
	return nil
}

// Guard closes what is for operators to everybody else. It comes after Authenticate.
func (o Operators) Guard(ctx huma.Context, next func(huma.Context)) {
	if ForOperators(ctx.Operation().Path) {
		if err := o.Admit(signin.From(ctx.Context())); err != nil {
			r, w := humachi.Unwrap(ctx)
			problem.Write(w, r, err)
			return
		}
	}
	next(ctx)
}
