package main

import (
	"context"
	"encoding/base64"
	"time"

	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/config"
	"behalf/internal/devservices"
	"behalf/internal/mail/capture"
	"behalf/internal/vault"
)

// serviceStop is how long the private services may take to stop.
const serviceStop = 20 * time.Second

// surround starts the private services that no variable replaces, and returns
// the environment that names them.
func (w *world) surround(ctx context.Context, options worldOptions) (config.Lookup, error) {
	made := map[string]string{}
	var err error
	w.services, err = devservices.Start(ctx, devservices.Options{
		Dir: options.data, Throwaway: options.throwaway,
		SkipPostgres: w.given(config.DatabaseURL), SkipRedis: w.given(config.RedisURL),
	})
	if err != nil {
		return nil, err
	}
	made[string(config.DatabaseURL)] = w.services.PostgresURL
	made[string(config.RedisURL)] = w.services.RedisURL
	made[string(config.SandboxClientSecret)] = w.secrets.SandboxClientSecret
	if !w.given(config.SMTPURL) {
		if w.mails, err = capture.Start(capture.Options{Folder: mailFolder(options.data)}); err != nil {
			return nil, err
		}
		made[string(config.SMTPURL)] = w.mails.URL()
	}
	if !w.given(config.MasterKey) {
		key, err := vault.LoadOrCreateKeyFile(keyFile(options.data))
		if err != nil {
			return nil, err
		}
		made[string(config.MasterKey)] = base64.StdEncoding.EncodeToString(key)
	}
	if !w.given(config.SealKey) {
		key, err := checkpoint.LoadOrCreateKey(sealKeyFile(options.data), devLog)
		if err != nil {
			return nil, err
		}
		made[string(config.SealKey)] = key
	}
	return func(name string) (string, bool) {
		if value, set := w.env.lookup(name); set && value != "" {
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
func (w *world) given(setting config.Setting) bool {
	value, _ := w.env.lookup(string(setting))
	file, _ := w.env.lookup(string(setting) + "_FILE")
	return value != "" || file != ""
}
