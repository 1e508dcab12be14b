// Package telemetry is how Behalf tells operators what it does: structured logs
// that know which request they belong to and show no secrets (R41), and metrics.
//
// A process sets both up once:
//
//	logger := telemetry.NewLogger(os.Stderr, telemetry.LogOptions{Level: level, Format: "auto"})
//	metrics := telemetry.NewMetrics()
//
// and puts the middlewares around its HTTP handlers, the outermost first:
//
//	router.Use(telemetry.Requests, telemetry.AccessLog(logger), metrics.Middleware, telemetry.Recover(logger))
//	router.Handle("/metrics", metrics.Handler())
//
// Whatever is logged with a request's context (logger.InfoContext) then carries
// its request and correlation ids.
package telemetry
