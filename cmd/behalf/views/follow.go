package views

import (
	"context"

	"behalf/cmd/behalf/process"
	"behalf/internal/config"
)

// follow is "behalf project" without more.
type follow struct{}

// Run keeps the views up to date.
func (follow) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return process.Run(ctx, settings, env, process.Needed,
		(*process.Parts).StartLeader, (*process.Parts).StartSealer, (*process.Parts).StartProjections, (*process.Parts).StartOperator)
}
