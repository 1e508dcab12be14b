package check_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/internal/clock"
	"behalf/workers/publish/check"
)

// Whoever asks while a question is under way shares the next one, which is read
// after they asked.
func TestQuestionsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked [][]domain.Stream
		checks := check.New(func(_ context.Context, streams []domain.Stream) (eventstore.Seen, error) {
			asked = append(asked, streams)
			time.Sleep(time.Millisecond)
			return eventstore.Seen{At: time.Now()}, nil
		}, never, clock.New(time.Now, nil))
		began := time.Now()
		answers := make([]check.Answer, 10)
		for n := range answers {
			go func() {
				answers[n], _ = checks.Ask(t.Context(), eventstore.Loaded{Versions: map[domain.Stream]int{post.Stream(domain.PostID{byte(n)}): 0}})
			}()
			synctest.Wait()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for _, answer := range answers[1:] {
			require.Equal(t, began.Add(2*time.Millisecond), answer.At, "of the question that began after theirs")
		}
		require.Len(t, asked, 2)
		require.Len(t, asked[0], 1)
		require.Len(t, asked[1], 9)
	})
}

// Who gives up waiting holds up nobody, and what could not be read says nothing.
func TestAnAnswerThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		away := errors.New("away")
		checks := check.New(func(context.Context, []domain.Stream) (eventstore.Seen, error) {
			time.Sleep(time.Second)
			return eventstore.Seen{}, away
		}, func() func(eventstore.Seen) bool {
			return func(eventstore.Seen) bool { panic("nothing was read") }
		}, clock.New(time.Now, nil))
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := checks.Ask(impatient, eventstore.Loaded{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		answer, err := checks.Ask(t.Context(), eventstore.Loaded{})
		require.ErrorIs(t, err, away)
		require.Zero(t, answer)
	})
}

// never says that everything may be sent.
func never() (stops func(eventstore.Seen) bool) { return func(eventstore.Seen) bool { return false } }

// Whether anything forbids to send is told by what was known before the log was
// read: what is learned meanwhile says nothing about the answer (R69).
func TestLooksBeforeItReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		beat := int64(1)
		checks := check.New(func(context.Context, []domain.Stream) (eventstore.Seen, error) {
			seen := eventstore.Seen{Beat: beat}
			beat++ // confirmed while the answer is on its way
			return seen, nil
		}, func() func(eventstore.Seen) bool {
			known := beat
			return func(seen eventstore.Seen) bool { return seen.Beat < known }
		}, clock.New(time.Now, nil))
		answer, err := checks.Ask(t.Context(), eventstore.Loaded{})
		require.NoError(t, err)
		require.False(t, answer.Held)
	})
}
