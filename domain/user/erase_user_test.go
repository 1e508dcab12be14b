package user

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

var registered = Registered{Email: says(scenario.Carl, "carl@example.com"), Name: says(scenario.Carl, "Carl")}

func TestEraseUser(t *testing.T) {
	t.Parallel()
	given(t, registered).When(scenario.As(scenario.Carl), EraseUser{Person: scenario.Carl}).Then(Erased{})
	given(t, registered).When(scenario.System(), EraseUser{Person: scenario.Carl}).Then(Erased{})
	given(t).When(scenario.System(), EraseUser{Person: scenario.Carl}).Then(Erased{}) // only ever invited
}

func TestErasedForGood(t *testing.T) {
	t.Parallel()
	given(t, registered, Erased{}).When(scenario.As(scenario.Carl), EraseUser{Person: scenario.Carl}).Nothing()
	given(t, registered, Erased{}).
		When(scenario.As(scenario.Carl), Register{Email: "carl@example.com", Name: "Carl"}).
		Refused(domain.R66, "erased")
}

func TestErasingOthers(t *testing.T) {
	t.Parallel()
	given(t, registered).When(scenario.As(scenario.Edith), EraseUser{Person: scenario.Carl}).Refused(domain.R32, "not_found")
	given(t, registered).When(domain.Actor{}, EraseUser{}).Refused(domain.R32, "not_found")
}

func TestOwnersAreNotErased(t *testing.T) {
	t.Parallel()
	owner := EraseUser{Person: scenario.Carl, Owns: []domain.WorkspaceID{{15: 1}}}
	given(t, registered).When(scenario.As(scenario.Carl), owner).Refused(domain.R12, "owns_workspace")
	given(t, registered).When(scenario.System(), owner).Refused(domain.R12, "owns_workspace")
}

// The state keeps nothing personal of who was erased.
func TestErasedState(t *testing.T) {
	t.Parallel()
	var u User
	u.Evolve(registered)
	require.True(t, u.Registered)
	u.Evolve(Erased{})
	require.Equal(t, User{Erased: true}, u)
}
