package main

import (
	"context"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/config"
)

// devLog is the name of a log that "behalf dev" makes a key for.
const devLog = "behalf.dev"

func sealKeyFile(data string) string { return filepath.Join(data, "seal.key") }

// startSealer stands for the one process that seals the log. Without a key
// this process leaves it to the others.
func (p *parts) startSealer(ctx context.Context, c *crew) error {
	if !p.settings.SealKey.IsSet() {
		p.log.WarnContext(ctx, "this process does not seal the history", "missing", config.SealKey)
		return nil
	}
	pool, err := p.pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	sealer, err := seal.NewSealer(seal.Options{
		Pool: pool, HighWater: p.signals.HighWater, Keys: p.settings.SealKey.Reveal(),
		Folder: checkpoint.Folder(p.settings.SealFolder), Logger: p.log,
	})
	if err != nil {
		return &config.Error{Setting: config.SealKey, Problem: err.Error()}
	}
	p.metrics.Registry().MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "behalf_sealed_position", Help: "Last position that this process has sealed; 0 while another one does.",
		}, func() float64 { return float64(sealer.Position()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "behalf_seal_broken", Help: "1 while nothing is sealed because the database is not a continuation of what was signed: alert.",
		}, func() float64 {
			if sealer.Broken() {
				return 1
			}
			return 0
		}),
	)
	c.start(ctx, "sealer", sealer.Run)
	return nil
}
