package membership

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// People are the registered users. Who was invited and has not registered is
// known by their invitation alone.
var People = view.View{
	Name: "people", Version: 3, Tables: peopleTables, Access: peopleAccess,
	Types: view.Types(
		user.Registered{},
		user.AddressChanged{},
		user.ProfileChanged{},
		user.TwoFactorEnabled{},
		user.TwoFactorDisabled{},
	),
	Handle: handlePeople,
}

const peopleTables = `
create table people (
	user_id uuid primary key,
	name text not null,
	email text not null,
	two_factor boolean not null
)`

// Only oneself and the members of the workspace that is acted in are seen. Each is
// looked for among them by index: to read one takes no list of all.
const peopleAccess = `
create policy api on people for select to behalf_api using (
	user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
	or exists (
		select
		from views.members as m
		where m.workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
		and m.user_id = people.user_id
	)
)`

// Person is a registered user.
type Person struct {
	User  domain.UserID `db:"user_id"`
	Name  personal.Text `db:"name"`
	Email personal.Text `db:"email"`
	// TwoFactor: they have enabled two-factor authentication. It shows; what
	// decides is read with the session (R63).
	TwoFactor bool `db:"two_factor"`
}

var people = rows.NewTable[Person]("people", "user_id")

func handlePeople(recorded eventstore.Recorded) []rows.Change {
	key := rows.Values{"user_id": domain.UserID(recorded.Stream.ID)}
	switch e := recorded.Event.(type) {
	case user.Registered:
		return []rows.Change{people.Put(Person{User: recorded.Stream.ID, Name: e.Name, Email: e.Email})}
	case user.AddressChanged:
		return []rows.Change{people.Patch(key, rows.Values{"email": e.Email})}
	case user.ProfileChanged:
		return []rows.Change{people.Patch(key, rows.Values{"name": e.Name})}
	case user.TwoFactorEnabled:
		return []rows.Change{people.Patch(key, rows.Values{"two_factor": true})}
	case user.TwoFactorDisabled:
		return []rows.Change{people.Patch(key, rows.Values{"two_factor": false})}
	}
	return nil
}
