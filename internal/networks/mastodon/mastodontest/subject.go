package mastodontest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/mastodon"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

// Subject is the connector for the conformance suite, with a network of its own
// for each test. What was recorded of the network is added by who asks.
func Subject() conformance.Subject {
	return conformance.Subject{
		Start: start,
		Calls: conformance.Calls{
			Publish: "POST /api/v1/statuses", Prepare: "POST /api/v2/media", Verify: "GET /api/v1/accounts/verify_credentials",
			Reconcile: "GET /api/v1/accounts/{id}/statuses", Exchange: "POST /oauth/token", Delete: "DELETE /api/v1/statuses/{id}",
		},
	}
}

func start(t *testing.T, o wire.Options) *conformance.World {
	s := Start(t)
	address, gate := fake.Serve(t, s)
	c := mastodon.New(mastodon.Config{
		Registrations: &Registrations{}, Guard: guard.Options{AllowLoopback: true}, Poll: time.Millisecond, Wire: o,
	})
	t.Cleanup(c.Close)
	return &conformance.World{
		Connector: c, Gate: gate, Host: address, Account: address + "#1",
		Answer: func(t *testing.T, person string, start networks.AuthStart, allow bool) networks.Callback {
			back, err := s.Deny(t.Context(), start.URL)
			if allow {
				back, err = s.Allow(t.Context(), start.URL, person)
			}
			require.NoError(t, err)
			return networks.Callback{Query: back.Query(), Pending: start.Pending}
		},
		Posts: func(*testing.T) (found []fake.Post) {
			media := map[string]Medium{}
			for _, one := range s.Media() {
				media[one.ID] = one
			}
			for _, one := range s.Statuses(Olivia) {
				post := fake.Post{ID: one.ID, URL: s.URL + "/@olivia/" + one.ID, Text: one.Text}
				for _, id := range one.Media {
					kind := networks.Image
					if strings.HasPrefix(media[id].Type, "video/") {
						kind = networks.Video
					}
					post.Media = append(post.Media, fake.Medium{Kind: kind, Alt: media[id].Description, Size: int64(len(media[id].Bytes))})
				}
				found = append(found, post)
			}
			slices.Reverse(found)
			return found
		},
		Uploads: func(*testing.T) int { return len(s.Media()) },
		Left:    func(*testing.T) int { return len(s.Media()) },
		End:     func(*testing.T, string) { s.RevokeAll() },
		Decline: func(*testing.T, string) string { return s.Narrow() },
		Demote:  func(_ *testing.T, person string) { s.Disable(person) },
	}
}
