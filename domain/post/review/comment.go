package review

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// maxComments bounds what is said about one post.
const maxComments = 1_000

// CommentOnPost says something about a post, to everybody who sees it.
type CommentOnPost struct {
	Post domain.PostID `json:"post" doc:"The post."`
	Text string        `json:"text" minLength:"1" maxLength:"5000" doc:"What to say."`
}

// Decide takes it from every member who sees the post (else R32), and refuses
// with R31 a text that says nothing, or a post with a thousand comments.
func (c CommentOnPost) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	if _, err := p.Reader(ws, w, by); err != nil {
		return nil, err
	}
	switch {
	case !domain.IsText(c.Text, maxNote):
		return nil, domain.Wrong(domain.R31, "text", "malformed_comment", "A comment has 1 to 5000 characters and no control characters.")
	case len(p.Comments) >= maxComments:
		return nil, domain.Clash(domain.R31, "too_many_comments", "A post has at most 1000 comments.")
	}
	return []domain.Event{post.Commented{Comment: by.NewCommentID(), By: by.User, Text: personal.Workspace(ws).Says(c.Text)}}, nil
}

// DeleteComment takes back what one has said about a post.
type DeleteComment struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Comment domain.CommentID `json:"comment" doc:"The comment."`
}

// Decide refuses with R28 what somebody else has said.
func (c DeleteComment) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	if _, err := p.Reader(ws, w, by); err != nil {
		return nil, err
	}
	said, known := p.Comments[c.Comment]
	switch {
	case !known:
		return nil, domain.Hidden()
	case said != by.User:
		return nil, domain.Forbid(domain.R28, "not_your_comment", "Everybody takes back only what they have said themselves.")
	}
	return []domain.Event{post.CommentDeleted{Comment: c.Comment, By: by.User}}, nil
}
