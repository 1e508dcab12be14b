package post

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/workspace"
)

// Grace is how long after its time a target may still be sent (R56).
const Grace = 15 * time.Minute

// ClaimTarget begins an attempt: it resolves whose connection the target goes
// out through at this moment (R42) and records it before anything is sent (R43).
type ClaimTarget struct {
	Post    domain.PostID
	Account domain.AccountID
	Life    time.Duration // how long the attempt may take; nothing is sent afterwards
}

// Decide answers TargetClaimed, TargetNeedsReauthentication (nothing can be
// sent, R44) or TargetMissed (past its grace, R56, or the workspace is closed,
// R13). It refuses with R59 a target that is not waiting to be sent or not due
// yet, and with R68 one to which nothing is sent now: it stays scheduled, and is
// missed after its grace.
func (c ClaimTarget) Decide(ws domain.WorkspaceID, p Post, w workspace.Workspace, a account.Account, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	switch {
	case !by.IsSystem() || !known || p.Workspace != ws:
		return nil, domain.Hidden()
	case target.State != Due:
		return nil, domain.Clash(domain.R59, "not_scheduled", "The target is "+string(target.State)+".")
	case by.Now.Before(target.Due) || by.Now.Before(target.NotBefore):
		return nil, domain.Clash(domain.R57, "not_due", "The target is not due yet.")
	case by.Now.After(target.Due.Add(Grace)):
		return []domain.Event{missed(c.Account)}, nil
	}
	resolution, err := credential.Resolve(w, c.Account, a, target.Author, target.Identity)
	switch {
	case errors.Is(err, domain.R13):
		return []domain.Event{closed(c.Account, err)}, nil
	case errors.Is(err, domain.R27):
		return []domain.Event{accountGone(c.Account)}, nil
	case err != nil:
		return nil, err
	}
	if !resolution.Usable() {
		return []domain.Event{heldBack(c.Account, resolution)}, nil
	}
	return []domain.Event{TargetClaimed{
		Account: c.Account, Attempt: by.NewAttemptID(), Revision: p.Revision, Key: Key(c.Post, c.Account, p.Revision),
		Mode: resolution.Mode, Holder: resolution.Holder, Connection: resolution.Connection, Identity: resolution.Identity,
		Rules: resolution.Rules, Deadline: by.Now.Add(c.Life),
	}}, nil
}

// Key is what a network recognises a target's revision by, however often it is
// attempted (R59): at most 64 letters, digits, - and _, which is what networks take.
func Key(post domain.PostID, account domain.AccountID, revision int) string {
	ids := base64.RawURLEncoding.EncodeToString(append(post[:], account[:]...))
	return fmt.Sprintf("%s-%d", ids, revision)
}

func heldBack(id domain.AccountID, resolution credential.Resolution) TargetNeedsReauthentication {
	event := TargetNeedsReauthentication{
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

func missed(id domain.AccountID) TargetMissed {
	return TargetMissed{Account: id, Code: "grace_passed", Detail: "It could not be sent within 15 minutes of its time."}
}

// closed ends a target at its time, with the reason of the refusal.
func closed(id domain.AccountID, why error) TargetMissed {
	event := TargetMissed{Account: id, Code: "workspace_closed", Detail: "The workspace was closed before its time."}
	var refusal *domain.Refusal
	if errors.As(why, &refusal) {
		event.Code = refusal.Code
	}
	return event
}
