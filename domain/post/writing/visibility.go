package writing

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// SharePost shows a draft to all who have its accounts (R31).
type SharePost struct {
	Post domain.PostID `json:"post" doc:"The draft."`
}

// Decide refuses with R31 everybody but the author, and what is no draft.
func (c SharePost) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	return show(p, ws, w, by, false)
}

// KeepPrivate hides a draft from everybody but its author (R31).
type KeepPrivate struct {
	Post domain.PostID `json:"post" doc:"The draft."`
}

// Decide refuses with R31 everybody but the author, and what is no draft.
func (c KeepPrivate) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	return show(p, ws, w, by, true)
}

func show(p post.Post, ws domain.WorkspaceID, w workspace.Workspace, by domain.Actor, private bool) ([]domain.Event, error) {
	if _, err := p.Reader(ws, w, by); err != nil {
		return nil, err
	}
	switch {
	case p.Author != by.User:
		return nil, domain.Forbid(domain.R31, "authors_alone", "Only its author shares a draft or keeps it private.")
	case !p.IsDraft():
		return nil, domain.Clash(domain.R31, "no_draft", "This is no draft any more: all who have its accounts see it.")
	case p.Private == private:
		return nil, nil
	}
	return []domain.Event{post.VisibilityChanged{Private: private}}, nil
}
