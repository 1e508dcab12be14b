package dev

import (
	"context"
	"encoding/base64"
	"time"

	"behalf/cmd/behalf/process"
	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/config"
	"behalf/internal/devservices"
	"behalf/internal/mail/capture"
	"behalf/internal/masterkey"
)

// devLog is the name of a log that "behalf dev" makes a key for.
const devLog = "behalf.dev"

// serviceStop is how long the private services may take to stop.
const serviceStop = 20 * time.Second

// surround starts the private services that no variable replaces, and returns
// the environment that names them.
func (w *World) surround(ctx context.Context, options Options) (config.Lookup, error) {
	made := map[string]string{}
	var err error
	w.services, err = devservices.Start(ctx, devservices.Options{
		Dir: options.Data, Throwaway: options.throwaway,
		SkipPostgres: w.given(config.DatabaseURL), SkipRedis: w.given(config.RedisURL),
	})
	if err != nil {
		return nil, err
	}
	made[string(config.DatabaseURL)] = w.services.PostgresURL
	made[string(config.RedisURL)] = w.services.RedisURL
	made[string(config.SandboxClientSecret)] = w.Secrets.SandboxClientSecret
	if !w.given(config.SMTPURL) {
		if w.Mails, err = capture.Start(capture.Options{Folder: mailFolder(options.Data)}); err != nil {
			return nil, err
		}
		made[string(config.SMTPURL)] = w.Mails.URL()
	}
	if !w.given(config.MasterKey) {
		key, err := masterkey.LoadOrCreate(keyFile(options.Data))
		if err != nil {
			return nil, err
		}
		made[string(config.MasterKey)] = base64.StdEncoding.EncodeToString(key)
	}
	if !w.given(config.SealKey) {
		key, err := checkpoint.LoadOrCreateKey(process.SealKeyFile(options.Data), devLog)
		if err != nil {
			return nil, err
		}
		made[string(config.SealKey)] = key
	}
	return func(name string) (string, bool) {
		if value, set := w.env.Lookup(name); set && value != "" {
			return value, true
		}
		if w.given(config.Setting(name)) { // by a file
			return "", false
		}
		value, here := made[name]
		return value, here && value != ""
	}, nil
}

// given reports whether the environment names a service or key, so that no private one is needed.
func (w *World) given(setting config.Setting) bool {
	value, _ := w.env.Lookup(string(setting))
	file, _ := w.env.Lookup(string(setting) + "_FILE")
	return value != "" || file != ""
}
