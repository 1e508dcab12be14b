package judge_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/workerstest"
)

// R45: a token that the network refuses is refreshed, and the same attempt goes on,
// also where it was noted already as about to be sent.
func TestANotedAttemptGoesOnWithAFreshToken(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.Silent, wire.Options{})
	w.Arm(control.Fault{Call: control.Publish, Kind: control.Unauthorized, Times: 1})
	w.Work()
	id := w.Publish(w.Carl, "with a fresh token")
	w.Await(id, post.Published)
	require.Len(t, w.Posts(), 1)
	require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
	require.Empty(t, workerstest.Events[post.TargetReleased](w, id))
}

// preparing is a network that publishes what was prepared there.
type preparing struct {
	networks.Connector
	mutex *sync.Mutex
	sent  *[]string // what was prepared, of each call
}

func (n preparing) Prepare(context.Context, networks.Session, networks.Attempt, networks.Save) (networks.Prepared, error) {
	return networks.Prepared(`"a card"`), nil
}

func (n preparing) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	n.mutex.Lock()
	*n.sent = append(*n.sent, string(a.Prepared))
	n.mutex.Unlock()
	a.Prepared = nil
	return n.Connector.Publish(ctx, s, a)
}

// R59: an attempt that died before everything was prepared is not repeated by its
// key without that: the network says that nothing was sent, and it is tried anew.
func TestNothingIsRepeatedWithoutWhatWasToBePrepared(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.ExpiringKey, wire.Options{})
	var sent []string
	n := preparing{w.Networks[sandbox.Name], &sync.Mutex{}, &sent}
	w.Networks[sandbox.Name] = n
	id := w.Due(w.Carl, post.Content{
		Text: "with a card", Link: "https://example.com/", Targets: []post.Destination{{Account: w.Account}},
	}, time.Now())
	w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})
	w.Work()
	w.Await(id, post.Published)
	require.Len(t, w.Posts(), 1)
	n.mutex.Lock()
	defer n.mutex.Unlock()
	require.Equal(t, []string{`"a card"`}, sent)
}
