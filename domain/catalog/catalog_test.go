package catalog

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/domain/scenario"
)

func TestCommandsHasAllOfThem(t *testing.T) {
	t.Parallel()
	var listed int
	commands := Commands()
	for _, aggregate := range Aggregates() {
		listed += len(aggregate.Commands)
		for _, command := range aggregate.Commands {
			require.Equal(t, command.Summary, commands[command.Name].Summary)
		}
	}
	require.NotZero(t, listed)
	require.Len(t, commands, listed, "no two commands share a name")
}

func TestCategories(t *testing.T) {
	t.Parallel()
	var categories []domain.Category
	for _, aggregate := range Aggregates() {
		categories = append(categories, aggregate.Category)
		one, other := aggregate.New(), aggregate.New()
		require.NotSame(t, one, other, "states are not shared")
		require.Equal(t, one, other.Clone())
	}
	require.ElementsMatch(t, []domain.Category{
		domain.UserStreams, domain.WorkspaceStreams, domain.AccountStreams, domain.PostStreams, auditlog.Category,
	}, categories)
}

// Event types are dotted, past tense and versioned, and no two share a name.
func TestEventNames(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z]+\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*$`)
	past := regexp.MustCompile(`(ed|_set|written|withdrawn|left|resent|_unknown|_needs_reauthentication|handed_over)\.v[0-9]+$`)
	seen := map[string]bool{}
	for _, aggregate := range Aggregates() {
		for _, event := range aggregate.Events {
			require.Regexp(t, form, event.Name)
			require.Regexp(t, past, event.Name)
			require.True(t, strings.HasPrefix(event.Name, string(aggregate.Category)+"."), event.Name)
			require.False(t, seen[event.Name], event.Name)
			seen[event.Name] = true

			zero, err := event.Decode([]byte("{}"))
			require.NoError(t, err)
			require.Equal(t, event.Name, zero.EventType())
		}
	}
}

func TestCommandsDescribeThemselves(t *testing.T) {
	t.Parallel()
	for name, command := range Commands() {
		require.Equal(t, name, reflect.TypeOf(command.New()).Elem().Name())
		require.Contains(t, []domain.Issuer{domain.ByMember, domain.ByFlow, domain.BySystem}, command.Issuer, name)
		require.Regexp(t, `^[A-Z].*\.$`, command.Summary, name)
		require.NotEmpty(t, command.Rules, name)
		require.True(t, slices.IsSorted(command.Rules), name)
		require.Len(t, slices.Compact(slices.Clone(command.Rules)), len(command.Rules), name)

		fresh := command.New()
		if reflect.TypeOf(fresh).Elem().Size() > 0 { // all empty values may be one
			require.NotSame(t, fresh, command.New(), "%s: commands are not shared", name)
		}
		require.True(t, reflect.ValueOf(fresh).Elem().IsZero(), name)
		if command.Issuer == domain.ByMember {
			require.Contains(t, command.Rules, domain.R32, "%s: outsiders learn nothing", name)
		}
	}
}

// What members send is documented, and every name is snake_case.
func TestMemberCommandsDocumentTheirFields(t *testing.T) {
	t.Parallel()
	for name, command := range Commands() {
		if command.Issuer == domain.ByMember {
			fields := jsonFields(reflect.TypeOf(command.New()).Elem())
			for _, field := range fields {
				require.NotEmpty(t, field.Tag.Get("doc"), "%s: %s has a doc tag", name, field.Name)
				require.Regexp(t, `^[a-z]+(_[a-z]+)*(,omitempty|,omitzero)?$`, field.Tag.Get("json"), "%s: %s", name, field.Name)
			}
		}
	}
}

// R41: no event has a place for a token, secret or password.
func TestEventsHaveNoPlaceForSecrets(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(`(?i)token|secret|password|credential($|[^_])|refresh|authorization`)
	for _, aggregate := range Aggregates() {
		for _, event := range aggregate.Events {
			zero, err := event.Decode([]byte("{}"))
			require.NoError(t, err)
			for _, field := range jsonFields(reflect.TypeOf(zero)) {
				require.NotRegexp(t, secret, field.Tag.Get("json"), event.Name)
			}
		}
	}
}

// Where nothing has happened, every command refuses, and none breaks: neither
// to a stranger nor to a part of Behalf.
func TestCommandsOnNothing(t *testing.T) {
	t.Parallel()
	log := scenario.NewLog(Aggregates()...)
	for name, command := range Commands() {
		zero := reflect.ValueOf(command.New()).Elem().Interface()
		for _, by := range []domain.Actor{{}, scenario.As(scenario.Mallory), scenario.System()} {
			decision := log.Decide(scenario.Acme, by, zero)
			var refusal *domain.Refusal
			require.ErrorAs(t, decision.Err, &refusal, name)
			require.Empty(t, decision.Changes, name)
			if command.Issuer != domain.ByFlow {
				require.Equal(t, domain.NotFound, refusal.Kind, name)
			}
		}
	}
}

// jsonFields lists the fields that JSON shows of a struct, those of the structs in it included.
func jsonFields(kind reflect.Type) []reflect.StructField {
	for kind.Kind() == reflect.Slice || kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Map {
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct || kind.Implements(reflect.TypeFor[json.Marshaler]()) {
		return nil
	}
	var fields []reflect.StructField
	for i := range kind.NumField() {
		field := kind.Field(i)
		if field.Tag.Get("json") == "-" || !field.IsExported() {
			continue
		}
		if !field.Anonymous {
			fields = append(fields, field)
		}
		fields = append(fields, jsonFields(field.Type)...)
	}
	return fields
}
