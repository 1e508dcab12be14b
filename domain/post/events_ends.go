package post

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// TargetHandedOver: the network takes no posts from programs. Somebody was
// asked to post by hand, and to confirm it.
type TargetHandedOver struct {
	Account  domain.AccountID         `json:"account"`
	To       domain.UserID            `json:"to"`
	Mode     workspace.CredentialMode `json:"mode"`     // why it is that person (R34, R37)
	Deadline time.Time                `json:"deadline"` // not confirmed by then, it is missed
}

// TargetConfirmed: a person says that the network shows the post: one that was
// posted by hand, or one of which nobody could say (R59).
type TargetConfirmed struct {
	Account domain.AccountID `json:"account"`
	By      domain.UserID    `json:"by"`
	URL     string           `json:"url"`
}

// Deletion: targets are gone here; a network that shows one goes on showing it.
type Deletion struct {
	By       domain.UserID      `json:"by"`
	Accounts []domain.AccountID `json:"accounts"`
	Whole    bool               `json:"whole,omitempty"` // nothing of the post is left
}

// TargetDeletionRequested: the network is to be asked to remove the post.
type TargetDeletionRequested struct {
	Account domain.AccountID `json:"account"`
	By      domain.UserID    `json:"by"`
	Remote  string           `json:"remote"` // the network's id of the post

	Deadline time.Time `json:"deadline,omitzero"` // it is tried until then
}

// TargetDeleted: the network has removed the post.
type TargetDeleted struct {
	Account domain.AccountID `json:"account"`

	// Through whose connection (R43).

	Mode       workspace.CredentialMode `json:"mode,omitempty"`
	Holder     domain.UserID            `json:"holder,omitzero"`
	Connection domain.ConnectionID      `json:"connection,omitzero"`
}

// TargetDeletionFailed: the network goes on showing the post.
type TargetDeletionFailed struct {
	Account domain.AccountID `json:"account"`
	Code    string           `json:"code"` // the network's own
	Detail  string           `json:"detail"`
	By      domain.UserID    `json:"by"` // who wanted it gone, and is told

	// Through whose connection it was tried last (R43).

	Mode       workspace.CredentialMode `json:"mode,omitempty"`
	Holder     domain.UserID            `json:"holder,omitzero"`
	Connection domain.ConnectionID      `json:"connection,omitzero"`
}

// The events' names in the log.

func (TargetHandedOver) EventType() string        { return "post.target_handed_over.v1" }
func (TargetConfirmed) EventType() string         { return "post.target_confirmed.v1" }
func (Deletion) EventType() string                { return "post.deleted.v1" }
func (TargetDeletionRequested) EventType() string { return "post.target_deletion_requested.v1" }
func (TargetDeleted) EventType() string           { return "post.target_deleted.v1" }
func (TargetDeletionFailed) EventType() string    { return "post.target_deletion_failed.v1" }
