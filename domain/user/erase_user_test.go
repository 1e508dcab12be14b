package user_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
)

func TestEraseUser(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), user.EraseUser{Person: scenario.Carl}).Then(user.Erased{})
	person.Given(t, person.Registered).When(scenario.System(), user.EraseUser{Person: scenario.Carl}).Then(user.Erased{})
	person.Given(t).When(scenario.System(), user.EraseUser{Person: scenario.Carl}).Then(user.Erased{}) // only ever invited
}

func TestErasedForGood(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.Erased{}).When(scenario.As(scenario.Carl), user.EraseUser{Person: scenario.Carl}).Nothing()
	person.Given(t, person.Registered, user.Erased{}).
		When(scenario.As(scenario.Carl), user.Register{Email: "carl@example.com", Name: "Carl"}).
		Refused(domain.R66, "erased")
}

func TestErasingOthers(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered).When(scenario.As(scenario.Edith), user.EraseUser{Person: scenario.Carl}).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(domain.Actor{}, user.EraseUser{}).Refused(domain.R32, "not_found")
}

func TestOwnersAreNotErased(t *testing.T) {
	t.Parallel()
	owner := user.EraseUser{Person: scenario.Carl, Owns: []domain.WorkspaceID{{15: 1}}}
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), owner).Refused(domain.R12, "owns_workspace")
	person.Given(t, person.Registered).When(scenario.System(), owner).Refused(domain.R12, "owns_workspace")
}

// The state keeps nothing personal of who was erased.
func TestErasedState(t *testing.T) {
	t.Parallel()
	var u user.User
	u.Evolve(person.Registered)
	require.True(t, u.Registered)
	u.Evolve(user.Erased{})
	require.Equal(t, user.User{Erased: true}, u)
}
