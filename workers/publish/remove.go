package publish

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
	"behalf/internal/networks"
	"behalf/workers/jobs"
	"behalf/workers/publish/call"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
)

// removeTime bounds one try to remove a post.
const removeTime = time.Minute

// remove takes a post from its network that somebody has deleted, through the
// connection that the post would go out through now, which is recorded (R43).
// Connectors call a post that is gone a success, so whoever dies before or after
// the call, or does it a second time, does no harm. The error says that it is to
// be tried again; the sweeper brings back what nobody tries any more.
//
// A pause (R68) holds nothing up here: what should not be there is not sent, but
// taken away.
func (p *Publisher) remove(ctx context.Context, t jobs.Target) error {
	if p.Watch.Holds() { // what was wanted before a restore is looked at after it (R69)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, removeTime)
	defer cancel()
	loaded, err := p.reader.Load(ctx, sight.OfTarget(t))
	if err != nil {
		return err
	}
	target := loaded.Target()
	if target.State != post.Deleting {
		return nil
	}
	r := removal{target: t, remote: target.Remote}
	if r.through, err = loaded.Whose(); err != nil {
		return p.keep(ctx, r, "account_gone", "The workspace does not hold this account any more.")
	}
	if r.through.Usable() {
		err = p.removeNow(ctx, r, target.Claim.Connection, loaded)
	} else {
		err = unusable(r.through.State)
	}
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	return p.removed(recording, r, !target.Deadline.IsZero() && p.Clock.Now().After(target.Deadline), err)
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
func (p *Publisher) removeNow(ctx context.Context, r removal, published domain.ConnectionID, loaded sight.Loaded) error {
	held := loaded.Account
	connector, err := p.Networks.Connector(held.Network)
	if err != nil {
		return networks.ErrUnsupported
	}
	if connector.Capabilities().DeletesOwn && published != r.through.Connection {
		return &networks.Failure{Kind: networks.NoPermission, Code: "other_connection",
			Detail: "It went out through another connection, and the network lets nobody else delete it."}
	}
	s := sight.Sight{Loaded: loaded, Connector: connector, Connection: r.through.Connection}
	return p.calls.Through(ctx, s, true, func(c networks.Credential) error { // who waits for a token keeps no slot
		done, err := p.lanes.Sending(ctx, lanes.At(held.Network, held.Remote), r.target.Workspace)
		if err != nil {
			return networks.Unsent("slot", err)
		}
		defer done()
		return p.calls.Paced(ctx, call.Subject(s, c, pace.Delete), nil, func() error {
			return connector.Delete(ctx, networks.Session{Credential: c, Account: held.Remote, Identity: r.through.Identity}, r.remote)
		})
	})
}

// removed turns what came of it into a command. Late says that it has been tried
// for long enough.
func (p *Publisher) removed(ctx context.Context, r removal, late bool, err error) error {
	var failure *networks.Failure
	switch {
	case err == nil:
		p.Meter.Deletion("deleted")
		_, err := p.desk.Issue(ctx, r.target.Workspace, &ending.RecordDeleted{
			Post: r.target.Post, Account: r.target.Account,
			Mode: r.through.Mode, Holder: r.through.Holder, Connection: r.through.Connection,
		})
		return err
	case errors.Is(err, networks.ErrUnsupported):
		return p.keep(ctx, r, "unsupported", "The network lets no program delete posts.")
	case !errors.As(err, &failure):
		return err
	}
	switch failure.Kind {
	case networks.Rejected, networks.NoPermission, networks.Denied, networks.Duplicate, networks.Gone:
		return p.keep(ctx, r, failure.Code, failure.Detail)
	case networks.Reauth:
		if late {
			return p.keep(ctx, r, failure.Code, "For a day there was no connection that works to delete it through.")
		}
		p.Meter.Deletion("needs_reauthentication")
		return p.ask(ctx, r.target.Workspace, account.RecordReauthenticationNeeded{
			Account: r.target.Account, Holder: r.through.Holder, Connection: r.through.Connection,
			Code: failure.Code, Detail: failure.Detail,
		})
	}
	if late {
		return p.keep(ctx, r, failure.Code, "The network could not be asked for a day.")
	}
	p.Meter.Deletion("put_off")
	return failure
}

// keep records that the network goes on showing the post.
func (p *Publisher) keep(ctx context.Context, r removal, code, detail string) error {
	p.Meter.Deletion("kept")
	_, err := p.desk.Issue(ctx, r.target.Workspace, &ending.FailDeletion{
		Post: r.target.Post, Account: r.target.Account, Code: code, Detail: detail,
		Mode: r.through.Mode, Holder: r.through.Holder, Connection: r.through.Connection,
	})
	return err
}
