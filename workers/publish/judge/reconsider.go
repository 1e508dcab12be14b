package judge

import (
	"context"
	"errors"
	"time"

	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/sending"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/publish/sight"
	"behalf/workers/quarantine"
)

// editsForgotten is how many revisions beyond the one that a restored log knows
// the network is asked for by their keys.
const editsForgotten = 3

// beforeSince is how much earlier than a log's last knowledge a post may have
// been sent that it does not know of: the attempt was under way.
const beforeSince = 2 * time.Minute

// Reconsider finds out what became of a target of which a restored log says that
// it was still to go out, or waited for a person to publish it again (R69). What a
// person has done with it since does not matter. Nothing is sent here: where a
// network would have to be sent the same again to find out, it is not asked.
func (j *Judge) Reconsider(ctx context.Context, t jobs.Target, q quarantine.Open, past quarantine.Past) (quarantine.Finding, error) {
	if err := j.Clock.Sync(ctx); err != nil {
		return quarantine.Finding{}, err
	}
	loaded, err := j.Reader.Load(ctx, sight.OfTarget(t))
	if err != nil {
		return quarantine.Finding{}, err
	}
	now, err := loaded.Whose()
	if past.WasIdle && (err != nil || j.Reader.ByHand(loaded.Account.Network)) {
		return quarantine.Finding{Outcome: quarantine.Absent}, nil // nobody has it published again, or a person would see it there
	}
	if err != nil || !now.Usable() {
		return j.doubt(ctx, t, "There is no connection through which the network could be asked.")
	}
	begun, asked := q.Since.Add(-beforeSince), j.Clock.Now() // before the network is: what it answers is of no earlier moment
	s, err := j.Reader.Ask(ctx, loaded, post.TargetClaimed{
		Account: t.Account, Revision: loaded.Post.Revision, Key: sending.Key(t.Post, t.Account, loaded.Post.Revision),
		Mode: now.Mode, Holder: now.Holder, Connection: now.Connection, Identity: now.Identity, Begun: begun,
	})
	var verdict networks.Verdict
	if err == nil {
		verdict, err = j.lookFor(ctx, s, past.Revisions)
	}
	if err != nil {
		return j.unheard(ctx, t, err)
	}
	switch verdict.State {
	case networks.Live:
		_, err := j.Desk.Issue(ctx, t.Workspace, &outcome.RecordPublished{
			AttemptRef: outcome.AttemptRef{Post: t.Post, Account: t.Account}, Remote: verdict.Published.RemoteID, URL: verdict.Published.URL,
		})
		return quarantine.Finding{Outcome: quarantine.Published}, err
	case networks.Absent:
		ended := q.Begun.Add(j.Life) // an attempt that the log has forgotten, begun right before that
		proof := ended.Add(s.Connector.Capabilities().AbsentAfter)
		if wait := proof.Sub(asked); wait > 0 { // what the network does not show yet may still come
			return quarantine.Finding{Code: "too_early", Again: wait}, nil
		}
		return quarantine.Finding{Outcome: quarantine.Absent}, nil
	default:
		return j.doubt(ctx, t, "A backup was restored, and the network cannot say whether it shows the post.")
	}
}

// lookFor asks the network about every revision that may have gone out, and by
// their keys about some that the log has forgotten. What this installation keeps
// itself, that something was about to be sent or which draft was made for it, is
// of before the restore, and proves no absence.
func (j *Judge) lookFor(ctx context.Context, s sight.Sight, revisions []quarantine.Revision) (verdict networks.Verdict, err error) {
	capabilities := s.Connector.Capabilities()
	if capabilities.Reconciling == networks.NoReconciling {
		return networks.Verdict{State: networks.Unknown}, nil
	}
	for _, revision := range revisions {
		if s, err = j.as(ctx, s, revision); err != nil {
			return networks.Verdict{}, err
		}
		if verdict, err = j.asked(ctx, s, s.Claimed.Begun); err != nil || verdict.State != networks.Absent {
			return verdict, err
		}
	}
	for range editsForgotten {
		if capabilities.Reconciling != networks.ByKey {
			break
		}
		s.Claimed.Revision++
		s.Claimed.Key = sending.Key(s.Of.Post, s.Of.Account, s.Claimed.Revision)
		if verdict, err = j.asked(ctx, s, s.Claimed.Begun); err != nil || verdict.State != networks.Absent {
			return verdict, err
		}
	}
	return forgotten(capabilities, verdict), nil
}

// as is a sight of the target as it was in one revision.
func (j *Judge) as(ctx context.Context, s sight.Sight, revision quarantine.Revision) (_ sight.Sight, err error) {
	if s.Claimed.Revision != revision.Number {
		if s, err = j.Reader.Saying(ctx, s, revision.Content); err != nil {
			return s, err
		}
		s.Claimed.Revision = revision.Number
		s.Claimed.Key = sending.Key(s.Of.Post, s.Of.Account, revision.Number)
	}
	s.Due = revision.Due
	return s, nil
}

// forgotten is what an absence means after a restore that follows from what is kept
// here: another draft may have been made since, and published, or something sent
// without a note.
func forgotten(capabilities networks.Capabilities, verdict networks.Verdict) networks.Verdict {
	switch capabilities.Reconciling {
	case networks.ByPrepared, networks.NoReconciling:
		if verdict.State == networks.Absent {
			return networks.Verdict{State: networks.Unknown}
		}
	}
	return verdict
}

// unheard tells what passes from what does not.
func (j *Judge) unheard(ctx context.Context, t jobs.Target, err error) (quarantine.Finding, error) {
	var failure *networks.Failure
	switch {
	case !errors.As(err, &failure):
		return quarantine.Finding{}, err
	case failure.Passes(), failure.Kind == networks.Misconfigured: // by an operator, who can mend it
		return quarantine.Finding{Code: failure.Code, Again: failure.RetryAfter}, nil
	case errors.Is(err, sight.ErrWordless):
		return j.doubt(ctx, t, "A backup was restored. "+wordless(err))
	default:
		return j.doubt(ctx, t, "A backup was restored, and its connection can no longer ask the network.")
	}
}

func (j *Judge) doubt(ctx context.Context, t jobs.Target, detail string) (quarantine.Finding, error) {
	_, err := j.Desk.Issue(ctx, t.Workspace, &outcome.DoubtTarget{Post: t.Post, Account: t.Account, Detail: detail})
	if issue.Refused(err) { // the target is gone
		err = nil
	}
	return quarantine.Finding{Outcome: quarantine.Unknown}, err
}

// Forfeit leaves a target to a person: nobody is asked any more (R59, R69).
func (j *Judge) Forfeit(ctx context.Context, t jobs.Target) error {
	const detail = "A backup was restored, and an operator gave up asking the network."
	loaded, err := j.Reader.Load(ctx, sight.OfTarget(t))
	if err != nil {
		return err
	}
	target := loaded.Target()
	if target.State == post.Claimed {
		_, err := j.Desk.Issue(ctx, t.Workspace, &outcome.RecordUnknown{
			AttemptRef: outcome.AttemptRef{Post: t.Post, Account: t.Account, Attempt: target.Attempt}, Detail: detail,
		})
		return err
	}
	_, err = j.doubt(ctx, t, detail)
	return err
}
