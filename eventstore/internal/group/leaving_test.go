package group

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhoStopsWaitingIsToldTheTruth(t *testing.T) {
	t.Parallel()
	c := open(t, func(config *Config[string, string]) { config.Grace = time.Millisecond })
	ctx, cancel := context.WithCancel(t.Context())
	begun := c.ask(ctx, "begun", writes("x"))
	one := next(t, c.begun)
	queued := c.ask(ctx, "queued", writes("x"))
	cancel()
	answer := next(t, queued)
	require.ErrorIs(t, answer.err, ErrNotRun)
	require.ErrorIs(t, answer.err, context.Canceled)
	answer = next(t, begun)
	require.ErrorIs(t, answer.err, ErrUnknown)
	require.ErrorIs(t, answer.err, context.Canceled)
	require.NoError(t, one.ctx.Err(), "the call goes on")
	close(one.end)

	_, err := c.group.Do(ctx, "late", 1, nil)
	require.ErrorIs(t, err, ErrNotRun)
	require.NoError(t, c.group.Close(t.Context()))
	_, err = c.group.Do(t.Context(), "after the end", 1, nil)
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, err, ErrNotRun)
}

// Whoever stops waiting for a call that ends within the grace is told its outcome.
func TestAnOutcomeWithinTheGrace(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	replies := c.ask(ctx, "a")
	one := next(t, c.begun)
	cancel()
	close(one.end)
	require.Equal(t, reply{"a done", nil}, next(t, replies))
}

func TestClosingDrains(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	a := c.ask(t.Context(), "a", writes("x"))
	one := next(t, c.begun)
	b := c.ask(t.Context(), "b", writes("x"))
	closed := make(chan error, 1)
	go func() { closed <- c.group.Close(t.Context()) }()
	close(one.end)
	two := next(t, c.begun)
	close(two.end)
	require.NoError(t, next(t, closed))
	require.NoError(t, next(t, a).err)
	require.NoError(t, next(t, b).err)
}

func TestClosingWithoutPatienceInterrupts(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.ask(t.Context(), "a")
	one := next(t, c.begun)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	closed := make(chan error, 1)
	go func() { closed <- c.group.Close(ctx) }()
	<-one.ctx.Done()
	close(one.end)
	require.ErrorIs(t, next(t, closed), context.Canceled)
}
