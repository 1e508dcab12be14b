package proofs

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/storetest/conformance"
)

// What clients ask of one stream.
type question struct {
	stream   domain.Stream
	append   bool // otherwise load
	expected int
}

// answer is the version that the stream is at: after a load or an append, or
// instead of one.
type answer struct {
	version  int
	conflict bool
}

// register is a stream as one thing that changes at one instant: its version.
var register = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byStream := map[domain.Stream][]porcupine.Operation{}
		for _, operation := range history {
			stream := operation.Input.(question).stream
			byStream[stream] = append(byStream[stream], operation)
		}
		var parts [][]porcupine.Operation
		for _, part := range byStream {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return 0 },
	Step: func(state, input, output any) (bool, any) {
		version, asked, got := state.(int), input.(question), output.(answer)
		switch {
		case !asked.append:
			return got.version == version, version
		case got.conflict:
			return got.version == version && asked.expected != version, version
		default:
			return asked.expected == version && got.version == version+1, version + 1
		}
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}

// However many clients append and load at once, through two stores that know
// nothing of each other, each stream looks as if one thing happened after the other.
func TestStreamsAreLinearizable(t *testing.T) {
	t.Parallel()
	const clients, questions, streams = 12, 60, 4
	db := open(t)
	stores := []*eventstore.Store{over(t, db.engine), over(t, db.engine)}
	var teams []domain.Stream
	for range streams {
		_, team := conformance.Workspace()
		teams = append(teams, team)
	}
	begin := time.Now()
	histories := make([][]porcupine.Operation, clients)
	var work errgroup.Group
	for client := range clients {
		work.Go(func() error {
			seen := map[domain.Stream]int{}
			store := stores[client%len(stores)]
			for range questions {
				asked := question{stream: teams[rand.N(streams)], append: rand.N(3) > 0}
				asked.expected = seen[asked.stream]
				called := time.Since(begin)
				got, err := ask(t, store, asked)
				if err != nil {
					return err
				}
				histories[client] = append(histories[client], porcupine.Operation{
					ClientId: client, Input: asked, Call: called.Nanoseconds(), Output: got, Return: time.Since(begin).Nanoseconds(),
				})
				seen[asked.stream] = got.version
			}
			return nil
		})
	}
	require.NoError(t, work.Wait())
	var history []porcupine.Operation
	written := 0
	for _, operations := range histories {
		history = append(history, operations...)
		for _, operation := range operations {
			if operation.Input.(question).append && !operation.Output.(answer).conflict {
				written++
			}
		}
	}
	require.Equal(t, len(positions(t, db, `select position from log.events`)), written)
	require.Positive(t, written)
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(register, history, patience))
}

// A history in which a load has missed an append is found out.
func TestAStaleLoadIsNotLinearizable(t *testing.T) {
	t.Parallel()
	_, team := conformance.Workspace()
	require.False(t, porcupine.CheckOperations(register, []porcupine.Operation{
		{ClientId: 1, Input: question{team, true, 0}, Call: 0, Output: answer{version: 1}, Return: 10},
		{ClientId: 2, Input: question{stream: team}, Call: 20, Output: answer{version: 0}, Return: 30},
	}))
}

func ask(t *testing.T, store *eventstore.Store, asked question) (answer, error) {
	if !asked.append {
		loaded, err := store.Load(t.Context(), eventstore.Scope{}, asked.stream)
		return answer{version: loaded.Versions[asked.stream]}, err
	}
	outcomes, err := store.Append(t.Context(), conformance.On(asked.stream, asked.expected, conformance.Joined{Member: asked.expected}))
	if err != nil {
		return answer{}, err
	}
	var conflict *eventstore.ConflictError
	if errors.As(outcomes[0].Err, &conflict) {
		return answer{version: conflict.Actual, conflict: true}, nil
	}
	if outcomes[0].Err != nil {
		return answer{}, outcomes[0].Err
	}
	return answer{version: outcomes[0].Events[0].Version}, nil
}
