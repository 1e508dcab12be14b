package archive

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

type settings struct {
	ID        domain.WorkspaceID `json:"id"`
	Name      string             `json:"name"`
	Owner     domain.UserID      `json:"owner"`
	OfferedTo domain.UserID      `json:"ownership_offered_to,omitzero"`
	Paused    bool               `json:"paused"`
	Closed    bool               `json:"closed"`
	DeleteAt  time.Time          `json:"delete_at,omitzero"`
	MadeAt    time.Time          `json:"exported_at"`
}

func (b *book) settings(context.Context) error {
	return b.put("data/workspace.json", settings{
		ID: b.id, Name: b.state.Name, Owner: b.state.Owner, OfferedTo: b.state.OfferedTo,
		Paused: b.state.Paused, Closed: b.state.Closed, DeleteAt: b.state.DeleteAt, MadeAt: b.madeAt,
	})
}

// who is what a person is called and where they are written to.
type who struct {
	User  domain.UserID `json:"user"`
	Name  string        `json:"name,omitempty"`
	Email string        `json:"email,omitempty"`
}

type member struct {
	who
	Role             workspace.Role         `json:"role"`
	Access           workspace.ClientAccess `json:"access"`
	Auditor          bool                   `json:"auditor,omitempty"`
	RequireTwoFactor bool                   `json:"require_two_factor,omitempty"`
	Assignments      []workspace.Assignment `json:"assignments"`
}

func (b *book) members(ctx context.Context) error {
	all := []member{}
	for _, id := range sorted(b.state.Members) {
		person, err := b.who(ctx, id)
		if err != nil {
			return err
		}
		m := b.state.Members[id]
		one := member{
			who: person, Role: m.Role, Access: m.Access, Auditor: m.Auditor, RequireTwoFactor: m.RequireTwoFactor,
			Assignments: []workspace.Assignment{},
		}
		for _, account := range sorted(m.Assignments) {
			one.Assignments = append(one.Assignments, m.Assignments[account])
		}
		all = append(all, one)
	}
	return b.put("data/members.json", all)
}

func (b *book) who(ctx context.Context, id domain.UserID) (who, error) {
	stream := user.Stream(id)
	loaded, err := b.Store.Load(ctx, eventstore.Scope{}, stream)
	if err != nil {
		return who{}, err
	}
	u := *domain.Fact[*user.User](loaded.Facts, stream)
	if u.Erased {
		return who{User: id, Name: personal.Erased}, nil
	}
	if err := b.Persons.Open(ctx, &u.Name, &u.Email); err != nil {
		return who{}, err
	}
	return who{User: id, Name: u.Name.Reveal(), Email: u.Email.Reveal()}, nil
}

type invitation struct {
	ID        domain.InvitationID        `json:"id"`
	Person    domain.UserID              `json:"person"`
	Email     string                     `json:"email"`
	Role      workspace.Role             `json:"role"`
	Status    workspace.InvitationStatus `json:"status"`
	ExpiresAt time.Time                  `json:"expires_at"`
}

func (b *book) invitations(ctx context.Context) error {
	all := []invitation{}
	for _, id := range sorted(b.state.Invitations) {
		i := b.state.Invitations[id]
		email := i.Offer.Email
		if err := b.Persons.Open(ctx, &email); err != nil {
			return err
		}
		all = append(all, invitation{ID: id, Person: i.Person, Email: email.Reveal(), Role: i.Role, Status: i.Status, ExpiresAt: i.ExpiresAt.UTC()})
	}
	return b.put("data/invitations.json", all)
}

type social struct {
	ID          domain.AccountID         `json:"id"`
	Network     string                   `json:"network"`
	Remote      string                   `json:"remote"`
	Name        string                   `json:"name"`
	AddedBy     domain.UserID            `json:"added_by"`
	Paused      bool                     `json:"paused"`
	Approval    workspace.ClientApproval `json:"client_approval"`
	Connections []connection             `json:"connections"`
}

type connection struct {
	Holder   domain.UserID           `json:"holder"`
	State    account.ConnectionState `json:"state"`
	Identity string                  `json:"identity,omitempty"`
}

func (b *book) accounts(ctx context.Context) error {
	all := []social{}
	for _, id := range sorted(b.state.Accounts) {
		stream := account.Stream(id)
		loaded, err := b.Store.Load(ctx, eventstore.Scope{Workspace: b.id}, stream)
		if err != nil {
			return err
		}
		held, connected := b.state.Accounts[id], domain.Fact[*account.Account](loaded.Facts, stream).Connections
		one := social{
			ID: id, Network: held.Network, Remote: held.Remote, Name: held.Name, AddedBy: held.AddedBy,
			Paused: held.Paused, Approval: held.Approval, Connections: []connection{},
		}
		for _, holder := range sorted(connected) {
			one.Connections = append(one.Connections, connection{
				Holder: holder, State: connected[holder].State, Identity: connected[holder].Identity,
			})
		}
		all = append(all, one)
	}
	return b.put("data/accounts.json", all)
}

// sorted are a map's ids, so that two archives of the same are the same.
func sorted[ID ~[16]byte, V any](of map[ID]V) []ID {
	return slices.SortedFunc(maps.Keys(of), func(a, b ID) int {
		x, y := [16]byte(a), [16]byte(b)
		return bytes.Compare(x[:], y[:])
	})
}
