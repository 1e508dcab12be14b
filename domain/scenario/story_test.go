package scenario

import (
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

// counted and stray are a made-up aggregate's event, and one that it does not have.
type (
	counted struct {
		Times  int `json:"times"`
		Secret int `json:"-"`
	}
	stray struct{}
)

func (counted) EventType() string { return "post.counted.v1" }
func (stray) EventType() string   { return "post.stray.v1" }

// counter is its state; shared is what a careless Clone leaves shared.
type counter struct {
	Times  int
	shared *int
}

func (c *counter) Evolve(event domain.Event) {
	if e, ok := event.(counted); ok {
		c.Times += e.Times
		*c.shared += e.Secret + 1
	}
}

func (c *counter) Clone() domain.State {
	clone, shared := *c, *c.shared
	clone.shared = &shared
	return &clone
}

// count is its command, decided as the test says.
type count struct {
	decide func(c *counter) ([]domain.Change, error)
}

var (
	here  = domain.Stream{Category: domain.PostStreams, ID: [16]byte{1}}
	there = domain.Stream{Category: domain.PostStreams, ID: [16]byte{2}}
)

func counters() *Log {
	return NewLog(domain.Aggregate{
		Category: domain.PostStreams,
		New:      func() domain.State { return &counter{shared: new(int)} },
		Events:   []domain.EventType{domain.TypeOf[counted]()},
		Commands: []domain.CommandType{{
			Name: "count", Issuer: domain.ByMember, Rules: []domain.Rule{domain.R1},
			New:     func() any { return new(count) },
			Streams: func(any, domain.WorkspaceID, domain.Actor) []domain.Stream { return []domain.Stream{here} },
			Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, _ domain.Actor) ([]domain.Change, error) {
				return cmd.(*count).decide(domain.Fact[*counter](facts, here))
			},
		}},
	})
}

// verdict records whether a test failed, and ends it as a real one would.
type verdict struct {
	testing.TB
	failed bool
}

func (v *verdict) Helper()               {}
func (v *verdict) Errorf(string, ...any) { v.failed = true }
func (v *verdict) FailNow()              { v.failed = true; runtime.Goexit() }

// fails runs a story to its end and answers whether it failed.
func fails(t *testing.T, tell func(story Story), history ...domain.Change) bool {
	t.Helper()
	v, ended := &verdict{TB: t}, make(chan struct{})
	go func() {
		defer close(ended)
		tell(Given(v, Acme, counters(), history...))
	}()
	<-ended
	return v.failed
}

func TestStoryHoldsDecisionsToWhatTheyMustKeep(t *testing.T) {
	t.Parallel()
	var calls int
	for name, decide := range map[string]func(c *counter) ([]domain.Change, error){
		"facts are changed":           func(c *counter) ([]domain.Change, error) { c.Times++; return nil, nil },
		"another stream is written":   func(*counter) ([]domain.Change, error) { return domain.On(there, counted{Times: 1}), nil },
		"an event is not registered":  func(*counter) ([]domain.Change, error) { return domain.On(here, stray{}), nil },
		"an event loses something":    func(*counter) ([]domain.Change, error) { return domain.On(here, counted{Times: 1, Secret: 1}), nil },
		"the answers differ":          func(*counter) ([]domain.Change, error) { calls++; return domain.On(here, counted{Times: calls}), nil },
		"an error is no refusal":      func(*counter) ([]domain.Change, error) { return nil, errors.New("broken") },
		"a rule is not declared":      func(*counter) ([]domain.Change, error) { return nil, domain.Clash(domain.R2, "code", "Detail.") },
		"a refusal says nothing":      func(*counter) ([]domain.Change, error) { return nil, domain.Clash(domain.R1, "code", "") },
		"a refusal changes something": func(*counter) ([]domain.Change, error) { return domain.On(here, counted{Times: 1}), domain.Hidden() },
	} {
		require.True(t, fails(t, func(story Story) { story.When(System(), count{decide}) }), name)
	}
}

func TestStoryComparesWhatHappened(t *testing.T) {
	t.Parallel()
	accept := count{func(c *counter) ([]domain.Change, error) { return domain.On(here, counted{Times: c.Times + 1}), nil }}
	refuse := count{func(*counter) ([]domain.Change, error) { return nil, domain.Clash(domain.R1, "code", "Detail.") }}
	ignore := count{func(*counter) ([]domain.Change, error) { return nil, nil }}
	before := domain.On(here, counted{Times: 41})

	for name, tc := range map[string]struct {
		tell func(story Story)
		fail bool
	}{
		"as told":           {func(s Story) { s.When(System(), accept).Then(counted{Times: 42}) }, false},
		"another event":     {func(s Story) { s.When(System(), accept).Then(counted{Times: 1}) }, true},
		"one event more":    {func(s Story) { s.When(System(), accept).Then(counted{Times: 42}, counted{Times: 43}) }, true},
		"another stream":    {func(s Story) { s.When(System(), accept).ThenOn(domain.On(there, counted{Times: 42})...) }, true},
		"not nothing":       {func(s Story) { s.When(System(), accept).Nothing() }, true},
		"not refused":       {func(s Story) { s.When(System(), accept).Refused(domain.R1, "code") }, true},
		"refused":           {func(s Story) { s.When(System(), refuse).Refused(domain.R1, "code") }, false},
		"by another rule":   {func(s Story) { s.When(System(), refuse).Refused(domain.R2, "code") }, true},
		"by another code":   {func(s Story) { s.When(System(), refuse).Refused(domain.R1, "other") }, true},
		"refused, not done": {func(s Story) { s.When(System(), refuse).Nothing() }, true},
		"nothing":           {func(s Story) { s.When(System(), ignore).Nothing() }, false},
		"then what?":        {func(s Story) { s.When(System(), ignore).Then() }, true},
	} {
		require.Equal(t, tc.fail, fails(t, tc.tell, before...), name)
	}
}
