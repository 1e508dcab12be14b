// Package removal takes from its network what somebody has deleted.
package removal

import (
	"context"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/sending"
	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/publish/call"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
	"behalf/workers/quarantine"
)

// removeTime bounds one try to remove a post.
const removeTime = time.Minute

// recordTime bounds the recording of how it went.
const recordTime = 10 * time.Second

// Remover takes posts from their networks.
type Remover struct {
	Reader *sight.Reader
	Calls  *call.Calls
	Lanes  *lanes.Lanes
	Desk   *issue.Desk
	Clock  *clock.Clock
	Watch  *quarantine.Watch
	Meter  *meter.Meter
}

// Remove takes a post from its network that somebody has deleted, through the
// connection that the post would go out through now, which is recorded (R43).
// Connectors call a post that is gone a success, so whoever dies before or after
// the call, or does it a second time, does no harm. The error says that it is to
// be tried again; the sweeper brings back what nobody tries any more.
//
// A pause (R68) holds nothing up here: what should not be there is not sent, but
// taken away.
func (r *Remover) Remove(ctx context.Context, t jobs.Target) error {
	if r.Watch.Holds() { // what was wanted before a restore is looked at after it (R69)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, removeTime)
	defer cancel()
	loaded, err := r.Reader.Load(ctx, sight.OfTarget(t))
	if err != nil {
		return err
	}
	target := loaded.Target()
	if target.State != post.Deleting {
		return nil
	}
	one := removal{target: t, remote: target.Remote}
	if one.through, err = loaded.Whose(); err != nil {
		return r.keep(ctx, one, "account_gone", "The workspace does not hold this account any more.")
	}
	if one.through.Usable() {
		err = r.removeNow(ctx, one, target.Claim.Connection, loaded)
	} else {
		err = unusable(one.through.State)
	}
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	return r.removed(recording, one, !target.Deadline.IsZero() && r.Clock.Now().After(target.Deadline), err)
}

// unusable is what a network would say if it could be asked.
func unusable(state account.ConnectionState) *networks.Failure {
	code := string(state)
	if state == account.Missing {
		code = sending.NoConnection
	}
	return &networks.Failure{Kind: networks.Reauth, Code: code, Detail: "There is no connection that works to delete a post through."}
}

// removal is a post that is to be taken from its network.
type removal struct {
	target  jobs.Target
	remote  string
	through credential.Resolution
}

// removeNow asks the network, in its turn. Where a post is known only through the
// connection that published it, another one's word that it is gone means nothing.
func (r *Remover) removeNow(ctx context.Context, one removal, published domain.ConnectionID, loaded sight.Loaded) error {
	held := loaded.Account
	connector, err := r.Reader.Networks.Connector(held.Network)
	if err != nil {
		return networks.ErrUnsupported
	}
	if connector.Capabilities().DeletesOwn && published != one.through.Connection {
		return &networks.Failure{Kind: networks.NoPermission, Code: "other_connection",
			Detail: "It went out through another connection, and the network lets nobody else delete it."}
	}
	s := sight.Sight{Loaded: loaded, Connector: connector, Connection: one.through.Connection}
	return r.Calls.Through(ctx, s, true, func(c networks.Credential) error { // who waits for a token keeps no slot
		done, err := r.Lanes.Sending(ctx, lanes.At(held.Network, held.Remote), one.target.Workspace)
		if err != nil {
			return networks.Unsent("slot", err)
		}
		defer done()
		return r.Calls.Paced(ctx, call.Subject(s, c, pace.Delete), nil, func() error {
			return connector.Delete(ctx, networks.Session{Credential: c, Account: held.Remote, Identity: one.through.Identity}, one.remote)
		})
	})
}

// removed turns what came of it into a command. Late says that it has been tried
// for long enough.
func (r *Remover) removed(ctx context.Context, one removal, late bool, err error) error {
	var failure *networks.Failure
	switch {
	case err == nil:
		r.Meter.Deletion("deleted")
		_, err := r.Desk.Issue(ctx, one.target.Workspace, &ending.RecordDeleted{
			Post: one.target.Post, Account: one.target.Account,
			Mode: one.through.Mode, Holder: one.through.Holder, Connection: one.through.Connection,
		})
		return err
	case errors.Is(err, networks.ErrUnsupported):
		return r.keep(ctx, one, "unsupported", "The network lets no program delete posts.")
	case !errors.As(err, &failure):
		return err
	}
	switch failure.Kind {
	case networks.Rejected, networks.NoPermission, networks.Denied, networks.Duplicate, networks.Gone:
		return r.keep(ctx, one, failure.Code, failure.Detail)
	case networks.Reauth:
		if late {
			return r.keep(ctx, one, failure.Code, "For a day there was no connection that works to delete it through.")
		}
		r.Meter.Deletion("needs_reauthentication")
		_, err := r.Desk.Issue(ctx, one.target.Workspace, &account.RecordReauthenticationNeeded{
			Account: one.target.Account, Holder: one.through.Holder, Connection: one.through.Connection,
			Code: failure.Code, Detail: failure.Detail,
		})
		return err
	}
	if late {
		return r.keep(ctx, one, failure.Code, "The network could not be asked for a day.")
	}
	r.Meter.Deletion("put_off")
	return failure
}

// keep records that the network goes on showing the post.
func (r *Remover) keep(ctx context.Context, one removal, code, detail string) error {
	r.Meter.Deletion("kept")
	_, err := r.Desk.Issue(ctx, one.target.Workspace, &ending.FailDeletion{
		Post: one.target.Post, Account: one.target.Account, Code: code, Detail: detail,
		Mode: one.through.Mode, Holder: one.through.Holder, Connection: one.through.Connection,
	})
	return err
}
