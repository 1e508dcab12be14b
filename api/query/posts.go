package query

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections/reading"
	"behalf/projections/reading/posts"
)

func (d *Desk) mountPosts(api huma.API) {
	const seen = "Everybody's posts on the accounts that you see (R27, R28), with the targets on those accounts; of drafts, those that are shared and whose accounts you all have, and your own (R31)."
	inside(d, api, "posts", "/v1/workspaces/{workspace}/posts", "The posts of a workspace, the newest first.", seen, d.posts)
	inside(d, api, "post", "/v1/workspaces/{workspace}/posts/{post}", "One post, with how far it has come on each account, and who may still approve it.", seen, d.post)
	d.mountPlans(api)
	d.mountTalks(api)
}

// Post is one piece of content and where it goes.
type Post struct {
	ID         domain.PostID `json:"id" doc:"The post's id."`
	Author     domain.UserID `json:"author" doc:"Who wrote it."`
	AuthorName string        `json:"author_name,omitempty" doc:"What people call them; absent for who is no member any more."`
	Text       string        `json:"text" doc:"What it says."`
	Link       string        `json:"link,omitempty" doc:"Its link."`
	Media      []post.Media  `json:"media,omitempty" doc:"Its pictures and films."`
	Revision   int           `json:"revision" doc:"How often it was written."`
	RevisedBy  domain.UserID `json:"revised_by,omitzero" doc:"Who wrote this revision."`
	Private    bool          `json:"private,omitempty" doc:"Whether its author alone sees this draft (R31)."`
	Unreadable bool          `json:"unreadable,omitempty" doc:"What it says cannot be read any more."`
	Zone       string        `json:"zone,omitempty" doc:"The author's time zone, for display."`
	WrittenAt  time.Time     `json:"written_at" doc:"When it was written first."`
	Targets    []Target      `json:"targets" doc:"By account."`
}

// Target is how far a post has come on one account (R58).
type Target struct {
	Account     domain.AccountID `json:"account" doc:"The account."`
	Name        string           `json:"name" doc:"What it is called."`
	Network     string           `json:"network" doc:"Where it is."`
	State       post.TargetState `json:"state" enum:"draft,waiting,declined,scheduled,claimed,handed_over,published,failed,unknown,needs_reauthentication,missed,deleting" doc:"How far it has come."`
	Due         time.Time        `json:"due,omitzero" doc:"When it is to be published."`
	NotBefore   time.Time        `json:"not_before,omitzero" doc:"When it is tried next, at the earliest."`
	Gates       []post.Gate      `json:"gates,omitempty" doc:"What it waits for (R50, R51)."`
	Asked       []domain.UserID  `json:"asked,omitempty" doc:"Who may let the gates pass, as the workspace is now. In the answer about one post alone."`
	Approvals   []post.Approval  `json:"approvals,omitempty" doc:"Who has approved this revision. In the answer about one post alone."`
	OnApproval  bool             `json:"on_approval,omitempty" doc:"It goes out as soon as it is approved; due says until when it can be."`
	Note        string           `json:"note,omitempty" doc:"What whoever declined it wants changed (R55)."`
	Own         *Said            `json:"own,omitempty" doc:"What it says on this account instead."`
	Deadline    time.Time        `json:"deadline,omitzero" doc:"Until when the attempt may last, or until when it is to be posted by hand."`
	PublishedAt time.Time        `json:"published_at,omitzero" doc:"Since when the network shows it."`
	Identity    string           `json:"identity,omitempty" doc:"The posting identity that the post chose (R39)."`

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

// Said is what a post says on one account instead of everywhere.
type Said struct {
	Text  string       `json:"text,omitempty" doc:"The text there."`
	Link  string       `json:"link,omitempty" doc:"The link there."`
	Media []post.Media `json:"media,omitempty" doc:"The media there."`
}

type postsInput struct {
	In
	Pages
	Author  domain.UserID    `query:"author" doc:"Only this member's posts."`
	Account domain.AccountID `query:"account" doc:"Only posts that go to this account."`
	State   post.TargetState `query:"state" enum:"draft,waiting,declined,scheduled,claimed,handed_over,published,failed,unknown,needs_reauthentication,missed,deleting" doc:"Only posts with a target that has come so far; with account, on that one."`
	Waiting bool             `query:"waiting_for_me" doc:"Only posts that wait for an approval that you may give and have not given, or that is enough now if you give it again (R50-R53)."`
}

type postsOutput struct {
	Body struct {
		Reached
		Posts []Post `json:"posts" doc:"The newest first."`
		page.Out
	} `nameHint:"Posts"`
}

func (d *Desk) posts(ctx context.Context, admission access.Admission, views *reading.Reader, input *postsInput) (*postsOutput, error) {
	list := page.List{"posts", admission.ID, admission.Member.User, input.Author, input.Account, input.State, input.Waiting}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	asked := posts.Page{
		SeenBy: seenBy(admission), Viewer: admission.Member.User, Limit: input.Limit + 1,
		Author: input.Author, Account: input.Account, State: input.State,
	}
	if input.Waiting {
		asked.Waiting = approverIn(admission)
	}
	if before != nil {
		asked.Before = *before
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]posts.Post], error) {
		return posts.List(ctx, views, admission.Scope(), input.Position, asked)
	})
	if err != nil {
		return nil, err
	}
	output := &postsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(p posts.Post) int64 { return p.Position })
	output.Body.Posts = make([]Post, len(found))
	for i, p := range found {
		output.Body.Posts[i] = postOf(p)
	}
	return output, err
}

