package states

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

// noted is an event, and noted's state remembers which there were.
type noted struct{ text string }

func (noted) EventType() string { return "post.noted.v1" }

type notes struct{ texts []string }

func (n *notes) Evolve(event domain.Event) { n.texts = append(n.texts, event.(noted).text) }

func (n *notes) Clone() domain.State { return &notes{texts: append([]string(nil), n.texts...)} }

// plain reads every event but those of a type that is gone.
type plain struct{}

var errGone = errors.New("gone")

func (plain) Decode(name string, data []byte) (domain.Event, error) {
	if name == "gone" {
		return nil, errGone
	}
	return noted{string(data)}, nil
}

var (
	stream = domain.Stream{Category: domain.PostStreams, ID: [16]byte{1}}
	key    = Key{Stream: stream, Within: [16]byte{2}}
)

func appended(version int, text string) Appended {
	return Appended{Version: version, Position: int64(10 * version), Type: "post.noted.v1", Data: []byte(text)}
}

func TestWhatIsAppendedIsFoldedWhenItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := New(plain{}, 0)
	s.Follow(key, 0, &notes{}, []Appended{appended(1, "a"), appended(2, "b")})
	first, found := s.Get(key)
	require.True(t, found)
	require.Equal(t, &notes{texts: []string{"a", "b"}}, first.State)
	require.Equal(t, 2, first.Version)
	require.EqualValues(t, 20, first.Position)

	s.Follow(key, 2, nil, []Appended{appended(3, "c")})
	second, _ := s.Get(key)
	require.Equal(t, &notes{texts: []string{"a", "b", "c"}}, second.State)
	require.Equal(t, &notes{texts: []string{"a", "b"}}, first.State, "who decides on it shares it")
}

func TestWhatDoesNotFitIsNotFollowed(t *testing.T) {
	t.Parallel()
	s := New(plain{}, 0)
	s.Follow(key, 0, nil, []Appended{appended(1, "hidden from the scope")})
	s.Follow(key, 1, &notes{}, []Appended{appended(2, "its beginning is not known")})
	_, found := s.Get(key)
	require.False(t, found)

	s.Put(key, Known{State: &notes{texts: []string{"a", "b"}}, Version: 2})
	s.Follow(key, 1, nil, []Appended{appended(2, "behind an older version")})
	s.Put(key, Known{State: &notes{texts: []string{"a"}}, Version: 1})
	known, _ := s.Get(key)
	require.Equal(t, &notes{texts: []string{"a", "b"}}, known.State)

	_, found = s.Get(Key{Stream: stream, Within: [16]byte{3}})
	require.False(t, found, "another scope's")
}

func TestWhatCannotBeReadIsForgotten(t *testing.T) {
	t.Parallel()
	s := New(plain{}, 0)
	s.Follow(key, 0, &notes{}, []Appended{{Version: 1, Type: "gone"}})
	_, found := s.Get(key)
	require.False(t, found)
}

func TestATailFoldsOnTopOfWhatIsKnown(t *testing.T) {
	t.Parallel()
	known := Known{State: &notes{texts: []string{"a"}}, Version: 1, Position: 10}
	tail := Behind(plain{}, stream, known)
	require.False(t, tail.Genuine(), "nothing has been read")
	require.NoError(t, tail.take(1, 10, domain.EventID{}, "post.noted.v1", nil))
	require.True(t, tail.Genuine())
	require.NoError(t, tail.take(2, 20, domain.EventID{}, "post.noted.v1", []byte("b")))
	require.Equal(t, &notes{texts: []string{"a", "b"}}, tail.Known.State)
	require.Equal(t, &notes{texts: []string{"a"}}, known.State, "who decides on it shares it")
	require.ErrorIs(t, tail.take(4, 40, domain.EventID{}, "post.noted.v1", []byte("d")), errGap)

	restored := Behind(plain{}, stream, known)
	require.NoError(t, restored.take(1, 11, domain.EventID{}, "post.noted.v1", nil))
	require.False(t, restored.Genuine(), "another event stands at that version")
}
