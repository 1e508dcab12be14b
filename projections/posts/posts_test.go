package posts

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/workspace"
)

// target starts from a target that is due at noon.
func dueAtNoon(n int, change func(*targetRow)) targetRow {
	row := targetRow{
		Post: hello, Account: news, Workspace: acme, Author: carl, Since: 1, State: post.Due, Due: noon, NotBefore: noon,
		Gates: []post.Gate{}, Rules: []string{}, Position: int64(n), Waits: at(2),
	}
	change(&row)
	return row
}

func other(n int) targetRow {
	return dueAtNoon(n, func(r *targetRow) { r.Account, r.Identity = blog, "Carl" })
}

func TestAPostIsWrittenAndScheduled(t *testing.T) {
	t.Parallel()
	draft := func(r *targetRow) {
		r.State, r.Due, r.NotBefore, r.Waits = post.Draft, time.Time{}, time.Time{}, time.Time{}
	}
	written := postRow{Post: hello, Workspace: acme, Author: carl, Text: "Hello", Revision: 1, WrittenAt: at(1), Position: 1, Media: []domain.MediaID{}, Reviser: carl}
	g := given(t, record(onHello(composed)...)...)
	then(g, posts, written)
	then(g, targets, dueAtNoon(1, draft), dueAtNoon(1, func(r *targetRow) { draft(r); r.Account, r.Identity = blog, "Carl" }))

	written.Zone = "Europe/Berlin"
	g = given(t, record(onHello(composed, planned)...)...)
	then(g, posts, written)
	then(g, targets, dueAtNoon(2, func(*targetRow) {}), other(2))
}

func TestATargetWithGatesWaits(t *testing.T) {
	t.Parallel()
	gated := planned
	gated.Gates = map[domain.AccountID][]post.Gate{news: {post.TeamGate, post.ClientGate}}
	then(given(t, record(onHello(composed, gated)...)...), targets,
		dueAtNoon(2, func(r *targetRow) { r.State, r.Gates = post.Waiting, []post.Gate{post.TeamGate, post.ClientGate} }), other(2))
}

