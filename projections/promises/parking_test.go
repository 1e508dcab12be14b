package promises

import (
	"log/slog"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/parking"
	"behalf/projections/rebuild"
	"behalf/projections/rows"
	"behalf/projections/view"
	"behalf/projections/viewtest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

// spoiled is the members view as one that cannot take members with this role.
func (db *database) spoiled(role string) {
	db.t.Helper()
	_, err := db.super.Exec(db.t.Context(), "alter table views_members_1.members add constraint spoiled check (role <> '"+role+"')")
	require.NoError(db.t, err)
}

func (db *database) mended() {
	db.t.Helper()
	_, err := db.super.Exec(db.t.Context(), "alter table views_members_1.members drop constraint spoiled")
	require.NoError(db.t, err)
}

// poisons has somebody join whom a spoiled view cannot take.
func (db *database) poisons(c company) int64 {
	db.t.Helper()
	return db.happens(c.id, domain.On(workspace.Stream(c.id),
		workspace.InvitationAccepted{Member: domain.UserID(eventstore.Fresh()), Role: workspace.Editor})...)
}

var onlyMembers = engine.Options{Views: []projections.View{projections.Members}}

// In small steps and in large ones: the poison and what follows on its stream
// are put aside, its neighbours in the same transaction stand.
func TestWhatPostgresRefusesIsParkedAndItsNeighboursStand(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]engine.Options{
		"event by event": onlyMembers,
		"in bulk":        {Views: onlyMembers.Views, Bulk: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			db.spoiled("editor")
			acme, _ := db.founds("Acme")
			member := domain.UserID(eventstore.Fresh())
			db.happens(acme.id, domain.On(workspace.Stream(acme.id), joined(member))...)
			poison := db.poisons(acme)
			late := domain.UserID(eventstore.Fresh())
			behind := db.happens(acme.id, domain.On(workspace.Stream(acme.id), joined(late))...)
			rival, after := db.founds("Rival")
			metrics := prometheus.NewRegistry()
			options.Metrics = metrics
			db.engine(db.store, options)
			db.reach(projections.Members, after)

			parked := db.parked(projections.Members)
			require.Len(t, parked, 2)
			require.Equal(t, []any{poison, parking.Class("23514"), behind, parking.Behind},
				[]any{parked[0].Position, parked[0].Class, parked[1].Position, parked[1].Class})
			require.True(t, db.isMember(acme, member))
			require.False(t, db.isMember(acme, late))
			require.True(t, db.isMember(rival, rival.owner))
			require.Eventually(t, func() bool { return gauge(t, metrics, "behalf_view_parked_streams", "members") == 1 }, patience, 10*time.Millisecond)

			result, err := engine.Retry(t.Context(), db.under(eventstore.RoleEngine), db.store, projections.Members)
			require.NoError(t, err)
			require.Equal(t, engine.Retried{Parked: 2}, result, "it is still spoiled")
			require.Equal(t, 2, db.parked(projections.Members)[0].Attempts)
			db.mended()
			result, err = engine.Retry(t.Context(), db.under(eventstore.RoleEngine), db.store, projections.Members, behind)
			require.NoError(t, err)
			require.Equal(t, engine.Retried{Handled: 2}, result)
			require.True(t, db.isMember(acme, late))
			db.same(projections.Members)
		})
	}
}

func TestWhatIsSkippedStaysOutAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	db := open(t)
	db.spoiled("editor")
	db.engine(db.store, onlyMembers)
	acme, _ := db.founds("Acme")
	poison := db.poisons(acme)
	member := domain.UserID(eventstore.Fresh())
	behind := db.happens(acme.id, domain.On(workspace.Stream(acme.id), joined(member))...)
	db.reach(projections.Members, behind)
	pool := db.under(eventstore.RoleEngine)

	_, err := engine.Skip(t.Context(), pool, db.store, projections.Members, "olga", behind)
	require.ErrorIs(t, err, engine.ErrNotFirst)
	result, err := engine.Skip(t.Context(), pool, db.store, projections.Members, "olga", poison)
	require.NoError(t, err)
	require.Equal(t, engine.Retried{Handled: 1}, result)
	require.Empty(t, db.parked(projections.Members))
	require.True(t, db.isMember(acme, member))
	var by, class string
	err = db.super.QueryRow(t.Context(), "select skipped_by, class from views.skipped where view = 'members' and position = $1", poison).Scan(&by, &class)
	require.NoError(t, err)
	require.Equal(t, []string{"olga", "23514"}, []string{by, class})

	db.mended() // and a rebuild, which could take it, leaves it out as well
	report, err := db.rebuild(projections.Members, rebuild.Options{})
	require.NoError(t, err)
	require.Contains(t, report.Tables, rebuild.Count{Table: "members", Before: 2, After: 2})
}

// One stream more than may be is no accident of single events.
func TestAViewThatParksTooMuchStops(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]engine.Options{
		"event by event": onlyMembers,
		"in bulk":        {Views: onlyMembers.Views, Bulk: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			db.spoiled("owner")
			var last int64
			for range parking.StreamsAtMost + 1 {
				_, last = db.founds("Acme")
			}
			log := listen()
			options.Logger = slog.New(log)
			db.engine(db.store, options)
			for record := range log.records {
				if record.Message == "view stands still" {
					break
				}
			}
			all, err := projections.Look(t.Context(), db.under(eventstore.RoleAPI))
			require.NoError(t, err)
			require.True(t, all[0].Stopped && all[0].Behind > 0, "%+v", all[0])
			require.LessOrEqual(t, len(parking.Heads(db.parked(projections.Members))), parking.StreamsAtMost)

			db.mended()
			_, err = engine.Retry(t.Context(), db.under(eventstore.RoleEngine), db.store, projections.Members)
			require.NoError(t, err)
			db.reach(projections.Members, last)
			require.Empty(t, db.parked(projections.Members))
			db.same(projections.Members)
		})
	}
}

// A handler that panics parks the event, in small steps and in large ones.
func TestAPanicIsPoison(t *testing.T) {
	t.Parallel()
	db := open(t)
	acme, _ := db.founds("Acme")
	poison := db.poisons(acme)
	_, after := db.founds("Rival")
	fragile := projections.Members
	fragile.Handle = func(recorded eventstore.Recorded) []rows.Change {
		if recorded.Position == poison {
			panic("no such thing")
		}
		return projections.Members.Handle(recorded)
	}
	db.engine(db.store, engine.Options{Views: []view.View{fragile}, Bulk: 1})
	db.reach(projections.Members, after)
	require.Equal(t, parking.Panicked, db.parked(projections.Members)[0].Class)
}

// A view that is far behind takes large steps, and then follows again.
func TestAViewThatIsFarBehindCatchesUpAndFollows(t *testing.T) {
	t.Parallel()
	db := open(t)
	require.NoError(t, viewtest.Load(t.Context(), db.super, several))
	metrics := prometheus.NewRegistry()
	db.engine(db.store, engine.Options{Metrics: metrics})
	db.engine(db.store, engine.Options{}) // a standby
	for _, v := range projections.Views() {
		db.reach(v, several)
	}
	acme, _ := db.founds("Acme")
	for range 3 {
		position := db.posts(acme, 1)
		for _, v := range projections.Views() {
			db.reach(v, position)
		}
	}
	for _, v := range projections.Views() {
		db.same(v)
	}
}

func gauge(t *testing.T, metrics *prometheus.Registry, name, of string) float64 {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == name && metric.GetLabel()[0].GetValue() == of {
				return metric.GetGauge().GetValue()
			}
		}
	}
	return -1
}
