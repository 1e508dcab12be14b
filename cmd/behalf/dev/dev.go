// Package dev is Behalf and the world around it in one process: private
// services, the sandbox network, and the story that is played on them.
package dev

import (
	"context"
	"fmt"
	"os"

	"behalf/cmd/behalf/process"
	"behalf/internal/config"
)

// Command is "behalf dev".
type Command struct {
	SandboxListen string `name:"sandbox-listen" env:"BEHALF_SANDBOX_LISTEN" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Address of the sandbox network."`
	MailListen    string `name:"mail-listen" env:"BEHALF_MAIL_LISTEN" default:"127.0.0.1:8082" placeholder:"HOST:PORT" help:"Address of the page that shows captured mails."`
}

// Run starts everything, plays the story if this data folder has not seen it,
// and serves until it is told to stop.
func (c Command) Run(ctx context.Context, settings *config.Config, env process.Environment, behalf process.Program) (err error) {
	logs, err := openLog(settings.Data)
	if err != nil {
		return err
	}
	defer func() { _ = logs.Close() }()
	env.Logs = logs
	w, err := OpenWorld(ctx, settings, env, Options{
		Data: settings.Data, Listen: settings.Listen, SandboxListen: c.SandboxListen, MailListen: c.MailListen, Program: behalf,
	})
	if err != nil {
		return err
	}
	defer func() { err = w.Close(err) }()
	if err := w.PlayOnce(ctx); err != nil {
		return err
	}
	forget, err := w.Announce()
	if err != nil {
		return err
	}
	defer forget()
	w.Greet()
	return w.crew.Wait(ctx)
}

// openLog opens the log in the data folder, so that the terminal is left to
// the story and the addresses.
func openLog(data string) (*os.File, error) {
	if err := makeData(data); err != nil {
		return nil, err
	}
	logs, err := os.OpenFile(logFile(data), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return logs, nil
}

// Demo is "behalf demo".
type Demo struct{}

// Run plays the story on services that nobody has used before, and removes
// them again.
func (Demo) Run(ctx context.Context, settings *config.Config, env process.Environment, behalf process.Program) (err error) {
	data, err := os.MkdirTemp("", "behalf-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { _ = os.RemoveAll(data) }()
	const anyPort = "127.0.0.1:0"
	settings.Data, settings.LogLevel = data, "warn"
	w, err := OpenWorld(ctx, settings, env, Options{
		Data: data, throwaway: true, Listen: anyPort, SandboxListen: anyPort, MailListen: anyPort, Program: behalf,
	})
	if err != nil {
		return err
	}
	defer func() { err = w.Close(err) }()
	if err := w.Play(ctx); err != nil {
		return fmt.Errorf("the story: %v", err) //nolint:errorlint // even a demo that was told to stop has not shown what it must
	}
	return nil
}
