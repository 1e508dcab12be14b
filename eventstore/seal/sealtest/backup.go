package sealtest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
)

// Backup copies the database as it is now. The copy has the same key and a
// folder of its own.
func (w *World) Backup(t testing.TB) *World {
	t.Helper()
	config := w.Super.Config()
	name := config.ConnConfig.Database
	copied := pgx.Identifier{name + "_backup"}.Sanitize()
	server := config.ConnConfig.Copy()
	server.Database = "postgres"
	admin, err := pgx.ConnectConfig(t.Context(), server)
	require.NoError(t, err)
	require.Eventually(t, func() bool { // a database can be copied when nobody is connected to it
		for _, pool := range []*pgxpool.Pool{w.Super, w.Engine, w.API} {
			pool.Reset()
		}
		_, err = admin.Exec(t.Context(), "create database "+copied+" template "+pgx.Identifier{name}.Sanitize())
		return err == nil
	}, time.Minute, 10*time.Millisecond, "%v", err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, err := admin.Exec(ctx, "drop database "+copied+" with (force)")
		require.NoError(t, err)
		require.NoError(t, admin.Close(ctx))
	})
	other := config.Copy()
	other.ConnConfig.Database = name + "_backup"
	super, err := pgxpool.NewWithConfig(t.Context(), other)
	require.NoError(t, err)
	t.Cleanup(super.Close)
	backup := *w
	backup.Super = super
	backup.Engine, backup.API = onto(t, other, eventstore.RoleEngine), onto(t, other, eventstore.RoleAPI)
	return &backup
}

func onto(t testing.TB, config *pgxpool.Config, role string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(config.Copy(), role))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}
