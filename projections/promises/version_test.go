package promises

import (
	"strings"
	"testing"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/rebuild"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/stretchr/testify/require"
)

// renamed is the next version of the members view: one column more, between
// others, and other rows.
func renamed() view.View {
	next := projections.Members
	next.Version++
	next.Tables = strings.Replace(next.Tables, "name text not null", "name text not null,\n\tmotto text not null default 'new'", 1)
	next.Handle = func(recorded eventstore.Recorded) []rows.Change {
		if created, ok := recorded.Event.(workspace.Created); ok {
			created.Name = strings.ToUpper(created.Name)
			recorded.Event = created
		}
		return projections.Members.Handle(recorded)
	}
	return next
}

func (db *database) names() (all []string) {
	db.t.Helper()
	err := db.super.QueryRow(db.t.Context(), "select array_agg(name order by name) from views.workspaces").Scan(&all)
	require.NoError(db.t, err)
	return all
}

// Processes of the old and the new version run side by side. Each follows the
// log only while the tables are of its own.
func TestANewVersionTakesOverWithARebuild(t *testing.T) {
	t.Parallel()
	db := open(t)
	next := renamed()
	db.engine(db.store, onlyMembers)
	db.engine(db.store, engine.Options{Views: []view.View{next}})
	_, position := db.founds("Acme")
	db.reach(projections.Members, position)
	require.Equal(t, []string{"Acme"}, db.names())
	nobody := eventstore.Scope{User: domain.UserID(eventstore.Fresh())}
	before, err := db.reader.Workspaces(t.Context(), nobody, position)
	require.NoError(t, err)
	require.GreaterOrEqual(t, before.Position, position)

	report, err := db.rebuild(next, rebuild.Options{})
	require.NoError(t, err)
	require.False(t, report.Compared, "there is nothing to compare with")
	require.Equal(t, []string{"ACME"}, db.names())
	_, position = db.founds("Rival")
	answer, err := db.reader.Workspaces(t.Context(), nobody, position)
	require.NoError(t, err)
	require.True(t, answer.Reached, "readers ask the tables that there are, and wait for those")
	require.Less(t, answer.Position, position+100, "and tell how far those are, whichever they knew before")
	db.reach(next, position)
	require.Equal(t, []string{"ACME", "RIVAL"}, db.names())
	var mottos int
	require.NoError(t, db.super.QueryRow(t.Context(), "select count(*) from views.workspaces where motto = 'new'").Scan(&mottos))
	require.Equal(t, 2, mottos)

	_, err = db.rebuild(projections.Members, rebuild.Options{})
	require.ErrorContains(t, err, "cannot drop columns from view", "names only gain columns")
	require.Equal(t, []string{"ACME", "RIVAL"}, db.names(), "nothing was switched")
}
