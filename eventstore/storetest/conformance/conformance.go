// Package conformance is what every log has to do, whatever it is made of.
package conformance

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// Log is what commands need of a store. It is to see what a scope names and
// nothing else, as *eventstore.Store does under eventstore.RoleAPI.
type Log interface {
	Append(ctx context.Context, requests ...eventstore.Request) ([]eventstore.Outcome, error)
	Execute(ctx context.Context, call eventstore.Call) (eventstore.Result, error)
	Load(ctx context.Context, scope eventstore.Scope, streams ...domain.Stream) (eventstore.Loaded, error)
	Read(ctx context.Context, scope eventstore.Scope, stream domain.Stream, upTo eventstore.UpTo) iter.Seq2[eventstore.Recorded, error]
}

// Run holds a log to its promises. open makes an empty log for one test, with
// the registry that it is given.
func Run(t *testing.T, open func(*testing.T, *codec.Registry) Log) {
	t.Helper()
	for name, promise := range map[string]func(*testing.T, Log){
		"an append answers what stands":              answersWhatStands,
		"a conflict is its request's alone":          conflictsAlone,
		"a stream that was only read is proven too":  provesReads,
		"a request without changes proves its reads": provesWithoutChanges,
		"what may not be appended":                   refuses,
		"nobody sees another workspace":              separatesWorkspaces,
		"history as of a position":                   readsAsOf,
		"a refusal comes back as it is":              refusesAsDecided,
		"the same key answers the same":              answersKeysAgain,
		"keys do not meet":                           separatesKeys,
		"a stale version is a conflict":              expectsVersions,
		"callers at once":                            countsEveryCaller,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promise(t, open(t, Registry(t)))
		})
	}
}

// Registry knows the events of the suite.
func Registry(t testing.TB) *codec.Registry {
	t.Helper()
	state := func() domain.State { return new(Team) }
	registry, err := codec.NewRegistry(
		domain.Aggregate{Category: domain.WorkspaceStreams, New: state, Events: []domain.EventType{domain.TypeOf[Joined](), domain.TypeOf[Left]()}},
		domain.Aggregate{Category: domain.PostStreams, New: state, Events: []domain.EventType{domain.TypeOf[Posted]()}},
		domain.Aggregate{Category: domain.UserStreams, New: state, Events: []domain.EventType{domain.TypeOf[Greeted]()}},
	)
	require.NoError(t, err)
	return registry
}
