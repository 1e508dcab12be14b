package conformance

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// sendBefore sends nothing late.
func (s Subject) sendBefore(t *testing.T) {
	w := s.begin(t, wire.Options{})
	a := w.prepared(t.Context(), attempt(hello))
	before := len(w.Gate.Requests(s.Calls.Publish))
	_, err := w.Publish(networks.SendBefore(t.Context(), time.Now().Add(-time.Second)), w.session, a)
	require.Equal(t, networks.NotSent, networks.KindOf(err), "%v", err)
	require.ErrorIs(t, err, wire.ErrTooLate)
	require.Len(t, w.Gate.Requests(s.Calls.Publish), before)
	require.Empty(t, w.Posts(t))
	_, err = w.Publish(networks.SendBefore(t.Context(), time.Now().Add(time.Minute)), w.session, a)
	require.NoError(t, err)
}

// useless answers, to whatever was asked, are no success to build on.
func (s Subject) useless(t *testing.T) {
	w := s.begin(t, wire.Options{})
	a := w.prepared(t.Context(), attempt(hello))
	for _, body := range []string{"", "{}", "[]", "null", "<html>", `{"id":{}}`, `{"data":null}`} {
		w.Gate.Arm(fake.Fault{On: s.Calls.Publish, Kind: fake.Refuse, Times: 1, Answer: fake.Answer{Status: 200, Body: body}})
		_, err := w.Publish(t.Context(), w.session, a)
		require.Equal(t, networks.Ambiguous, networks.KindOf(err), "%s: %v", body, err)
		w.Gate.Arm(fake.Fault{On: s.Calls.Verify, Kind: fake.Refuse, Times: 1, Answer: fake.Answer{Status: 200, Body: body}})
		_, err = w.VerifyAccess(t.Context(), w.session)
		require.Error(t, err, body)
		require.NotContains(t, []networks.FailureKind{networks.Reauth, ""}, networks.KindOf(err), "%s: %v", body, err)
		w.Gate.Clear()
	}
	for _, status := range []int{401, 403, 404} {
		w.Gate.Arm(fake.Fault{On: s.Calls.Verify, Kind: fake.Refuse, Times: 1, Answer: fake.Answer{
			Status: status, Body: "<html>a captive portal</html>",
		}})
		_, err := w.VerifyAccess(t.Context(), w.session)
		require.Equal(t, networks.Unavailable, networks.KindOf(err), "a bare %d (R45): %v", status, err)
	}
	require.Empty(t, w.Posts(t))
}

// extra members in every answer change nothing.
func (s Subject) extra(t *testing.T) {
	w := s.Start(t, wire.Options{})
	w.Gate.Arm(fake.Fault{Kind: fake.Extra})
	credential := s.connect(t, w, fake.Olivia)
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.NotNil(t, find(accounts, w.Account))
	access, err := w.VerifyAccess(t.Context(), networks.Session{Credential: credential, Account: w.Account})
	require.NoError(t, err)
	e := scene{World: w, t: t, caps: w.Capabilities(), session: networks.Session{
		Credential: kept(credential, access), Account: w.Account,
	}}
	a, published, _ := e.published(hello)
	e.stands(a, published)
}

var errGone = errors.New("nobody there")

// dialUntil opens connections until a channel is closed; then there are none,
// not even those in a pool.
func dialUntil(gone <-chan struct{}) wire.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		select {
		case <-gone:
			return nil, errGone
		default:
		}
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &mortal{Conn: conn, gone: gone}, nil
	}
}

// mortal is a connection that was never there once the network is gone: net/http
// finds it broken before it writes and dials anew.
type mortal struct {
	net.Conn
	gone <-chan struct{}
}

func (m *mortal) Write(b []byte) (int, error) {
	select {
	case <-m.gone:
		return 0, errGone
	default:
		return m.Conn.Write(b)
	}
}