func TestATargetsLife(t *testing.T) {
	t.Parallel()
	attempted := func(r *targetRow) {
		r.Attempt, r.Mode, r.Holder, r.Connection = attempt, workspace.OwnerMode, olivia, oldKey
		r.PostedAs, r.Rules = "Olivia", []string{"R34", "R35"}
	}
	ended := func(state post.TargetState, code, detail string) func(*targetRow) {
		return func(r *targetRow) { attempted(r); r.State, r.Code, r.Detail = state, code, detail }
	}
	held := post.TargetNeedsReauthentication{Account: news, Mode: workspace.MemberMode, Holder: carl, Code: "no_connection", Detail: "Not connected."}
	heldAfterClaim := post.TargetNeedsReauthentication{
		Account: news, Attempt: attempt, Mode: workspace.OwnerMode, Holder: olivia, Connection: oldKey, Code: "expired", Detail: "Expired.",
	}
	for name, step := range map[string]struct {
		events []domain.Event
		want   func(*targetRow)
	}{
		"claimed": {[]domain.Event{claimed}, func(r *targetRow) {
			attempted(r)
			r.State, r.Deadline = post.Claimed, noon.Add(30*time.Second)
		}},
		"released": {[]domain.Event{claimed, post.TargetReleased{Account: news, Attempt: attempt, Code: "rate_limited", Detail: "Later.", NotBefore: noon.Add(time.Minute)}}, func(r *targetRow) {
			ended(post.Due, "rate_limited", "Later.")(r)
			r.NotBefore = noon.Add(time.Minute)
		}},
		"published": {[]domain.Event{claimed, post.TargetPublished{Account: news, Attempt: attempt, Remote: "99", URL: "https://example.com/99"}}, func(r *targetRow) {
			ended(post.Published, "", "")(r)
			r.Remote, r.URL, r.Published = "99", "https://example.com/99", at(4)
		}},
		"failed": {[]domain.Event{claimed, post.TargetFailed{Account: news, Attempt: attempt, Code: "rejected", Detail: "No."}}, ended(post.Failed, "rejected", "No.")},
		"unknown": {[]domain.Event{claimed, post.TargetUnknown{Account: news, Attempt: attempt, Detail: "Nobody can say."}}, func(r *targetRow) {
			ended(post.Unknown, "", "Nobody can say.")(r)
			r.Deadline = at(4).Add(ending.DecideWithin)
		}},
		"unresolved":                       {[]domain.Event{claimed, post.TargetUnknown{Account: news, Attempt: attempt, Detail: "Nobody can say."}, post.TargetUnresolved{Account: news}}, ended(post.Unknown, "", "Nobody can say.")},
		"missed":                           {[]domain.Event{post.TargetMissed{Account: news, Code: "grace_passed", Detail: "Too late."}}, func(r *targetRow) { r.State, r.Code, r.Detail = post.Missed, "grace_passed", "Too late." }},
		"troubled":                         {[]domain.Event{post.TargetTroubled{Account: news, Code: "too_long", Detail: "Too long."}}, func(r *targetRow) { r.Code, r.Detail = "too_long", "Too long." }},
		"reminded":                         {[]domain.Event{post.ApprovalReminded{Accounts: []domain.AccountID{news}}}, func(r *targetRow) { r.Reminded, r.Position = true, 2 }},
		"reminded, and given another time": {[]domain.Event{post.ApprovalReminded{Accounts: []domain.AccountID{news}}, post.Rescheduled{Accounts: []domain.AccountID{news}, At: noon, Zone: "Europe/Berlin"}}, func(*targetRow) {}},
		"deleting": {[]domain.Event{post.TargetPublished{Account: news, Attempt: attempt, Remote: "99"}, post.TargetDeletionRequested{Account: news, Deadline: noon}}, func(r *targetRow) {
			r.State, r.Attempt, r.Remote, r.Published, r.Deadline = post.Deleting, attempt, "99", at(3), noon
		}},
		"kept": {[]domain.Event{post.TargetDeletionRequested{Account: news, Deadline: noon}, post.TargetDeletionFailed{Account: news, Code: "403", Detail: "No."}}, func(r *targetRow) {
			r.State, r.Code, r.Detail = post.Published, "403", "No."
		}},
		"held after claim": {[]domain.Event{claimed, heldAfterClaim}, ended(post.NeedsReauthentication, "expired", "Expired.")},
		"held": {[]domain.Event{held}, func(r *targetRow) {
			r.State, r.Mode, r.Holder, r.Code, r.Detail = post.NeedsReauthentication, workspace.MemberMode, carl, "no_connection", "Not connected."
		}},
		"resumed": {[]domain.Event{held, post.TargetScheduled{Account: news, At: noon.Add(time.Hour)}}, func(r *targetRow) {
			r.Mode, r.Holder, r.Due, r.NotBefore = workspace.MemberMode, carl, noon.Add(time.Hour), noon.Add(time.Hour)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := record(onHello(append([]domain.Event{composed, planned}, step.events...)...)...)
			then(given(t, log...), targets, dueAtNoon(len(log), step.want), other(2))
		})
	}
}

// R61: a post is its author's no more, wholly or on some accounts.
func TestPostsPassToTheOwner(t *testing.T) {
	t.Parallel()
	told := func(e post.Passed) (postRow, []targetRow) {
		g := given(t, record(onHello(composed, e)...)...)
		return all(g, posts)[0], all(g, targets)
	}
	written, before := told(post.Passed{From: carl, To: olivia})
	whole, after := told(post.Passed{From: carl, To: olivia, Whole: true, Accounts: []domain.AccountID{news}, Drafts: []domain.AccountID{news}})
	if written.Author != carl || whole.Author != olivia {
		t.Errorf("the author was %s and is %s", written.Author, whole.Author)
	}
	for i := range after {
		if after[i].Account == news && (after[i].Identity != "" || after[i].State != post.Draft) {
			t.Errorf("%+v", after[i])
		}
		if after[i].Account != news && after[i].Identity != before[i].Identity {
			t.Errorf("%+v", after[i])
		}
	}
}
