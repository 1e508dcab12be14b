package sight

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/workers/jobs"
)

// Ref names a target.
type Ref struct {
	Workspace domain.WorkspaceID
	Post      domain.PostID
	Account   domain.AccountID
}

// OfTarget names the target of a job.
func OfTarget(t jobs.Target) Ref { return Ref{t.Workspace, t.Post, t.Account} }

// OfClaim names the target of an attempt.
func OfClaim(c jobs.Claim) Ref { return Ref{c.Workspace, c.Post, c.Account} }

// Loaded are the streams that a claim is decided on, read in one moment.
type Loaded struct {
	Of        Ref
	Log       eventstore.Loaded
	Workspace *workspace.Workspace
	Account   *account.Account
	Post      *post.Post
}

func loaded(of Ref, log eventstore.Loaded) Loaded {
	return Loaded{
		Of: of, Log: log,
		Workspace: domain.Fact[*workspace.Workspace](log.Facts, workspace.Stream(of.Workspace)),
		Account:   domain.Fact[*account.Account](log.Facts, account.Stream(of.Account)),
		Post:      domain.Fact[*post.Post](log.Facts, post.Stream(of.Post)),
	}
}

// Target is the target itself: empty where the post does not go to the account.
func (l Loaded) Target() post.Target { return l.Post.Targets[l.Of.Account] }

// Resolve is whose connection the target would go out through now.
func (l Loaded) Resolve() (credential.Resolution, error) {
	target := l.Target()
	return credential.Resolve(*l.Workspace, l.Of.Account, *l.Account, target.Author, target.Identity)
}

// Whose is whose connection it is now, also while nothing goes out; an error is
// that the account is gone.
func (l Loaded) Whose() (credential.Resolution, error) {
	target := l.Target()
	return credential.Whose(*l.Workspace, l.Of.Account, *l.Account, target.Author, target.Identity)
}

// Stands reports whether the attempt still holds its target and would be claimed
// in the same way now.
func (l Loaded) Stands(attempt domain.AttemptID, claimed post.TargetClaimed) bool {
	target := l.Target()
	if target.State != post.Claimed || target.Attempt != attempt || l.Post.Revision != claimed.Revision {
		return false
	}
	now, err := l.Resolve()
	return err == nil && now.Usable() &&
		now.Mode == claimed.Mode && now.Holder == claimed.Holder &&
		now.Connection == claimed.Connection && now.Identity == claimed.Identity
}

// Due is the target's moment.
func (l Loaded) Due() time.Time { return l.Target().Due }

// Grace is how long after its time the target may still be sent (R56).
func (l Loaded) Grace() time.Duration { return l.Workspace.EffectiveGrace() }
