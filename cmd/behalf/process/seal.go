package process

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"behalf/cmd/behalf/crew"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/config"
	"behalf/workers/quarantine"
)

// SealKeyFile is where a data folder keeps the sealing key of "behalf dev".
func SealKeyFile(data string) string { return filepath.Join(data, "seal.key") }

// StartSealer stands for the one process that seals the log. Without a key
// this process leaves it to the others.
func (p *Parts) StartSealer(ctx context.Context, c *crew.Crew) error {
	if !p.Settings.SealKey.IsSet() {
		p.Log.WarnContext(ctx, "this process does not seal the history", "missing", config.SealKey)
		return nil
	}
	pool, err := p.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	sealer, err := seal.NewSealer(seal.Options{
		Pool: pool, HighWater: p.Signals.HighWater, Keys: p.Settings.SealKey.Reveal(),
		Folder: checkpoint.Folder(p.Settings.SealFolder), Logger: p.Log,
		Contradicted: func(ctx context.Context) {
			if _, err := quarantine.Contradicted(ctx, pool); err != nil {
				p.Log.ErrorContext(ctx, "the database may have been restored, and goes on publishing", "error", err)
			}
		},
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
	c.Start(ctx, "sealer", sealer.Run)
	return nil
}

// Signers reads the sealing key: the setting's, or the one that the data folder keeps.
func Signers(settings *config.Config) (checkpoint.Signers, string, error) {
	text := settings.SealKey.Reveal()
	if text == "" {
		keyFile := SealKeyFile(settings.Data)
		content, err := os.ReadFile(keyFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, "", &config.Error{Setting: config.SealKey, Problem: "is not set, and there is no " + filepath.Base(keyFile) + " in the data folder"}
		}
		if err != nil {
			return nil, "", err
		}
		text = string(content)
	}
	signers, err := checkpoint.ParseSigners(text)
	if err != nil {
		return nil, "", &config.Error{Setting: config.SealKey, Problem: err.Error()}
	}
	return signers, text, nil
}

// Known are the public keys of private ones, and those in the folder: the
// newest checkpoint may be of the key before.
func Known(private string, folder checkpoint.Folder) (checkpoint.Verifiers, error) {
	own, err := checkpoint.PublicKeys(private)
	if err != nil {
		return nil, err
	}
	known, err := checkpoint.ParseVerifiers(strings.Join(own, "\n"))
	if err != nil {
		return nil, err
	}
	before, err := folder.Keys()
	return append(known, before...), err
}
