package removal_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/bluesky/blueskytest"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/discord/discordtest"
	"behalf/internal/networks/facebook/pages/pagestest"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/linkedin/linkedintest"
	"behalf/internal/networks/mastodon/mastodontest"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wordpress/wordpresstest"
	"behalf/internal/networks/x/xtest"
	"behalf/workers/workerstest"
)

// elsewhere is a workspace with an account of a real network's fake.
type elsewhere struct {
	*workerstest.World
	name    string
	subject conformance.Subject
	network *conformance.World
	session networks.Session
}

func onNetwork(t *testing.T, name, recorded string, s conformance.Subject) elsewhere {
	t.Helper()
	s.Recorded = conformance.Recorded(t, filepath.Join("../../../internal/networks", recorded, "testdata/errors.json"))
	e := elsewhere{World: workerstest.New(t, workspace.OwnerMode), name: name, subject: s, network: s.Start(t, wire.Options{})}
	e.session = networks.Session{Account: e.network.Account}
	begun, err := e.network.Authorize(t.Context(), networks.AuthRequest{RedirectURI: conformance.RedirectURI, Host: e.network.Host})
	require.NoError(t, err)
	e.session.Credential, err = e.network.Exchange(t.Context(), e.network.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	access, err := e.network.VerifyAccess(t.Context(), e.session)
	require.NoError(t, err)
	if !access.Credential.IsZero() {
		e.session.Credential = access.Credential
	}
	e.Hold(e.network.Connector, name, e.network.Account, e.session.Credential)
	return e
}

// published is a post that the network shows.
func (e elsewhere) published(t *testing.T, text string) (id domain.PostID, remote string) {
	t.Helper()
	id = e.Publish(e.Olivia, text)
	e.Await(id, post.Published)
	return id, e.Target(id).Remote
}

func (e elsewhere) remove(id domain.PostID) {
	e.Helper()
	e.As(e.Olivia, &ending.DeletePost{Post: id, AtNetwork: map[string]bool{e.name: true}})
}

func (e elsewhere) shows(t *testing.T, remote string) bool {
	t.Helper()
	for _, one := range e.network.Posts(t) {
		if one.ID == remote {
			return true
		}
	}
	return false
}

// asked counts the calls that were to delete something.
func (e elsewhere) asked() int { return len(e.network.Gate.Requests(e.subject.Calls.Delete)) }

// documented is the network's own answer of a kind to one who publishes.
func (e elsewhere) documented(t *testing.T, kind networks.FailureKind) (recorded conformance.Scenario) {
	t.Helper()
	for _, one := range e.subject.Recorded {
		if one.Kind == kind && one.Call == networks.CallPublish {
			return one
		}
	}
	t.Fatalf("no recorded answer means %s", kind)
	return conformance.Scenario{}
}

func answer(s conformance.Scenario) fake.Answer {
	body := string(s.Body)
	_ = json.Unmarshal(s.Body, &body) // a string is the body itself
	return fake.Answer{Status: s.Status, Header: s.Header, Body: body}
}

// Every network's way of deleting, through the worker: what is deleted is gone, who
// is not answered asks again and believes that it is gone, who is told to wait
// waits, and what the network keeps is said to be kept.
func TestDeletedOnEveryNetwork(t *testing.T) {
	t.Parallel()
	for name, made := range map[string]struct {
		recorded string
		subject  conformance.Subject
	}{
		"mastodon":              {"mastodon", mastodontest.Subject()},
		"bluesky":               {"bluesky", blueskytest.Subject()},
		"wordpress":             {"wordpress", wordpresstest.Subject()},
		"discord":               {"discord", discordtest.Subject()},
		"facebook_pages":        {"facebook/pages", pagestest.Subject()},
		"linkedin":              {"linkedin", linkedintest.Subject(false)},
		"linkedin_organization": {"linkedin", linkedintest.Subject(true)},
		"x":                     {"x", xtest.Subject()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := onNetwork(t, name, made.recorded, made.subject)
			e.Work()
			for what, test := range map[string]struct {
				before func(remote string) // what happens to it until the worker comes
				asked  int                 // how often the network is
				waits  time.Duration       // at least
			}{
				"as ever": {asked: 1},
				"gone already": {asked: 1, before: func(remote string) {
					require.NoError(t, e.network.Delete(t.Context(), e.session, remote))
				}},
				"done and not answered": {asked: 2, before: func(string) {
					e.network.Gate.Arm(fake.Fault{On: e.subject.Calls.Delete, Kind: fake.ResetAfter, Times: 1})
				}},
				"neither done nor answered": {asked: 2, before: func(string) {
					e.network.Gate.Arm(fake.Fault{On: e.subject.Calls.Delete, Kind: fake.ResetBefore, Times: 1})
				}},
				"told to wait": {asked: 2, waits: 3 * time.Second, before: func(string) {
					e.network.Gate.Arm(fake.Fault{On: e.subject.Calls.Delete, Kind: fake.Refuse, Times: 1, Answer: fake.Answer{
						Status: 429, Header: map[string]string{"Retry-After": "3"}, Body: "slow down",
					}})
				}},
				"away for a while": {asked: 2, waits: 3 * time.Second, before: func(string) {
					e.network.Gate.Arm(fake.Fault{On: e.subject.Calls.Delete, Kind: fake.Refuse, Times: 1, Answer: fake.Answer{
						Status: 503, Header: map[string]string{"Retry-After": "3"}, Body: "back soon",
					}})
				}},
			} {
				id, remote := e.published(t, "to be deleted, "+what)
				require.True(t, e.shows(t, remote), what)
				if test.before != nil {
					test.before(remote)
				}
				asked := e.asked()
				if what == "gone already" {
					require.False(t, e.shows(t, remote))
				}
				e.remove(id)
				wanted := workerstest.AwaitRecorded[post.TargetDeletionRequested](e.World, id)
				deleted := workerstest.AwaitRecorded[post.TargetDeleted](e.World, id)
				require.False(t, e.shows(t, remote), what)
				require.GreaterOrEqual(t, e.asked()-asked, test.asked, what) // the sweeper may bring it meanwhile
				require.GreaterOrEqual(t, deleted.RecordedAt.Sub(wanted.RecordedAt), test.waits, what)
			}

			refusal := e.documented(t, networks.NoPermission)
			id, remote := e.published(t, "to be kept")
			e.network.Gate.Arm(fake.Fault{On: e.subject.Calls.Delete, Kind: fake.Refuse, Answer: answer(refusal)})
			e.remove(id)
			kept := workerstest.AwaitEvent[post.TargetDeletionFailed](e.World, id)
			require.Equal(t, refusal.Code, kept.Code)
			require.NotEmpty(t, kept.Detail)
			require.Equal(t, post.Published, e.Target(id).State)
			require.True(t, e.shows(t, remote))
		})
	}
}
