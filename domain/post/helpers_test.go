package post

import (
	"slices"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// Who acts in the tests of this package.
var (
	owner    = scenario.As(scenario.Olivia)
	editor   = scenario.As(scenario.Edith)
	client   = scenario.As(scenario.Carl)
	stranger = scenario.As(scenario.Mallory)
	system   = scenario.System()
)

var (
	now     = scenario.Now
	later   = scenario.Now.Add(time.Hour)
	thePost = domain.PostID{0: 5, 15: 1}
	olivias = domain.ConnectionID{0: 4, 15: 1}
	carls   = domain.ConnectionID{0: 4, 15: 2}
	attempt = domain.AttemptID{0: 6, 15: 1}
	another = domain.AttemptID{0: 6, 15: 2}
	onNews  = AttemptRef{Post: thePost, Account: scenario.News, Attempt: attempt}
)

func given(t *testing.T, history ...[]domain.Change) scenario.Story {
	t.Helper()
	log := scenario.NewLog(workspace.Aggregate(), account.Aggregate(), Aggregate())
	return scenario.Given(t, scenario.Acme, log, slices.Concat(history...)...)
}

func onPost(events ...domain.Event) []domain.Change { return domain.On(Stream(thePost), events...) }

// carlJoined is a Client who writes, on News in this mode.
func carlJoined(mode workspace.CredentialMode) []domain.Change {
	return acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, mode))
}

// connected is a holder's connection to News that works.
func connected(holder domain.UserID, connection domain.ConnectionID) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.Connected{
		Workspace: scenario.Acme, Network: "sandbox", Remote: "page-news", Connection: connection, Holder: holder,
	})
}

// broken is the word that a connection to News is dead.
func broken(holder domain.UserID, connection domain.ConnectionID) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.ReauthenticationNeeded{
		Holder: holder, Connection: connection, Code: "ExpiredToken",
	})
}

// writtenBy is a post to News and Blog.
func writtenBy(author domain.Actor) Written {
	return Written{
		Workspace: scenario.Acme, Author: author.User, Text: "Hello",
		Targets: []Destination{{Account: scenario.News}, {Account: scenario.Blog}},
	}
}

func scheduledAt(at time.Time) Scheduled { return Scheduled{Revision: 1, At: at} }

// carlsClaim is an attempt at News through Olivia's connection.
func carlsClaim() TargetClaimed {
	return TargetClaimed{
		Account: scenario.News, Attempt: attempt, Revision: 1, Key: Key(thePost, scenario.News, 1),
		Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: olivias,
		Rules: []domain.Rule{domain.R34, domain.R35, domain.R36}, Deadline: now.Add(30 * time.Second),
	}
}

// claimed is Carl's post, due now, with an attempt at News running.
func claimed() []domain.Change { return onPost(writtenBy(client), scheduledAt(now), carlsClaim()) }

// ends are the ways in which an attempt ends, and the states that they leave.
func ends() map[TargetState]domain.Event {
	return map[TargetState]domain.Event{
		Due:                   TargetReleased{Account: scenario.News, Attempt: attempt, Code: "moved", NotBefore: now},
		Published:             TargetPublished{Account: scenario.News, Attempt: attempt, Remote: "1"},
		Failed:                TargetFailed{Account: scenario.News, Attempt: attempt, Code: "rejected"},
		Unknown:               TargetUnknown{Account: scenario.News, Attempt: attempt},
		NeedsReauthentication: TargetNeedsReauthentication{Account: scenario.News, Attempt: attempt, Holder: scenario.Olivia},
	}
}

// changesNothingLate asserts that a word about an attempt is for parts of
// Behalf, and comes to nothing once the attempt has ended or another one runs.
func changesNothingLate(t *testing.T, command any) {
	t.Helper()
	for state, end := range ends() {
		t.Run("after "+string(state), func(t *testing.T) {
			t.Parallel()
			given(t, claimed(), onPost(end)).When(system, command).Nothing()
		})
	}
	next := carlsClaim()
	next.Attempt = another
	given(t, claimed(), onPost(ends()[Due], next)).When(system, command).Nothing()

	given(t, claimed()).When(owner, command).Refused(domain.R32, "not_found")
	given(t, onPost(Written{Workspace: scenario.Acme, Author: scenario.Carl})).When(system, command).Refused(domain.R32, "not_found")
	given(t).When(system, command).Refused(domain.R32, "not_found")
}
