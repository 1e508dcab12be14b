package archive

import (
	"archive/zip"
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// written is one post, with everything that happened to it.
type written struct {
	ID        domain.PostID `json:"id"`
	Author    domain.UserID `json:"author"`
	Revisions []revision    `json:"revisions"`
	Targets   []target      `json:"targets"`
	Happened  []happened    `json:"happened"`
}

// revision is the post as it was written, and written again.
type revision struct {
	Revision int             `json:"revision"`
	By       domain.UserID   `json:"by,omitzero"`
	At       time.Time       `json:"at"`
	Content  json.RawMessage `json:"content"`
}

type target struct {
	Account domain.AccountID `json:"account"`
	Author  domain.UserID    `json:"author"`
	State   post.TargetState `json:"state"`
	Due     time.Time        `json:"due,omitzero"`
	URL     string           `json:"url,omitempty"`
}

type happened struct {
	Type string          `json:"type"`
	At   time.Time       `json:"at"`
	By   domain.UserID   `json:"by,omitzero"` // none: a part of Behalf
	Data json.RawMessage `json:"data"`
}

const sqlPosts = `
select
	post_id,
	position
from views.posts
where workspace_id = $1
	and position > $2
order by position
limit $3`

const postsPerPage = 200

// posts writes the posts one a line, the oldest first. Drafts that somebody
// else than the Owner keeps private are counted, and left out (R31).
func (b *book) posts(ctx context.Context) error {
	file, err := b.begin("data/posts.jsonl", zip.Deflate)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(file)
	lines.SetEscapeHTML(false)
	for after := int64(0); ; {
		page, err := b.postsAfter(ctx, &after)
		if err != nil {
			return err
		}
		for _, id := range page {
			one, hidden, err := b.post(ctx, id)
			if err != nil {
				return err
			}
			if hidden {
				b.private++
				continue
			}
			if err := lines.Encode(one); err != nil {
				return err
			}
		}
		if len(page) < postsPerPage {
			return nil
		}
	}
}

func (b *book) postsAfter(ctx context.Context, after *int64) (ids []domain.PostID, err error) {
	rows, err := b.Pool.Query(ctx, sqlPosts, pgtype.UUID{Bytes: b.id, Valid: true}, *after, postsPerPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id domain.PostID
		if err := rows.Scan((*[16]byte)(&id), after); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// inPlainWords is an event's data with its sealed texts opened.
func (b *book) inPlainWords(ctx context.Context, event domain.Event) ([]byte, error) {
	opened, err := personal.Opened(ctx, b.Persons, event)
	if err != nil {
		return nil, err
	}
	return codec.Encode(personal.Show(opened))
}

// post gathers one post, and answers whether it is hidden from the Owner.
func (b *book) post(ctx context.Context, id domain.PostID) (one written, hidden bool, err error) {
	var state post.Post
	one = written{ID: id, Targets: []target{}}
	urls := map[domain.AccountID]string{}
	for recorded, err := range b.Store.Read(ctx, eventstore.Scope{Workspace: b.id}, post.Stream(id), eventstore.UpTo{}) {
		if err != nil {
			return one, false, err
		}
		before := state.Revision
		state.Evolve(recorded.Event)
		if e, is := recorded.Event.(post.TargetPublished); is {
			urls[e.Account] = e.URL
		}
		data, err := b.inPlainWords(ctx, recorded.Event)
		if err != nil {
			return one, false, err
		}
		if state.Revision != before {
			one.Revisions = append(one.Revisions, revision{
				Revision: state.Revision, By: recorded.Metadata.Actor, At: recorded.RecordedAt.UTC(), Content: data,
			})
		}
		one.Happened = append(one.Happened, happened{
			Type: recorded.Type, At: recorded.RecordedAt.UTC(), By: recorded.Metadata.Actor, Data: data,
		})
	}
	one.Author = state.Author
	for _, account := range sorted(state.Targets) {
		t := state.Targets[account]
		one.Targets = append(one.Targets, target{Account: account, Author: t.Author, State: t.State, Due: t.Due, URL: urls[account]})
	}
	return one, state.IsHiddenFrom(b.state.Owner), nil
}
