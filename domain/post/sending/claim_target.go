package sending

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// Grace is how long after its time a target may still be sent, unless its
// workspace has another grace (R56).
const Grace = workspace.DefaultGrace

// Ahead is how long before its time a target may be claimed: what an attempt
// needs to be ready at the moment itself. Nothing is sent before that.
const Ahead = 10 * time.Second

// ClaimTarget begins an attempt: it resolves whose connection the target goes
// out through at this moment (R42) and records it before anything is sent (R43).
type ClaimTarget struct {
	Post    domain.PostID
	Account domain.AccountID
	Life    time.Duration // how long the attempt may take from its moment on; nothing is sent afterwards
}

// Decide answers TargetClaimed, TargetNeedsReauthentication (nothing can be
// sent, R44) or TargetMissed (past its grace, R56, or the workspace is closed,
// R13). It refuses with R59 a target that is not waiting to be sent or not due
// yet, and with R68 one to which nothing is sent now: it stays scheduled, and is
// missed after its grace.
func (c ClaimTarget) Decide(ws domain.WorkspaceID, p post.Post, w workspace.Workspace, a account.Account, by domain.Actor) ([]domain.Event, error) {
	resolution, instead, err := resolveFor(p, ws, w, a, c.Account, Ahead, by)
	if err != nil || instead != nil {
		return instead, err
	}
	if !resolution.Usable() {
		return []domain.Event{heldBack(c.Account, resolution)}, nil
	}
	begun := latest(by.Now, p.Targets[c.Account].Ready())
	return []domain.Event{post.TargetClaimed{
		Account: c.Account, Attempt: by.NewAttemptID(), Revision: p.Revision, Key: Key(c.Post, c.Account, p.Revision),
		Mode: resolution.Mode, Holder: resolution.Holder, Connection: resolution.Connection, Identity: resolution.Identity,
		Rules: resolution.Rules, Begun: begun, Deadline: begun.Add(c.Life),
	}}, nil
}

// resolveFor answers whose connection a target that is due, or will be so soon, goes
// out through, or what happens to it instead.
func resolveFor(p post.Post, ws domain.WorkspaceID, w workspace.Workspace, a account.Account, on domain.AccountID, ahead time.Duration, by domain.Actor) (credential.Resolution, []domain.Event, error) {
	target, known := p.Targets[on]
	none := credential.Resolution{}
	switch {
	case !by.IsSystem() || !known || p.Workspace != ws:
		return none, nil, domain.Hidden()
	case target.State != post.Due:
		return none, nil, domain.Clash(domain.R59, "not_scheduled", "The target is "+string(target.State)+".")
	case by.Now.Add(ahead).Before(target.Ready()):
		return none, nil, domain.Clash(domain.R57, "not_due", "The target is not due yet.")
	case latest(by.Now, target.Ready()).After(target.Due.Add(w.EffectiveGrace())): // claimed ahead, it would be sent past its grace
		return none, []domain.Event{missed(target, w)}, nil
	}
	resolution, err := credential.Resolve(w, on, a, target.Author, target.Identity)
	switch {
	case errors.Is(err, domain.R13):
		return none, []domain.Event{closed(target, err)}, nil
	case errors.Is(err, domain.R27):
		return none, []domain.Event{accountGone(target)}, nil
	}
	return resolution, nil, err
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Key is what a network recognises a target's revision by, however often it is
// attempted (R59): at most 64 letters, digits, - and _, which is what networks take.
func Key(post domain.PostID, account domain.AccountID, revision int) string {
	ids := base64.RawURLEncoding.EncodeToString(append(post[:], account[:]...))
	return fmt.Sprintf("%s-%d", ids, revision)
}

func heldBack(id domain.AccountID, resolution credential.Resolution) post.TargetNeedsReauthentication {
	event := post.TargetNeedsReauthentication{
		Account: id, Mode: resolution.Mode, Holder: resolution.Holder, Connection: resolution.Connection,
		Code: string(resolution.State), Detail: "The connection that this goes out through has to be reauthenticated.",
	}
	if resolution.State == account.Missing {
		event.Code, event.Detail = NoConnection, "The person whose connection this goes out through has not connected the account."
	}
	return event
}

// NoConnection is the code of a target whose holder has never connected the account.
const NoConnection = "no_connection"

// missed ends a target past its grace with the reason for that, as far as it is
// known: that publishing is paused (R68), or why the last attempt sent nothing.
func missed(t post.Target, w workspace.Workspace) post.TargetMissed {
	within := "a minute"
	if minutes := w.GraceMinutes(); minutes > 1 {
		within = strconv.Itoa(minutes) + " minutes"
	}
	event := post.TargetMissed{Account: t.Account, Author: t.Author, Code: "grace_passed", Detail: "It could not be sent within " + within + " of its time."}
	switch halted := credential.Halted(w, t.Account); {
	case errors.Is(halted, domain.R68):
		event.Code, event.Detail = "publishing_paused", "Publishing is paused: it could not be sent within "+within+" of its time."
	case t.Released.Code != "":
		event.Code, event.Detail = t.Released.Code, event.Detail+" Why not, the last time: "+t.Released.Detail
	}
	return event
}

// closed ends a target at its time, with the reason of the refusal.
func closed(t post.Target, why error) post.TargetMissed {
	event := post.TargetMissed{Account: t.Account, Author: t.Author, Code: "workspace_closed", Detail: "The workspace was closed before its time."}
	var refusal *domain.Refusal
	if errors.As(why, &refusal) {
		event.Code = refusal.Code
	}
	return event
}
