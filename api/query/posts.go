package query

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections"
)

func (d *Desk) mountPosts(api huma.API) {
	const seen = "Everybody's posts on the accounts that you see (R27, R28), with the targets on those accounts."
	get(api, "posts", "/v1/workspaces/{workspace}/posts", "The posts of a workspace, the newest first.", seen, d.posts)
	get(api, "post", "/v1/workspaces/{workspace}/posts/{post}", "One post, with how far it has come on each account.", seen, d.post)
}

// Post is one piece of content and where it goes.
type Post struct {
	ID         domain.PostID `json:"id" doc:"The post's id."`
	Author     domain.UserID `json:"author" doc:"Who wrote it."`
	AuthorName string        `json:"author_name,omitempty" doc:"What people call them; absent for who is no member any more."`
	Text       string        `json:"text" doc:"What it says."`
	Revision   int           `json:"revision" doc:"How often it was written."`
	Zone       string        `json:"zone,omitempty" doc:"The author's time zone, for display."`
	WrittenAt  time.Time     `json:"written_at" doc:"When it was written first."`
	Targets    []Target      `json:"targets" doc:"By account."`
}

// Target is how far a post has come on one account (R58).
type Target struct {
	Account   domain.AccountID `json:"account" doc:"The account."`
	Name      string           `json:"name" doc:"What it is called."`
	Network   string           `json:"network" doc:"Where it is."`
	State     post.TargetState `json:"state" enum:"draft,waiting,scheduled,claimed,published,failed,unknown,needs_reauthentication,missed" doc:"How far it has come."`
	Due       time.Time        `json:"due,omitzero" doc:"When it is to be published."`
	NotBefore time.Time        `json:"not_before,omitzero" doc:"When it is tried next, at the earliest."`
	Gates     []post.Gate      `json:"gates,omitempty" doc:"What it waits for (R50, R51)."`
	Identity  string           `json:"identity,omitempty" doc:"The posting identity that the post chose (R39)."`

	// Whose credentials the latest attempt used, or the next one waits for (R43).

	Attempt    domain.AttemptID         `json:"attempt,omitzero" doc:"The latest attempt; absent before there was one."`
	Mode       workspace.CredentialMode `json:"mode,omitempty" enum:"owner,member" doc:"Whose connection: of the latest attempt, or what is waited for (R43)."`
	Holder     domain.UserID            `json:"holder,omitzero" doc:"Whose it is, and who mends it."`
	HolderName string                   `json:"holder_name,omitempty" doc:"What people call them."`
	Connection domain.ConnectionID      `json:"connection,omitzero" doc:"Which connection; absent if there is none."`
	PostedAs   string                   `json:"posted_as,omitempty" doc:"Posting identity."`
	Rules      []string                 `json:"rules,omitempty" doc:"Why this connection."`

	Remote string `json:"remote,omitempty" doc:"The network's id of the published post."`
	URL    string `json:"url,omitempty" doc:"Where people see it."`
	Code   string `json:"code,omitempty" doc:"Why it is not published, for machines."`
	Detail string `json:"detail,omitempty" doc:"The same for people."`
}

type postsInput struct {
	In
	Pages
	Author  domain.UserID    `query:"author" doc:"Only this member's posts."`
	Account domain.AccountID `query:"account" doc:"Only posts that go to this account."`
	State   post.TargetState `query:"state" enum:"draft,waiting,scheduled,claimed,published,failed,unknown,needs_reauthentication,missed" doc:"Only posts with a target that has come so far; with account, on that one."`
}

type postsOutput struct {
	Body struct {
		Reached
		Posts []Post `json:"posts" doc:"The newest first."`
		page.Out
	} `nameHint:"Posts"`
}

func (d *Desk) posts(ctx context.Context, input *postsInput) (*postsOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	list := page.List{"posts", admission.ID, admission.Member.User, input.Author, input.Account, input.State}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	asked := projections.PostPage{
		SeenBy: seenBy(admission), Limit: input.Limit + 1, Author: input.Author, Account: input.Account, State: input.State,
	}
	if before != nil {
		asked.Before = *before
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (projections.Answer[[]projections.Post], error) {
		return d.Views.Posts(ctx, admission.Scope(), input.Position, asked)
	})
	if err != nil {
		return nil, err
	}
	output := &postsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(p projections.Post) int64 { return p.Position })
	output.Body.Posts = make([]Post, len(found))
	for i, p := range found {
		output.Body.Posts[i] = postOf(p)
	}
	return output, err
}

type postInput struct {
	In
	Post string `path:"post" doc:"The post."`
}

type postOutput struct {
	Body struct {
		Reached
		Post
	} `nameHint:"OnePost"`
}

func (d *Desk) post(ctx context.Context, input *postInput) (*postOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	var id domain.PostID
	if err := id.UnmarshalText([]byte(input.Post)); err != nil {
		return nil, domain.Hidden()
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (projections.Answer[projections.Post], error) {
		return d.Views.Post(ctx, admission.Scope(), input.Position, id, seenBy(admission))
	})
	if err != nil {
		return nil, err
	}
	output := &postOutput{}
	output.Body.Reached, output.Body.Post = reached, postOf(found)
	return output, nil
}

func postOf(p projections.Post) Post {
	shown := Post{
		ID: p.ID, Author: p.Author, AuthorName: p.AuthorName.Reveal(), Text: p.Text, Revision: p.Revision, Zone: p.Zone,
		WrittenAt: p.WrittenAt, Targets: make([]Target, len(p.Targets)),
	}
	for i, t := range p.Targets {
		shown.Targets[i] = Target{
			Account: t.Account, Name: t.AccountName, Network: t.Network, State: t.State, Due: t.Due, NotBefore: t.NotBefore,
			Gates: t.Gates, Identity: t.Identity, Remote: t.Remote, URL: t.URL, Code: t.Code, Detail: t.Detail,
			Attempt: t.Attempt, Mode: t.Mode, Holder: t.Holder, HolderName: t.HolderName.Reveal(), Connection: t.Connection,
			PostedAs: t.PostedAs, Rules: t.Rules,
		}
	}
	return shown
}
