// Package posts has the members of the workspace Acme write, approve and publish
// one post in tests of its commands.
package posts

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// Who acts.
var (
	Owner    = scenario.As(scenario.Olivia)
	Admin    = scenario.As(scenario.Adam)
	Editor   = scenario.As(scenario.Edith)
	Client   = scenario.As(scenario.Carl)
	Stranger = scenario.As(scenario.Mallory)
	System   = scenario.System()
)

// When, about what, and through what.
var (
	Now     = scenario.Now
	Later   = scenario.Now.Add(time.Hour)
	ThePost = domain.PostID{0: 5, 15: 1}
	Olivias = domain.ConnectionID{0: 4, 15: 1}
	Carls   = domain.ConnectionID{0: 4, 15: 2}
	Attempt = domain.AttemptID{0: 6, 15: 1}
	Another = domain.AttemptID{0: 6, 15: 2}
	OnNews  = outcome.AttemptRef{Post: ThePost, Account: scenario.News, Attempt: Attempt}
)

// Given begins a story of Acme, with all that the catalog offers.
func Given(t *testing.T, history ...[]domain.Change) scenario.Story {
	t.Helper()
	log := scenario.NewLog(catalog.Aggregates()...)
	return scenario.Given(t, scenario.Acme, log, slices.Concat(history...)...)
}

// OnPost puts events on the post's stream.
func OnPost(events ...domain.Event) []domain.Change {
	return domain.On(post.Stream(ThePost), events...)
}

// CarlJoined is a Client who writes, on News in this mode.
func CarlJoined(mode workspace.CredentialMode) []domain.Change {
	return acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, mode))
}

// Connected is a holder's connection to News that works.
func Connected(holder domain.UserID, connection domain.ConnectionID) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.Connected{
		Workspace: scenario.Acme, Network: "sandbox", Remote: "page-news", Connection: connection, Holder: holder,
	})
}

// Broken is the word that a connection to News is dead.
func Broken(holder domain.UserID, connection domain.ConnectionID) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.ReauthenticationNeeded{
		Holder: holder, Connection: connection, Code: "ExpiredToken",
	})
}

// ToBoth is a post to News and Blog.
func ToBoth() post.Content {
	return post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News}, {Account: scenario.Blog}}}
}

// WrittenBy is a post to News and Blog.
func WrittenBy(author domain.Actor) post.Written { return Wrote(author, ToBoth()) }

// Wrote is the event of writing a content.
func Wrote(author domain.Actor, content post.Content) post.Written {
	says, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	written := post.Written{Workspace: scenario.Acme, Author: author.User, Content: personal.Workspace(scenario.Acme).Says(string(says))}
	for _, target := range content.Targets {
		written.Targets = append(written.Targets, post.Place{Account: target.Account, Identity: target.Identity})
	}
	return written
}

// Slots are the minutes that the post takes on accounts.
func Slots(at time.Time, accounts ...domain.AccountID) (changes []domain.Change) {
	for _, id := range accounts {
		changes = append(changes, domain.On(account.Stream(id), account.SlotReserved{Post: ThePost, At: at, Decided: Now})...)
	}
	return changes
}

// Freed are the minutes that the post gives back.
func Freed(accounts ...domain.AccountID) (changes []domain.Change) {
	for _, id := range accounts {
		changes = append(changes, domain.On(account.Stream(id), account.SlotReleased{Post: ThePost})...)
	}
	return changes
}

// ScheduledAt is the event of planning the whole post, which needs no approval.
func ScheduledAt(at time.Time) post.Scheduled { return post.Scheduled{Revision: 1, At: at} }

// CarlsClaim is an attempt at News through Olivia's connection.
func CarlsClaim() post.TargetClaimed {
	return post.TargetClaimed{
		Account: scenario.News, Attempt: Attempt, Revision: 1, Key: sending.Key(ThePost, scenario.News, 1),
		Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: Olivias,
		Rules: []domain.Rule{domain.R34, domain.R35, domain.R36}, Deadline: Now.Add(30 * time.Second),
	}
}

// Claimed is Carl's post, due now, with an attempt at News running.
func Claimed() []domain.Change { return OnPost(WrittenBy(Client), ScheduledAt(Now), CarlsClaim()) }

// Ends are the states in which a target can be after an attempt, and how it came there.
func Ends() map[post.TargetState]domain.Event {
	return map[post.TargetState]domain.Event{
		post.Due:                   post.TargetReleased{Account: scenario.News, Attempt: Attempt, Code: "moved", NotBefore: Now},
		post.Published:             post.TargetPublished{Account: scenario.News, Attempt: Attempt, Remote: "1"},
		post.Failed:                post.TargetFailed{Account: scenario.News, Attempt: Attempt, Code: "rejected"},
		post.Unknown:               post.TargetUnknown{Account: scenario.News, Attempt: Attempt},
		post.NeedsReauthentication: post.TargetNeedsReauthentication{Account: scenario.News, Attempt: Attempt, Holder: scenario.Olivia},
		post.HandedOver:            post.TargetHandedOver{Account: scenario.News, To: scenario.Olivia, Deadline: Now.Add(24 * time.Hour)},
		post.Deleting:              post.TargetDeletionRequested{Account: scenario.News, By: scenario.Olivia, Remote: "1", Deadline: Now.Add(24 * time.Hour)},
	}
}

// ChangesNothingLate asserts that a word about an attempt is for parts of
// Behalf, and comes to nothing once the attempt has ended or another one runs.
func ChangesNothingLate(t *testing.T, command any) {
	t.Helper()
	for state, end := range Ends() {
		t.Run("after "+string(state), func(t *testing.T) {
			t.Parallel()
			Given(t, Claimed(), OnPost(end)).When(System, command).Nothing()
		})
	}
	next := CarlsClaim()
	next.Attempt = Another
	Given(t, Claimed(), OnPost(Ends()[post.Due], next)).When(System, command).Nothing()

	Given(t, Claimed()).When(Owner, command).Refused(domain.R32, "not_found")
	Given(t, OnPost(post.Written{Workspace: scenario.Acme, Author: scenario.Carl})).When(System, command).Refused(domain.R32, "not_found")
	Given(t).When(System, command).Refused(domain.R32, "not_found")
}
