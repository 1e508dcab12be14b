package scenario_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/planning"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
)

func (m *machine) write(t *rapid.T) {
	content := post.Content{Text: "Hello"}
	for range rapid.IntRange(1, 2).Draw(t, "targets") {
		content.Targets = append(content.Targets, post.Destination{
			Account: m.drawAccount(t), Identity: rapid.SampledFrom([]string{"", "", "author-2"}).Draw(t, "identity"),
		})
	}
	var command any = planning.PublishPost{Content: content}
	if rapid.Bool().Draw(t, "for later") {
		command = planning.SchedulePost{Content: content, At: m.now.Add(time.Duration(rapid.IntRange(-5, 120).Draw(t, "minutes")) * time.Minute)}
	}
	for _, change := range m.issue(t, drawActor(t, scenario.As(drawUser(t))), command) {
		if _, ok := change.Event.(post.Written); ok {
			m.posts = append(m.posts, domain.PostID(change.Stream.ID))
		}
	}
}

func (m *machine) claim(t *rapid.T) {
	if id, target, ok := m.drawTarget(t, post.Due); ok {
		m.issue(t, drawActor(t, scenario.System()), sending.ClaimTarget{Post: id, Account: target.Account, Life: time.Minute})
	}
}

// endAttempt reports how the running attempt went, or one that is long over.
func (m *machine) endAttempt(t *rapid.T) {
	id, target, ok := m.drawTarget(t, post.Claimed)
	if !ok {
		return
	}
	ref := outcome.AttemptRef{Post: id, Account: target.Account, Attempt: target.Attempt}
	if rapid.IntRange(0, 3).Draw(t, "late word") == 3 {
		ref.Attempt = domain.AttemptID{15: 1}
	}
	m.issue(t, drawActor(t, scenario.System()), rapid.SampledFrom([]any{
		outcome.ReleaseTarget{AttemptRef: ref, Code: "moved", NotBefore: m.now},
		outcome.FailTarget{AttemptRef: ref, Code: "rejected"},
		outcome.RecordUnknown{AttemptRef: ref},
		outcome.HoldTarget{AttemptRef: ref, Code: "expired"},
		outcome.RecordPublished{AttemptRef: ref, Remote: "1"},
	}).Draw(t, "outcome"))
}

// doubt ends a target as a restored log does.
func (m *machine) doubt(t *rapid.T) {
	if id, target, ok := m.drawTarget(t, post.Due, post.Waiting, post.NeedsReauthentication, post.Published); ok {
		m.issue(t, drawActor(t, scenario.System()), outcome.DoubtTarget{Post: id, Account: target.Account})
	}
}

// mendTarget lets a target go on, or gives it up.
func (m *machine) mendTarget(t *rapid.T) {
	id, target, ok := m.drawTarget(t, post.NeedsReauthentication, post.Failed, post.Missed)
	if !ok {
		return
	}
	switch rapid.IntRange(0, 2).Draw(t, "command") {
	case 0:
		m.issue(t, drawActor(t, scenario.System()), sending.ResumeTarget{Post: id, Account: target.Account})
	case 1:
		m.issue(t, drawActor(t, scenario.System()), sending.MissTarget{Post: id, Account: target.Account})
	default:
		m.issue(t, drawActor(t, scenario.As(scenario.Olivia)), planning.PublishTargetNow{Post: id, Account: target.Account})
	}
}

// drawTarget answers a target of one of the latest posts, mostly one in a state
// that the command is for, and false while there is none.
func (m *machine) drawTarget(t *rapid.T, states ...post.TargetState) (domain.PostID, post.Target, bool) {
	type candidate struct {
		post   domain.PostID
		target post.Target
	}
	var fitting, all []candidate
	for _, id := range m.posts[max(0, len(m.posts)-4):] {
		p := m.log.State(post.Stream(id)).(*post.Post)
		for _, destination := range m.log.History(post.Stream(id))[0].(post.Written).Targets {
			one := candidate{id, p.Targets[destination.Account]}
			all = append(all, one)
			if slices.Contains(states, one.target.State) {
				fitting = append(fitting, one)
			}
		}
	}
	if len(all) == 0 {
		return domain.PostID{}, post.Target{}, false
	}
	if len(fitting) > 0 && rapid.IntRange(0, 4).Draw(t, "a fitting target") < 4 {
		all = fitting
	}
	drawn := rapid.SampledFrom(all).Draw(t, "target")
	return drawn.post, drawn.target, true
}
