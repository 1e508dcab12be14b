package stream

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

// pages is a source whose content a test sets.
type pages struct {
	mutex sync.Mutex
	next  chan struct{}
	found []Page
	asked []string
	err   error
}

func newPages() *pages { return &pages{next: make(chan struct{})} }

func (p *pages) wake() <-chan struct{} {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.next
}

func (p *pages) tell(err error, found ...Page) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.found, p.err = append(p.found, found...), err
	close(p.next)
	p.next = make(chan struct{})
}

func (p *pages) source(_ context.Context, after string) (page Page, err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.asked = append(p.asked, after)
	if len(p.found) == 0 {
		return Page{}, p.err
	}
	page, p.found = p.found[0], p.found[1:]
	page.More = len(p.found) > 0 || p.err != nil
	return page, nil
}

// reader is an answer that a test looks into.
type reader struct {
	*httptest.ResponseRecorder
	mutex sync.Mutex
}

func (r *reader) SetWriteDeadline(time.Time) error { return nil }
func (r *reader) SetReadDeadline(time.Time) error  { return nil }
func (r *reader) Write(piece []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.ResponseRecorder.Write(piece)
}

func (r *reader) taken() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	all := r.Body.String()
	r.Body = &bytes.Buffer{}
	return all
}

// listen serves a stream in the bubble of a test.
func listen(t *testing.T, p *pages, options Options) (*reader, context.CancelFunc, <-chan struct{}) {
	t.Helper()
	answer, ended := &reader{ResponseRecorder: httptest.NewRecorder()}, make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	turn := &turn{Stream: Stream{Source: p.source, After: "0", Wake: p.wake}, options: New(options).options}
	first, err := turn.look(ctx)
	require.NoError(t, err)
	go func() { defer close(ended); turn.serve(ctx, request, answer, first) }()
	synctest.Wait()
	return answer, cancel, ended
}

func told(ids ...int) Page {
	var page Page
	for _, id := range ids {
		page.Messages = append(page.Messages, Message{ID: strconv.Itoa(id), Name: "change", Data: map[string]int{"n": id}})
		page.Reached = strconv.Itoa(id)
	}
	return page
}

func TestMessagesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPages()
		p.tell(nil, told(1, 2), told(3))
		answer, cancel, ended := listen(t, p, Options{})
		require.Equal(t, ContentType, answer.Header().Get("Content-Type"))
		require.Equal(t, "retry: 3000\n\n"+
			"id: 1\nevent: change\ndata: {\"n\":1}\n\nid: 2\nevent: change\ndata: {\"n\":2}\n\n"+
			"id: 3\nevent: change\ndata: {\"n\":3}\n\n", answer.taken())
		require.Equal(t, []string{"0", "2", "3"}[:2], p.asked[:2], "each look goes on behind the one before")

		// what happens wakes the stream; what the reader may not see moves it on
		p.tell(nil, Page{Messages: told(7).Messages, Reached: "9"})
		time.Sleep(100 * time.Millisecond) // the bubble's clock: the pace
		synctest.Wait()
		require.Equal(t, "id: 7\nevent: change\ndata: {\"n\":7}\n\nid: 9\n\n", answer.taken())
		cancel()
		<-ended
	})
}

// A quiet stream shows that it stands, and moves the reader's id on.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPages()
		answer, cancel, ended := listen(t, p, Options{})
		answer.taken()
		p.tell(nil, Page{Reached: "41"})
		time.Sleep(14 * time.Second)
		synctest.Wait()
		require.Empty(t, answer.taken())
		time.Sleep(7 * time.Second)
		synctest.Wait()
		require.Equal(t, ": still here\nid: 41\n\n", answer.taken())
		cancel()
		<-ended
	})
}

// R64: who has lost access is told so, and gets nothing more.
func TestLosingAccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPages()
		answer, cancel, ended := listen(t, p, Options{})
		defer cancel()
		answer.taken()
		p.tell(domain.Hidden())
		<-ended
		require.Contains(t, answer.taken(), "event: end\ndata: {\"type\":\"/docs/problems#not_found\"")
		p.tell(nil, told(1))
		require.Empty(t, answer.taken())
	})
}

// Without any wake-up the source is asked again: a session that ended elsewhere
// tells nobody.
func TestLooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPages()
		_, cancel, ended := listen(t, p, Options{})
		defer cancel()
		p.mutex.Lock()
		p.err = domain.Hidden()
		p.mutex.Unlock()
		begun := time.Now()
		<-ended
		require.Equal(t, 5*time.Second, time.Since(begun))
	})
}

// A burst is looked at once per pace.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPages()
		_, cancel, ended := listen(t, p, Options{})
		for range 1000 {
			p.tell(nil)
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		require.LessOrEqual(t, len(p.asked), 12)
		cancel()
		<-ended
	})
}

// The server's stop, the reader's going and the longest time end a stream; the
// bound of ordinary requests does not.
func TestLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, end := range map[string]func(gone, stop context.CancelFunc){
			"reader goes":  func(gone, _ context.CancelFunc) { gone() },
			"server stops": func(_, stop context.CancelFunc) { stop() },
			"lasted long":  func(_, _ context.CancelFunc) { time.Sleep(time.Hour) },
		} {
			connection, gone := context.WithCancel(t.Context())
			stopping, stop := context.WithCancel(t.Context())
			bounded, cancel := context.WithTimeout(Unbounded(Stopping(connection, stopping)), 20*time.Second)
			lives, done := Life(bounded, time.Hour)
			time.Sleep(time.Minute)
			require.NoError(t, lives.Err(), name)
			require.Error(t, bounded.Err(), name)
			end(gone, stop)
			synctest.Wait()
			require.Error(t, lives.Err(), name)
			done()
			cancel()
			gone()
			stop()
		}
	})
}

func TestSeats(t *testing.T) {
	t.Parallel()
	s := newSeats(2, 3)
	olivia, carl := domain.UserID{1}, domain.UserID{2}
	first, err := s.take(olivia)
	require.NoError(t, err)
	_, err = s.take(olivia)
	require.NoError(t, err)
	_, err = s.take(olivia)
	require.ErrorContains(t, err, "too_many_streams")
	_, err = s.take(carl)
	require.NoError(t, err)
	_, err = s.take(carl)
	require.ErrorContains(t, err, "Too many people")
	first()
	first() // leaving twice frees one seat
	_, err = s.take(carl)
	require.NoError(t, err)
	_, err = s.take(olivia)
	require.ErrorContains(t, err, "Too many people")
}

// A reader who takes nothing is cut off; it holds up nobody.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	endless := func(context.Context, string) (Page, error) {
		page := told(1)
		page.Messages[0].Data, page.More = string(bytes.Repeat([]byte{'x'}, 1<<20)), true
		return page, nil
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		turn := &turn{Stream: Stream{Source: endless, Wake: func() <-chan struct{} { return nil }}, options: New(Options{Patience: 50 * time.Millisecond}).options}
		turn.serve(r.Context(), r, w, Page{More: true})
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	<-ended
}
