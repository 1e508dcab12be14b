package post

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
)

// Written: a member wrote a post. Its revision is 1.
type Written struct {
	Workspace domain.WorkspaceID `json:"workspace"`
	Author    domain.UserID      `json:"author"`
	Content   personal.Text      `json:"content"`         // a Content, under the workspace's key
	Media     []domain.MediaID   `json:"media,omitempty"` // that it uses
	Targets   []Place            `json:"targets"`
	Private   bool               `json:"private,omitempty"` // R31
	Of        domain.PostID      `json:"of,omitzero"`       // the post that it is a copy of
}

// WrittenPlain is Written as it was before workspaces had keys: the text stands
// in it in plain words. It is read, and not written any more.
type WrittenPlain struct {
	Workspace domain.WorkspaceID `json:"workspace"`
	Author    domain.UserID      `json:"author"`
	Text      string             `json:"text"`
	Targets   []Place            `json:"targets"`
}

// Now is the event as it would be written today, but for the sealing.
func (e WrittenPlain) Now() Written {
	content := Content{Text: e.Text}
	for _, place := range e.Targets {
		content.Targets = append(content.Targets, Destination{Account: place.Account, Identity: place.Identity})
	}
	return Written{Workspace: e.Workspace, Author: e.Author, Content: content.Seal(e.Workspace), Targets: e.Targets}
}

// Edited: the content was replaced, whole. Targets that have gone out, or may
// have, stay as they are.
type Edited struct {
	Revision int                         `json:"revision"` // of the new content
	By       domain.UserID               `json:"by"`
	Author   domain.UserID               `json:"author"`  // of the post
	Content  personal.Text               `json:"content"` // a Content, under the workspace's key
	Media    []domain.MediaID            `json:"media,omitempty"`
	Targets  []Place                     `json:"targets"`           // all, those included that stay as they are
	Added    []domain.AccountID          `json:"added,omitempty"`   // of them; drafts at first
	Removed  []domain.AccountID          `json:"removed,omitempty"` // to which it does not go any more
	Open     []domain.AccountID          `json:"open,omitempty"`    // which were there and may still go out: their approvals are void (R54)
	Planned  []domain.AccountID          `json:"planned,omitempty"` // of these, which are to go out by themselves
	Gates    map[domain.AccountID][]Gate `json:"gates,omitempty"`   // that were opened again
	Asked    []domain.UserID             `json:"asked,omitempty"`   // who may approve what waits
}

// VisibilityChanged: a draft was shared, or is its author's alone now (R31).
type VisibilityChanged struct {
	Private bool `json:"private"`
}

// Commented: a member said something about the post.
type Commented struct {
	Comment domain.CommentID `json:"comment"`
	By      domain.UserID    `json:"by"`
	Text    personal.Text    `json:"text"` // under the workspace's key
}

// CommentDeleted: who had said it took it back.
type CommentDeleted struct {
	Comment domain.CommentID `json:"comment"`
	By      domain.UserID    `json:"by"`
}

// Rescheduled: targets that were planned go out at another moment. What was
// approved stays approved.
type Rescheduled struct {
	Accounts []domain.AccountID `json:"accounts"`
	At       time.Time          `json:"at"`
	Zone     string             `json:"zone,omitempty"`
}

// Unscheduled: targets that were planned are drafts again.
type Unscheduled struct {
	Accounts []domain.AccountID `json:"accounts"`
}

// The events' names in the log.

func (Written) EventType() string           { return "post.written.v2" }
func (WrittenPlain) EventType() string      { return "post.written.v1" }
func (Edited) EventType() string            { return "post.edited.v1" }
func (VisibilityChanged) EventType() string { return "post.visibility_changed.v1" }
func (Commented) EventType() string         { return "post.commented.v1" }
func (CommentDeleted) EventType() string    { return "post.comment_deleted.v1" }
func (Rescheduled) EventType() string       { return "post.rescheduled.v1" }
func (Unscheduled) EventType() string       { return "post.unscheduled.v1" }
