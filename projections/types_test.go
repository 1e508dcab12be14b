package projections

import (
	"reflect"
	"slices"
	"testing"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/eventstore/codec"

	"github.com/stretchr/testify/require"
)

// What a view does not name, it does nothing with: large steps leave it out.
// What it names, it does something with.
func TestViewsNameTheTypesThatTheyHandle(t *testing.T) {
	t.Parallel()
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	require.NoError(t, err)
	categories := map[string]domain.Category{}
	for _, aggregate := range catalog.Aggregates() {
		for _, kind := range aggregate.Events {
			categories[kind.Name] = aggregate.Category
		}
	}
	for _, one := range Views() {
		for _, name := range registry.Types() {
			event, err := registry.Decode(name, []byte("{}"))
			require.NoError(t, err)
			changes := one.Handle(eventstore.Recorded{Type: name, Event: withOne(event), Stream: domain.Stream{Category: categories[name]}})
			require.Equal(t, slices.Contains(one.Types, name), len(changes) > 0, "%s and %s", one.Name, name)
		}
		for _, name := range one.Types {
			require.Contains(t, registry.Types(), name)
			require.NotContains(t, one.Without(registry), name)
		}
		require.Len(t, one.Without(registry), len(registry.Types())-len(one.Types))
	}
}

// withOne gives every slice of an event one element, names somebody wherever it
// names people, and makes withdrawals of
// those events that may be one (R61).
func withOne(event domain.Event) domain.Event {
	switch e := event.(type) {
	case workspace.RoleChanged:
		e.To = workspace.Client
		event = e
	case workspace.ClientAccessChanged:
		e.From.ManagePosts = true
		event = e
	}
	value := reflect.New(reflect.TypeOf(event)).Elem()
	value.Set(reflect.ValueOf(event))
	for i := range value.NumField() {
		field := value.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[domain.UserID]():
			field.Set(reflect.ValueOf(carl))
		case field.Type() == reflect.TypeFor[[]domain.UserID]():
			field.Set(reflect.ValueOf([]domain.UserID{carl}))
		case field.Kind() == reflect.Slice && field.CanSet():
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		}
	}
	return value.Interface().(domain.Event)
}
