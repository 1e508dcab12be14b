package judge_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/workers/publish/shelf"
	"behalf/workers/workerstest"
)

// R59: a picture of the post is not there any more when it has to be found out how
// an attempt ended. A network that answers by the key, or by what was prepared, is
// asked all the same; that nothing was about to be sent is known without it. Who
// would have to search for the post leaves it to a person.
func TestAskedWithoutWhatItSaid(t *testing.T) {
	t.Parallel()
	for class, becomes := range map[sandbox.Class]post.TargetState{
		sandbox.ClientKey: post.Published,
		sandbox.TwoPhase:  post.Published,
		sandbox.Listed:    post.Unknown,
		sandbox.Silent:    post.Failed, // it is tried again, and cannot be sent without the picture
	} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			id := w.Due(w.Carl, w.Pictured("with a picture"), time.Now())
			w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})
			if class != sandbox.Silent {
				sent(w, id)
			}
			w.Work()
			w.Await(id, post.Published, post.Unknown, post.Failed)
			require.Equal(t, becomes, w.Target(id).State)
			require.LessOrEqual(t, len(w.Requests()), 1)
			if becomes == post.Unknown {
				require.Equal(t, "A picture or film of the post is not there any more, and without it the network cannot be asked about the post.",
					workerstest.AwaitEvent[post.TargetUnknown](w, id).Detail)
			}
		})
	}
}

// sent is the first revision of a post, sent by a worker that has told nobody.
func sent(w *workerstest.World, id domain.PostID) {
	w.Helper()
	require.NoError(w, w.AtNetwork(func(c networks.Connector, s networks.Session) error {
		a := networks.Attempt{Key: sending.Key(id, w.Account, 1), Content: networks.Content{Text: "with a picture"}}
		hold, _, err := shelf.New(w.Pool).Take(w.Ctx, shelf.Key{
			Workspace: w.Workspace, Post: id, Account: w.Account, Revision: 1, Connection: w.ConnectionOf(w.Olivia),
		}, time.Minute)
		if err != nil {
			return err
		}
		if a.Prepared, err = c.Prepare(w.Ctx, s, a, func(context.Context, networks.Prepared) error { return nil }); err != nil {
			return err
		}
		if err := hold.Done(w.Ctx, a.Prepared); err != nil {
			return err
		}
		_, err = c.Publish(w.Ctx, s, a)
		return err
	}))
}
