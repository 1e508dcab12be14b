package program

import (
	"context"
	"net"

	"behalf/cmd/behalf/crew"
	"behalf/cmd/behalf/process"
	"behalf/internal/config"
)

// workCommand is "behalf work".
type workCommand struct{}

// Run sends mails and publishes.
func (workCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return process.Run(ctx, settings, env, append(process.Needed, config.SMTPURL),
		(*process.Parts).StartLeader, (*process.Parts).StartWorkers, (*process.Parts).StartOperator)
}

// serveCommand is "behalf serve".
type serveCommand struct{}

// Run serves the API.
func (serveCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return process.Run(ctx, settings, env, process.Needed,
		func(p *process.Parts, ctx context.Context, c *crew.Crew) error {
			listener, err := crew.Listening{Flag: "--listen", Address: p.Settings.Listen}.Listen(ctx)
			if err != nil {
				return err
			}
			if err := p.StartAPI(ctx, c, listener); err != nil {
				crew.CloseUnused(err, []net.Listener{listener})
				return err
			}
			return nil
		})
}
