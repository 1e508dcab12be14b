// Package devservices runs a private Postgres and a private Redis for
// "behalf dev" and for tests.
//
// The Postgres is the machine's own programs (initdb, postgres) on a data
// folder of ours: reached by a unix socket only, run by an unprivileged user when
// we are root, started and stopped with us. A Postgres or Redis that the machine
// runs for others is never touched. The Redis is a private redis-server where
// there is one, else one inside this process.
//
//	services, err := devservices.Start(ctx, devservices.Options{Dir: ".data"})
//	if err != nil {
//		return err
//	}
//	defer services.Stop(context.WithoutCancel(ctx))
//	pool, err := pgxpool.New(ctx, services.PostgresURL)
//
// What was started dies with the process that started it (on Linux also after
// SIGKILL), and the next start clears away what an earlier one left, judging by
// the data folder that a process works in and never by its name alone.
package devservices
