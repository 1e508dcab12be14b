package outbox_test

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
	"behalf/workers/workerstest"
)

// counter is a mail server that counts, and holds the first mail until told.
type counter struct {
	sent    atomic.Int32
	entered chan struct{}
	opened  chan struct{}
}

func (c *counter) Send(context.Context, mail.Message) error {
	c.sent.Add(1)
	c.entered <- struct{}{}
	<-c.opened
	return nil
}

func someMail() jobs.Mail {
	ws := domain.WorkspaceID(eventstore.Fresh())
	return jobs.MailOf(notice.Invitation, eventstore.Fresh(), eventstore.Fresh(), ws, workspace.Stream(ws))
}

func blank(context.Context) (mail.Message, error) { return mail.Message{}, nil }

// Two tasks of one event: one mail.
func TestOneMailPerEvent(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	server := &counter{entered: make(chan struct{}, 2), opened: make(chan struct{})}
	postman := &outbox.Postman{Box: outbox.New(w.Pool), Sender: server, Logger: w.Logger()}
	m := someMail()
	var sending sync.WaitGroup
	sending.Go(func() { _ = postman.Deliver(w.Ctx, m, blank) })
	<-server.entered // the first is being sent
	require.NoError(t, postman.Deliver(w.Ctx, m, blank))
	close(server.opened)
	sending.Wait()
	require.NoError(t, postman.Deliver(w.Ctx, m, blank))
	require.EqualValues(t, 1, server.sent.Load())
	w.AwaitMail(m.Event, "sent")
}

// The task is faster than the policy's transaction: it waits for it, whichever
// way that ends.
func TestTaskBeforeItsNote(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(pgx.Tx, context.Context) error{"commit": pgx.Tx.Commit, "rollback": pgx.Tx.Rollback} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.Empty(t)
			server := &counter{entered: make(chan struct{}, 2), opened: make(chan struct{})}
			close(server.opened)
			postman := &outbox.Postman{Box: outbox.New(w.Pool), Sender: server, Logger: w.Logger()}
			m := someMail()
			tx, err := w.Pool.Begin(w.Ctx)
			require.NoError(t, err)
			require.NoError(t, outbox.Note(w.Ctx, tx, m))
			delivered := make(chan error, 1)
			go func() { delivered <- postman.Deliver(w.Ctx, m, blank) }()
			require.NoError(t, end(tx, w.Ctx))
			require.NoError(t, <-delivered)
			require.EqualValues(t, 1, server.sent.Load())
		})
	}
}

// What cannot be composed now is put off, not lost.
func TestPutOff(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	postman := &outbox.Postman{Box: outbox.New(w.Pool), Logger: w.Logger()}
	broken := errors.New("the database is away")
	err := postman.Deliver(w.Ctx, someMail(), func(context.Context) (mail.Message, error) {
		return mail.Message{}, broken
	})
	require.ErrorIs(t, err, broken)
	var later *outbox.Later
	require.ErrorAs(t, err, &later)
	require.Positive(t, later.In)
}

func TestMessageID(t *testing.T) {
	t.Parallel()
	m := someMail()
	for address, host := range map[string]string{
		"https://behalf.example":    "behalf.example",
		"http://127.0.0.1:8080/app": "127.0.0.1",
		"http://[::1]:8080":         "behalf.invalid",
	} {
		public, err := url.Parse(address)
		require.NoError(t, err)
		require.Equal(t, m.ID.String()+"@"+host, outbox.MessageID(m, public))
	}
}

// A digest that has nothing left to tell does not keep its person from what is
// gathered next; one that has gone out does.
func TestNothingLeftToTell(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		composed error
		next     int
	}{
		"obsolete": {outbox.ErrObsolete, 1},
		"unwanted": {outbox.ErrUnwanted, 1},
		"sent":     {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.Empty(t)
			server := &counter{entered: make(chan struct{}, 1), opened: make(chan struct{})}
			close(server.opened)
			box := outbox.New(w.Pool)
			postman := &outbox.Postman{Box: box, Sender: server, Logger: w.Logger()}
			person := domain.UserID(eventstore.Fresh())
			digests := func() []jobs.Mail {
				ws := domain.WorkspaceID(eventstore.Fresh())
				one := jobs.MailOf(notice.Added, person, eventstore.Fresh(), ws, workspace.Stream(ws))
				require.NoError(t, pgx.BeginFunc(w.Ctx, w.Pool, func(tx pgx.Tx) error { return outbox.Gather(w.Ctx, tx, one) }))
				made, err := box.MakeDigests(w.Ctx, time.Hour, 10)
				require.NoError(t, err)
				return made
			}
			first := digests()
			require.Len(t, first, 1)
			compose := func(context.Context) (mail.Message, error) { return mail.Message{}, c.composed }
			require.NoError(t, postman.Deliver(w.Ctx, first[0], compose))
			require.Len(t, digests(), c.next)
		})
	}
}