// approverIn says where the member lets gates pass.
func approverIn(admission access.Admission) *posts.Approver {
	approver := &posts.Approver{}
	for account := range admission.Workspace.Accounts {
		switch post.ApproverOf(admission.Member, account) {
		case post.TeamGate:
			approver.Team = append(approver.Team, account)
		case post.ClientGate:
			approver.Client = append(approver.Client, account)
			for _, client := range post.ClientsNeeded(admission.Workspace, account) {
				approver.Needed = append(approver.Needed, posts.Needed{Account: account, Client: client})
			}
		}
	}
	return approver
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

func (d *Desk) post(ctx context.Context, admission access.Admission, views *reading.Reader, input *postInput) (*postOutput, error) {
	id, known, err := d.seePost(ctx, admission, input.Post)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[posts.Post], error) {
		return posts.Find(ctx, views, admission.Scope(), input.Position, id, seenBy(admission))
	})
	if err != nil {
		return nil, err
	}
	output := &postOutput{}
	output.Body.Reached, output.Body.Post = reached, postOf(found)
	for i, target := range output.Body.Targets {
		output.Body.Targets[i].Asked = known.StillAsked(admission.Workspace, target.Account)
		output.Body.Targets[i].Approvals = known.Targets[target.Account].Approvals
	}
	return output, nil
}

// seePost reads a post from the log. What is not there is answered by the view,
// which may be asked for something newer; a draft that somebody else keeps
// private does not exist (R31, R32).
func (d *Desk) seePost(ctx context.Context, admission access.Admission, text string) (id domain.PostID, p post.Post, err error) {
	if err := id.UnmarshalText([]byte(text)); err != nil || id.IsZero() {
		return id, p, domain.Hidden()
	}
	loaded, err := d.Store.Load(ctx, admission.Scope(), post.Stream(id))
	if err != nil {
		return id, p, err
	}
	p = *domain.Fact[*post.Post](loaded.Facts, post.Stream(id))
	if p.Exists() && p.IsHiddenFrom(admission.Member.User) {
		return id, p, domain.Hidden()
	}
	return id, p, nil
}

func postOf(p posts.Post) Post {
	content, readable := contentOf(p.Content, p.Text)
	shown := Post{
		ID: p.ID, Author: p.Author, AuthorName: p.AuthorName.Reveal(), Text: content.Text, Link: content.Link, Media: content.Media,
		Unreadable: !readable, Revision: p.Revision, RevisedBy: p.Reviser, Private: p.Private, Zone: p.Zone,
		WrittenAt: p.WrittenAt, Targets: make([]Target, len(p.Targets)),
	}
	for i, t := range p.Targets {
		shown.Targets[i] = Target{
			Account: t.Account, Name: t.AccountName, Network: t.Network, State: t.State, Due: t.Due, NotBefore: t.NotBefore,
			Gates: t.Gates, Identity: t.Identity, Remote: t.Remote, URL: t.URL, Code: t.Code, Detail: t.Detail,
			Attempt: t.Attempt, Mode: t.Mode, Holder: t.Holder, HolderName: t.HolderName.Reveal(), Connection: t.Connection,
			PostedAs: t.PostedAs, Rules: t.Rules, OnApproval: t.OnApproval, Note: t.Note.Reveal(), Deadline: t.Deadline,
			PublishedAt: t.PublishedAt, Own: ownOf(content, t.Account),
		}
	}
	return shown
}

// contentOf reads what was opened, or what stands there in plain words. What
// cannot be read any more says so.
func contentOf(opened personal.Text, plain string) (content post.Content, readable bool) {
	if opened.IsZero() {
		return post.Content{Text: plain}, true
	}
	content, err := post.ReadContent(opened)
	if err != nil {
		return post.Content{Text: opened.Reveal()}, false
	}
	return content, true
}

// ownOf is what a content says on an account alone; nil for most.
func ownOf(content post.Content, account domain.AccountID) *Said {
	for _, target := range content.Targets {
		if target.Account == account && (target.Text != "" || target.Link != "" || target.Media != nil) {
			return &Said{Text: target.Text, Link: target.Link, Media: target.Media}
		}
	}
	return nil
}
