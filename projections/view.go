package projections

import (
	"context"

	"behalf/projections/accounts"
	"behalf/projections/exports"
	"behalf/projections/membership"
	"behalf/projections/notifications"
	"behalf/projections/posts"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5/pgxpool"
)

// View is one set of tables and what fills them.
type View = view.View

// The views, each in a room of its own.
var (
	Members       = membership.Members     // the workspaces, and who has which role and which accounts
	People        = membership.People      // who is registered
	Invitations   = membership.Invitations // what was offered to whom, and what became of it
	Accounts      = accounts.View          // the social accounts, and who is connected to each
	Posts         = posts.View             // what was written, and how far it has come
	Notifications = notifications.View     // what everybody is told inside the product
	Exports       = exports.View           // the archives of workspaces
)

// Views lists all views. Those whose policies look into another's tables come
// behind it.
func Views() []View {
	return []View{Members, People, Invitations, Accounts, Posts, Notifications, Exports}
}

// Named answers the view of a name, or false.
func Named(name string) (View, bool) {
	for _, one := range Views() {
		if one.Name == name {
			return one, true
		}
	}
	return View{}, false
}

// Install makes the tables of all views that have none yet, in a migrated
// database, as view.Install does.
func Install(ctx context.Context, pool *pgxpool.Pool) error {
	return view.Install(ctx, pool, Views()...)
}
