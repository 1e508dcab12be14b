package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ChangePostingLevel sets whether an Editor's posts to an account need the
// team's approval. Scheduled posts keep the gates that they have (R10, R50).
type ChangePostingLevel struct {
	workspace.Whom
	Account      domain.AccountID       `json:"account" doc:"On which social account."`
	PostingLevel workspace.PostingLevel `json:"posting_level" enum:"full,approval_required" doc:"approval_required: an Admin or the Owner approves each post."`
}

// Decide refuses with R2, R5 or R6 what is not the actor's to manage, and with
// R50 an account that the member does not have, or a member who is no Editor.
// The level that it is already changes nothing.
func (c ChangePostingLevel) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, assignment, err := manageAssignment(w, by, c.Whom, c.Account, domain.R50)
	if err != nil {
		return nil, err
	}
	if c.PostingLevel == "" {
		return nil, domain.Wrong(domain.R50, "posting_level", "unknown_level", "A posting level is full or approval_required.")
	}
	if err := of.CheckLevel(c.PostingLevel, "posting_level"); err != nil {
		return nil, err
	}
	if c.PostingLevel == assignment.PostingLevel || c.PostingLevel == workspace.Full && assignment.PostingLevel == "" {
		return nil, nil
	}
	return of.Becomes(workspace.PostingLevelChanged{
		Member: of.User, Account: c.Account, From: assignment.PostingLevel, To: c.PostingLevel,
	}), nil
}
