package posts

import (
	"encoding/json"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// Edited is the event of giving the post another content.
func Edited(by domain.Actor, author domain.Actor, content post.Content) post.Edited {
	says, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	e := post.Edited{Revision: 2, By: by.User, Author: author.User, Content: personal.Workspace(scenario.Acme).Says(string(says))}
	for _, target := range content.Targets {
		e.Targets = append(e.Targets, post.Place{Account: target.Account, Identity: target.Identity})
	}
	return e
}

// NewText is another content, for News alone.
func NewText() post.Content {
	return post.Content{Text: "Hello again", Targets: []post.Destination{{Account: scenario.News}}}
}

// What becomes of News while it waits for a person.
var (
	Resolve   = ending.ResolveUnknown{Post: ThePost, Account: scenario.News}
	HeldNews  = post.TargetNeedsReauthentication{Account: scenario.News, Mode: workspace.OwnerMode, Holder: scenario.Olivia}
	TeamsGate = map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}
)

// FromEdith is Edith's post to News, due now and approved.
func FromEdith() []domain.Change {
	yes := Approved(Owner, post.TeamGate)
	return OnPost(Wrote(Editor, ToNews()), post.Scheduled{Revision: 1, At: Now, Gates: TeamsGate}, yes)
}

// EdithEdits is her post with another content, which nobody is asked about yet.
func EdithEdits() post.Edited {
	e := Edited(Editor, Editor, NewText())
	e.Open, e.Gates = NewsAlone, TeamsGate
	return e
}

// After folds the post.
func After(history ...[]domain.Change) post.Post {
	var p post.Post
	for _, changes := range history {
		for _, change := range changes {
			p.Evolve(change.Event)
		}
	}
	return p
}
