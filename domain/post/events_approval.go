package post

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// Approved: somebody approved one revision on some accounts (R54).
type Approved struct {
	By       domain.UserID               `json:"by"`
	Revision int                         `json:"revision"`
	Gate     Gate                        `json:"gate"`
	Accounts []domain.AccountID          `json:"accounts"`
	Passed   []domain.AccountID          `json:"passed,omitempty"` // where the gate is passed with it
	Gates    map[domain.AccountID][]Gate `json:"gates,omitempty"`  // what is still to be approved where it is passed
	Author   domain.UserID               `json:"author"`           // who is told
}

// Declinement: somebody declined one revision on some accounts, which returns
// it to its author (R55).
type Declinement struct {
	By       domain.UserID      `json:"by"`
	Revision int                `json:"revision"`
	Gate     Gate               `json:"gate"`
	Accounts []domain.AccountID `json:"accounts"`
	Note     personal.Text      `json:"note"`   // under the workspace's key
	Author   domain.UserID      `json:"author"` // who is told
}

// ApprovalReminded: those who may approve were reminded before the time is missed.
type ApprovalReminded struct {
	Accounts []domain.AccountID `json:"accounts"`
	Asked    []domain.UserID    `json:"asked"`
}

// The events' names in the log.

func (Approved) EventType() string         { return "post.approved.v1" }
func (Declinement) EventType() string      { return "post.declined.v1" }
func (ApprovalReminded) EventType() string { return "post.approval_reminded.v1" }
