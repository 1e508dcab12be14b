package posts

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/eventstore"
	"behalf/projections/rows"
)

// handleTarget follows one target's life.
func handleTarget(recorded eventstore.Recorded) []rows.Change {
	var never time.Time
	switch e := recorded.Event.(type) {
	case post.TargetScheduled:
		return target(recorded, e.Account, rows.Values{
			"state": post.Due, "due": e.At.UTC(), "not_before": e.At.UTC(), "gates": []post.Gate{}, "on_approval": false, "reminded": false,
			"deadline": never, "code": "", "detail": "", "note": personal.Text{},
		})
	case post.TargetClaimed:
		why := make([]string, len(e.Rules))
		for i, rule := range e.Rules {
			why[i] = rule.String()
		}
		return target(recorded, e.Account, rows.Values{
			"state": post.Claimed, "attempt_id": e.Attempt, "deadline": e.Deadline.UTC(),
			"mode": e.Mode, "holder_id": e.Holder, "connection_id": e.Connection, "posted_as": e.Identity, "rules": why,
			"code": "", "detail": "",
		})
	case post.TargetReleased:
		return target(recorded, e.Account, rows.Values{
			"state": post.Due, "not_before": e.NotBefore.UTC(), "deadline": never, "code": e.Code, "detail": e.Detail,
		})
	case post.TargetPublished:
		return target(recorded, e.Account, rows.Values{
			"state": post.Published, "attempt_id": e.Attempt, "deadline": never,
			"remote": e.Remote, "url": e.URL, "code": "", "detail": "", "published_at": recorded.RecordedAt,
		})
	case post.TargetConfirmed:
		return target(recorded, e.Account, rows.Values{
			"state": post.Published, "deadline": never, "url": e.URL, "code": "", "detail": "", "published_at": recorded.RecordedAt,
		})
	case post.TargetHandedOver:
		return target(recorded, e.Account, rows.Values{
			"state": post.HandedOver, "deadline": e.Deadline.UTC(), "mode": e.Mode, "holder_id": e.To, "code": "", "detail": "",
		})
	case post.TargetDeletionRequested:
		return target(recorded, e.Account, rows.Values{
			"state": post.Deleting, "deadline": e.Deadline.UTC(), "code": "", "detail": "",
		})
	case post.TargetDeletionFailed:
		return target(recorded, e.Account, rows.Values{"state": post.Published, "deadline": never, "code": e.Code, "detail": e.Detail})
	case post.TargetDeleted:
		return []rows.Change{targets.Delete(onAccount(recorded, e.Account))}
	case post.TargetFailed:
		return target(recorded, e.Account, rows.Values{
			"state": post.Failed, "deadline": never, "code": e.Code, "detail": e.Detail,
		})
	case post.TargetUnknown:
		return target(recorded, e.Account, rows.Values{
			"state": post.Unknown, "deadline": recorded.RecordedAt.Add(ending.DecideWithin), "code": "", "detail": e.Detail,
		})
	case post.TargetUnresolved:
		return target(recorded, e.Account, rows.Values{"deadline": never})
	case post.TargetTroubled:
		return target(recorded, e.Account, rows.Values{"code": e.Code, "detail": e.Detail})
	case post.TargetNeedsReauthentication:
		set := rows.Values{
			"state": post.NeedsReauthentication, "deadline": never,
			"mode": e.Mode, "holder_id": e.Holder, "connection_id": e.Connection,
			"code": e.Code, "detail": e.Detail,
		}
		if e.Attempt.IsZero() { // nothing was attempted: what the last claim said no longer explains it
			set["posted_as"], set["rules"] = "", []string{}
		}
		return target(recorded, e.Account, set)
	case post.TargetMissed:
		return target(recorded, e.Account, rows.Values{
			"state": post.Missed, "deadline": never, "code": e.Code, "detail": e.Detail,
		})
	}
	return nil
}

// target changes one target of the post whose event was recorded.
func target(recorded eventstore.Recorded, account domain.AccountID, set rows.Values) []rows.Change {
	set["position"] = recorded.Position
	return []rows.Change{targets.Patch(
		rows.Values{"post_id": domain.PostID(recorded.Stream.ID), "account_id": account}, set,
	)}
}
