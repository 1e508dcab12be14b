package posts

import (
	"slices"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections/rows"
)

// edited replaces the content, and sets back what had been approved of it.
func edited(recorded eventstore.Recorded, e post.Edited) []rows.Change {
	id := domain.PostID(recorded.Stream.ID)
	media := e.Media
	if media == nil {
		media = []domain.MediaID{}
	}
	changes := []rows.Change{
		posts.Patch(ofPost(recorded), rows.Values{
			"text": "", "content": e.Content, "media": media, "revision": e.Revision, "reviser_id": e.By,
		}),
		revisions.Put(revisionRow{
			Post: id, Revision: e.Revision, Workspace: recorded.Workspace, By: e.By, At: recorded.RecordedAt,
			Content: e.Content, Accounts: placesOf(e.Targets),
		}),
		approvals.Delete(ofPost(recorded)),
	}
	for _, account := range e.Removed {
		changes = append(changes, targets.Delete(onAccount(recorded, account)))
	}
	for _, place := range e.Targets {
		set := rows.Values{}
		switch {
		case slices.Contains(e.Added, place.Account):
			changes = append(changes, targets.Put(draft(recorded, e.Author, place)))
			continue
		case slices.Contains(e.Open, place.Account):
			set = rows.Values{"identity": place.Identity, "gates": gatesOn(e.Gates, place.Account), "position": recorded.Position}
		}
		if slices.Contains(e.Planned, place.Account) {
			set["state"], set["waiting_since"] = waitsOrDue(e.Gates[place.Account]), recorded.RecordedAt
		}
		if len(set) > 0 {
			changes = append(changes, targets.Patch(onAccount(recorded, place.Account), set))
		}
	}
	return changes
}

func gatesOn(gates map[domain.AccountID][]post.Gate, account domain.AccountID) []post.Gate {
	if open := gates[account]; open != nil {
		return open
	}
	return []post.Gate{}
}

func waitsOrDue(gates []post.Gate) post.TargetState {
	if len(gates) > 0 {
		return post.Waiting
	}
	return post.Due
}

// deleted takes away what is gone here; with the last of it, the post.
func deleted(recorded eventstore.Recorded, e post.Deletion) []rows.Change {
	if e.Whole {
		key := ofPost(recorded)
		return []rows.Change{
			posts.Delete(key), targets.Delete(key), revisions.Delete(key), approvals.Delete(key), comments.Delete(key),
		}
	}
	var changes []rows.Change
	for _, account := range e.Accounts {
		changes = append(changes, targets.Delete(onAccount(recorded, account)))
	}
	return changes
}

// passed takes a post, or some of its targets, from an author who may not post
// there any more (R61).
func passed(recorded eventstore.Recorded, e post.Passed) []rows.Change {
	id := domain.PostID(recorded.Stream.ID)
	var changes []rows.Change
	if e.Whole {
		changes = append(changes, posts.Patch(rows.Values{"post_id": id}, rows.Values{"author_id": e.To}))
	}
	for _, account := range e.Accounts {
		changes = append(changes, targets.Patch(
			rows.Values{"post_id": id, "account_id": account}, rows.Values{
				"author_id": e.To, "author_since": recorded.Position, "identity": "", "position": recorded.Position,
			}))
	}
	for _, account := range e.Drafts {
		changes = append(changes, targets.Patch(
			rows.Values{"post_id": id, "account_id": account}, rows.Values{"state": post.Draft}))
	}
	return changes
}

// scheduled moves the targets that the event names, or all of the post; those
// with gates wait for approval.
func scheduled(recorded eventstore.Recorded, e post.Scheduled) []rows.Change {
	set := func(gates []post.Gate) rows.Values {
		return rows.Values{
			"state": waitsOrDue(gates), "due": e.At.UTC(), "not_before": e.At.UTC(), "gates": gates,
			"on_approval": e.OnApproval && len(gates) > 0, "code": "", "detail": "", "note": personal.Text{}, "position": recorded.Position,
			"waiting_since": recorded.RecordedAt, "reminded": false,
		}
	}
	changes := []rows.Change{posts.Patch(ofPost(recorded), rows.Values{"revision": e.Revision, "zone": e.Zone, "private": false})}
	if len(e.Accounts) == 0 {
		changes = append(changes, targets.Patch(ofPost(recorded), set([]post.Gate{})))
	}
	for _, account := range e.Accounts {
		changes = append(changes, targets.Patch(onAccount(recorded, account), set(gatesOn(e.Gates, account))))
	}
	if len(e.Accounts) > 0 {
		return changes
	}
	for account, gates := range e.Gates {
		if len(gates) > 0 {
			changes = append(changes, targets.Patch(onAccount(recorded, account), set(gates)))
		}
	}
	return changes
}
