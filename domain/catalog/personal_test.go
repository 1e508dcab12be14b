package catalog

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
)

// R66: whatever in an event belongs to a person is a personal text, where
// sealing finds it. Names of workspaces and accounts are no person's.
func TestEventsHoldPeopleSealed(t *testing.T) {
	t.Parallel()
	telling := regexp.MustCompile(`(?i)e_?mail|address|phone`)
	for _, aggregate := range Aggregates() {
		for _, kind := range aggregate.Events {
			zero, err := kind.Decode([]byte("{}"))
			require.NoError(t, err)
			require.NotPanics(t, func() { personal.Bind(zero, domain.EventID{15: 1}) }, kind.Name)
			for _, field := range jsonFields(reflect.TypeOf(zero)) {
				if field.Type == reflect.TypeFor[personal.Text]() {
					continue
				}
				require.NotEqual(t, reflect.TypeFor[user.Email](), field.Type, "%s: %s", kind.Name, field.Name)
				require.NotRegexp(t, telling, field.Tag.Get("json"), kind.Name)
				if aggregate.Category == domain.UserStreams {
					require.NotEqual(t, reflect.String, field.Type.Kind(), "%s: %s", kind.Name, field.Name)
				}
			}
		}
	}
}
