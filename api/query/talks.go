package query

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/projections/reading"
	"behalf/projections/reading/posts"
)

func (d *Desk) mountTalks(api huma.API) {
	inside(d, api, "post-revisions", "/v1/workspaces/{workspace}/posts/{post}/revisions", "What a post said, revision by revision.",
		"For whoever sees the post. What it says on single accounts is shown of those that you see.", d.revisions)
	inside(d, api, "post-difference", "/v1/workspaces/{workspace}/posts/{post}/difference", "What changed in a post between two of its revisions.",
		"For whoever sees the post.", d.difference)
	inside(d, api, "post-comments", "/v1/workspaces/{workspace}/posts/{post}/comments", "What was said about a post, the newest first.",
		"For whoever sees the post.", d.comments)
}

// Revision is what a post said at some time.
type Revision struct {
	Revision   int                `json:"revision" doc:"Its number, from 1."`
	By         domain.UserID      `json:"by" doc:"Who wrote it."`
	ByName     string             `json:"by_name,omitempty" doc:"What people call them."`
	At         time.Time          `json:"at" doc:"When."`
	Text       string             `json:"text" doc:"What it said."`
	Link       string             `json:"link,omitempty" doc:"Its link."`
	Media      []post.Media       `json:"media,omitempty" doc:"Its pictures and films."`
	Targets    []post.Destination `json:"targets" doc:"Where it was to go, and what it said there instead."`
	Unreadable bool               `json:"unreadable,omitempty" doc:"What it said cannot be read any more."`
}

type revisionsInput struct {
	In
	Pages
	Post string `path:"post" doc:"The post."`
}

type revisionsOutput struct {
	Body struct {
		Reached
		Revisions []Revision `json:"revisions" doc:"The newest first."`
		page.Out
	} `nameHint:"Revisions"`
}

// mustSee is seePost for what is known of the post alone: it has to be there.
func (d *Desk) mustSee(ctx context.Context, admission access.Admission, text string) (domain.PostID, error) {
	id, p, err := d.seePost(ctx, admission, text)
	if err == nil && (p.Workspace != admission.ID || !p.SeenBy(admission.Member)) {
		err = domain.Hidden()
	}
	return id, err
}

func (d *Desk) revisions(ctx context.Context, admission access.Admission, views *reading.Reader, input *revisionsInput) (*revisionsOutput, error) {
	id, err := d.mustSee(ctx, admission, input.Post)
	if err != nil {
		return nil, err
	}
	list := page.List{"revisions", admission.ID, id, admission.Member.User}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]posts.Revision], error) {
		return posts.Revisions(ctx, views, admission.Scope(), input.Position, id, nil, before, input.Limit+1)
	})
	if err != nil {
		return nil, err
	}
	output := &revisionsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(r posts.Revision) int64 { return int64(r.Revision) })
	output.Body.Revisions = make([]Revision, len(found))
	for i, r := range found {
		output.Body.Revisions[i] = revisionOf(admission, r)
	}
	return output, err
}

func revisionOf(admission access.Admission, r posts.Revision) Revision {
	content, readable := contentOf(r.Content, r.Text)
	shown := Revision{
		Revision: r.Revision, By: r.By, ByName: r.ByName.Reveal(), At: r.At,
		Text: content.Text, Link: content.Link, Media: content.Media, Unreadable: !readable, Targets: []post.Destination{},
	}
	own := map[domain.AccountID]post.Destination{}
	for _, target := range content.Targets {
		own[target.Account] = target
	}
	for _, account := range r.Accounts {
		if !admission.Member.Holds(account) {
			continue
		}
		target := own[account]
		target.Account = account
		shown.Targets = append(shown.Targets, target)
	}
	return shown
}

type differenceInput struct {
	In
	Post string `path:"post" doc:"The post."`
	From int    `query:"from" required:"true" minimum:"1" doc:"One revision."`
	To   int    `query:"to" required:"true" minimum:"1" doc:"The other one."`
}

type differenceOutput struct {
	Body struct {
		Reached
		From    Revision `json:"from" doc:"The one."`
		To      Revision `json:"to" doc:"The other one."`
		Changes []Change `json:"changes" doc:"What differs, in the order of the content."`
	} `nameHint:"Difference"`
}

func (d *Desk) difference(ctx context.Context, admission access.Admission, views *reading.Reader, input *differenceInput) (*differenceOutput, error) {
	id, err := d.mustSee(ctx, admission, input.Post)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]posts.Revision], error) {
		return posts.Revisions(ctx, views, admission.Scope(), input.Position, id, []int{input.From, input.To}, nil, 0)
	})
	if err != nil {
		return nil, err
	}
	both := map[int]Revision{}
	for _, r := range found {
		both[r.Revision] = revisionOf(admission, r)
	}
	from, known := both[input.From]
	to, also := both[input.To]
	if !known || !also {
		return nil, domain.Hidden()
	}
	output := &differenceOutput{}
	output.Body.Reached, output.Body.From, output.Body.To, output.Body.Changes = reached, from, to, differences(from, to)
	return output, nil
}

// Comment is something that was said about a post.
type Comment struct {
	ID     domain.CommentID `json:"id" doc:"The comment's id."`
	By     domain.UserID    `json:"by" doc:"Who said it."`
	ByName string           `json:"by_name,omitempty" doc:"What people call them."`
	At     time.Time        `json:"at" doc:"When."`
	Text   string           `json:"text" doc:"What they said."`
}

type commentsOutput struct {
	Body struct {
		Reached
		Comments []Comment `json:"comments" doc:"The newest first."`
		page.Out
	} `nameHint:"Comments"`
}

func (d *Desk) comments(ctx context.Context, admission access.Admission, views *reading.Reader, input *revisionsInput) (*commentsOutput, error) {
	id, err := d.mustSee(ctx, admission, input.Post)
	if err != nil {
		return nil, err
	}
	list := page.List{"comments", admission.ID, id, admission.Member.User}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]posts.Comment], error) {
		return posts.Comments(ctx, views, admission.Scope(), input.Position, id, before, input.Limit+1)
	})
	if err != nil {
		return nil, err
	}
	output := &commentsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(c posts.Comment) int64 { return c.Position })
	output.Body.Comments = make([]Comment, len(found))
	for i, c := range found {
		output.Body.Comments[i] = Comment{ID: c.ID, By: c.By, ByName: c.ByName.Reveal(), At: c.At, Text: c.Text.Reveal()}
	}
	return output, err
}
