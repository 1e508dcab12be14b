package main

import (
	"context"
	"fmt"
	"os"

	"behalf/internal/config"
)

// devCommand is "behalf dev".
type devCommand struct {
	SandboxListen string `name:"sandbox-listen" env:"BEHALF_SANDBOX_LISTEN" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Address of the sandbox network."`
	MailListen    string `name:"mail-listen" env:"BEHALF_MAIL_LISTEN" default:"127.0.0.1:8082" placeholder:"HOST:PORT" help:"Address of the page that shows captured mails."`
}

// Run starts everything, plays the story if this data folder has not seen it,
// and serves until it is told to stop.
func (c devCommand) Run(ctx context.Context, settings *config.Config, env environment) (err error) {
	logs, err := openLog(settings.Data)
	if err != nil {
		return err
	}
	defer func() { _ = logs.Close() }()
	env.logs = logs
	w, err := openWorld(ctx, settings, env, worldOptions{
		data: settings.Data, listen: settings.Listen, sandboxListen: c.SandboxListen, mailListen: c.MailListen,
	})
	if err != nil {
		return err
	}
	defer func() { err = w.close(err) }()
	if err := w.playOnce(ctx); err != nil {
		return err
	}
	forget, err := w.announce()
	if err != nil {
		return err
	}
	defer forget()
	w.greet()
	return w.crew.wait(ctx)
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

// demoCommand is "behalf demo".
type demoCommand struct{}

// Run plays the story on services that nobody has used before, and removes
// them again.
func (demoCommand) Run(ctx context.Context, settings *config.Config, env environment) (err error) {
	data, err := os.MkdirTemp("", "behalf-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { _ = os.RemoveAll(data) }()
	const anyPort = "127.0.0.1:0"
	settings.Data, settings.LogLevel = data, "warn"
	w, err := openWorld(ctx, settings, env, worldOptions{
		data: data, throwaway: true, listen: anyPort, sandboxListen: anyPort, mailListen: anyPort,
	})
	if err != nil {
		return err
	}
	defer func() { err = w.close(err) }()
	if err := w.play(ctx); err != nil {
		return fmt.Errorf("the story: %v", err) //nolint:errorlint // even a demo that was told to stop has not shown what it must
	}
	return nil
}
