package conformance

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

// Joined says that somebody became a member of a team.
type Joined struct{ Member int }

// Left says that a member left a team.
type Left struct{ Member int }

// Posted says that a member posted.
type Posted struct{ Member int }

// Greeted says that a user was greeted.
type Greeted struct{ Text string }

// EventType implements domain.Event.
func (Joined) EventType() string { return "workspace.joined.v1" }

// EventType implements domain.Event.
func (Left) EventType() string { return "workspace.left.v1" }

// EventType implements domain.Event.
func (Posted) EventType() string { return "post.posted.v1" }

// EventType implements domain.Event.
func (Greeted) EventType() string { return "user.greeted.v1" }

// Team is the state of all streams of the suite.
type Team struct {
	Events  []domain.Event
	Members []int
}

// Evolve implements domain.State.
func (s *Team) Evolve(event domain.Event) {
	s.Events = append(s.Events, event)
	switch event := event.(type) {
	case Joined:
		s.Members = append(s.Members, event.Member)
	case Left:
		s.Members = slices.DeleteFunc(s.Members, func(m int) bool { return m == event.Member })
	}
}

// Clone implements domain.State.
func (s *Team) Clone() domain.State {
	return &Team{Events: slices.Clone(s.Events), Members: slices.Clone(s.Members)}
}

// Join is a command that adds a member to a team, who must not be one (R24).
func Join(team domain.Stream, member int) domain.CommandType {
	return Command("Join", func(facts domain.Facts) ([]domain.Change, error) {
		if slices.Contains(domain.Fact[*Team](facts, team).Members, member) {
			return nil, domain.Clash(domain.R24, "already_member", "They are a member already.")
		}
		return domain.On(team, Joined{member}), nil
	}, team)
}

// Leave is a command after which somebody is no member: nothing happens when they were none.
func Leave(team domain.Stream, member int) domain.CommandType {
	return Command("Leave", func(facts domain.Facts) ([]domain.Change, error) {
		if !slices.Contains(domain.Fact[*Team](facts, team).Members, member) {
			return nil, nil
		}
		return domain.On(team, Left{member}), nil
	}, team)
}

// Post is a command by which a member posts; the team's stream is only read (R64).
func Post(article, team domain.Stream, member int) domain.CommandType {
	return Command("Post", func(facts domain.Facts) ([]domain.Change, error) {
		if !slices.Contains(domain.Fact[*Team](facts, team).Members, member) {
			return nil, domain.Forbid(domain.R64, "not_a_member", "You are not a member.")
		}
		return domain.On(article, Posted{member}), nil
	}, article, team)
}

// Command decides by a function on streams.
func Command(name string, decide func(domain.Facts) ([]domain.Change, error), streams ...domain.Stream) domain.CommandType {
	return domain.CommandType{
		Name: name, New: func() any { return new(struct{}) },
		Streams: func(any, domain.WorkspaceID, domain.Actor) []domain.Stream { return streams },
		Decide: func(_ any, _ domain.WorkspaceID, facts domain.Facts, _ domain.Actor) ([]domain.Change, error) {
			return decide(facts)
		},
	}
}

// Actor is somebody who is signed in.
func Actor() domain.Actor {
	return domain.Actor{User: domain.UserID(eventstore.Fresh()), Now: time.Now().UTC(), Fresh: eventstore.Fresh}
}

// Workspace names a new workspace and its stream.
func Workspace() (domain.WorkspaceID, domain.Stream) {
	id := domain.WorkspaceID(eventstore.Fresh())
	return id, domain.StreamOf(domain.WorkspaceStreams, id)
}

// Article names a new post's stream.
func Article() domain.Stream {
	return domain.Stream{Category: domain.PostStreams, ID: eventstore.Fresh()}
}

// On is a request that writes events at the end of one stream.
func On(stream domain.Stream, version int, events ...domain.Event) eventstore.Request {
	return eventstore.Request{Expected: map[domain.Stream]int{stream: version}, Changes: domain.On(stream, events...)}
}

// stands appends a request that has to stand.
func stands(t *testing.T, log Log, request eventstore.Request) []eventstore.Recorded {
	t.Helper()
	outcomes, err := log.Append(t.Context(), request)
	require.NoError(t, err)
	require.Len(t, outcomes, 1)
	require.NoError(t, outcomes[0].Err)
	return outcomes[0].Events
}

func history(t *testing.T, log Log, scope eventstore.Scope, stream domain.Stream, upTo eventstore.UpTo) (events []eventstore.Recorded) {
	t.Helper()
	for event, err := range log.Read(t.Context(), scope, stream, upTo) {
		require.NoError(t, err)
		events = append(events, event)
	}
	return events
}
