package post

import (
	"slices"
	"strings"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// Scene is what commands are decided on that change when a post goes out: the
// post, its workspace, and the accounts that it goes to or is to go to, where
// it has its minute (R57).
type Scene struct {
	ID        domain.WorkspaceID
	PostID    domain.PostID
	Workspace workspace.Workspace
	Post      Post
	Accounts  map[domain.AccountID]account.Account
}

// On puts events on the post's stream.
func (s Scene) On(events ...domain.Event) []domain.Change {
	return domain.On(Stream(s.PostID), events...)
}

// Reserve gives the post its minute on every account, or refuses with R57 and
// the next moment that is free on all of them.
func (s Scene) Reserve(accounts []domain.AccountID, at time.Time, by domain.Actor) (changes []domain.Change, err error) {
	var taken []string
	for _, id := range accounts {
		if !s.Accounts[id].Free(s.PostID, at) {
			taken = append(taken, s.Workspace.Accounts[id].Name)
		}
	}
	if len(taken) > 0 {
		slices.Sort(taken)
		return nil, domain.Clash(domain.R57, "minute_taken", "Less than a minute from then another post goes out to "+strings.Join(taken, ", ")+
			". The next moment that is free is "+s.nextFree(accounts, at).Format(time.RFC3339Nano)+".")
	}
	for _, id := range accounts {
		if held, has := s.Accounts[id].Slots[s.PostID]; !has || !held.Equal(at) {
			changes = append(changes, domain.On(account.Stream(id), account.SlotReserved{Post: s.PostID, At: at, Decided: by.Now})...)
		}
	}
	return changes, nil
}

// nextFree is the first moment from at on that is free on all accounts.
func (s Scene) nextFree(accounts []domain.AccountID, at time.Time) time.Time {
	for moved := true; moved; {
		moved = false
		for _, id := range accounts {
			if next := s.Accounts[id].NextFree(s.PostID, at); next.After(at) {
				at, moved = next, true
			}
		}
	}
	return at
}

// Release gives the post's minute on these accounts to whoever wants it.
func (s Scene) Release(accounts []domain.AccountID) (changes []domain.Change) {
	for _, id := range accounts {
		if _, has := s.Accounts[id].Slots[s.PostID]; has {
			changes = append(changes, domain.On(account.Stream(id), account.SlotReleased{Post: s.PostID})...)
		}
	}
	return changes
}

// Soon has a target go out at the next moment that is free: whoever waits for an
// approval has named none.
func (s Scene) Soon(account domain.AccountID, by domain.Actor) []domain.Change {
	at := s.nextFree([]domain.AccountID{account}, by.Now)
	slots, _ := s.Reserve([]domain.AccountID{account}, at, by) // it is free
	return append(s.On(TargetScheduled{Account: account, At: at}), slots...)
}

// Again has one target go out once more, at a moment.
func (s Scene) Again(account domain.AccountID, at time.Time, by domain.Actor) ([]domain.Change, error) {
	slots, err := s.Reserve([]domain.AccountID{account}, at, by)
	if err != nil {
		return nil, err
	}
	return append(s.On(TargetScheduled{Account: account, At: at}), slots...), nil
}
