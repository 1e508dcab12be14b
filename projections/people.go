package projections

import (
	"behalf/domain"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/projections/rows"
)

// People are the registered users. Who was invited and has not registered is
// known by their invitation alone.
var People = View{Name: "people", Version: 1, Tables: peopleTables, Handle: handlePeople}

// Only oneself and the members of the workspace that is acted in are seen.
const peopleTables = `
create table views.people (
	user_id uuid primary key,
	name text not null,
	email text not null
);
alter table views.people enable row level security;
alter table views.people force row level security;
create policy engine on views.people to behalf_engine, behalf_owner using (true);
create policy api on views.people for select to behalf_api using (
	user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
	or user_id in (
		select m.user_id
		from views.members as m
		where m.workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
	)
);
grant select on views.people to behalf_api;
grant select, insert, update, delete on views.people to behalf_engine`

// Person is a registered user.
type Person struct {
	User  domain.UserID `db:"user_id"`
	Name  string        `db:"name"`
	Email user.Email    `db:"email"`
}

var people = rows.NewTable[Person]("views.people", "user_id")

func handlePeople(recorded eventstore.Recorded) []rows.Change {
	if e, ok := recorded.Event.(user.Registered); ok {
		return []rows.Change{people.Put(Person{User: recorded.Stream.ID, Name: e.Name, Email: e.Email})}
	}
	return nil
}
