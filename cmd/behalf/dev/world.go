package dev

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"behalf/api"
	"behalf/cmd/behalf/crew"
	"behalf/cmd/behalf/process"
	"behalf/eventstore"
	"behalf/eventstore/signal"
	"behalf/internal/config"
	"behalf/internal/devservices"
	"behalf/internal/mail/capture"
	"behalf/internal/networks"
	sandboxes "behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/control"
)

// Options say where a world lives.
type Options struct {
	Data                              string
	throwaway                         bool
	WithoutWorkers                    bool // they are processes of their own: tests kill and freeze them
	Listen, SandboxListen, MailListen string
	Front                             func(http.Handler) http.Handler // stands before the sandbox network; nil for nothing
	Besides                           networks.Registry               // as Parts.Besides
	Program                           process.Program                 // what the story runs
}

// World is everything of Behalf in one process, and the world around it:
// private Postgres and Redis, a mail server that captures, the sandbox network.
type World struct {
	*process.Parts
	env       process.Environment
	crew      *crew.Crew
	Secrets   Secrets
	services  *devservices.Services
	Mails     *capture.Server // nil when SMTP_URL names another server
	Sandbox   *control.Client
	Addresses struct{ API, Sandbox, Mail string }
	program   process.Program
	Transport http.RoundTripper // of the story's visitors; nil for the usual one
}

// OpenWorld starts everything. What fails is said with the flag or variable that helps.
func OpenWorld(ctx context.Context, settings *config.Config, env process.Environment, options Options) (w *World, err error) {
	if err := makeData(options.Data); err != nil {
		return nil, err
	}
	w = &World{env: env, program: options.Program}
	defer func() {
		if err != nil {
			err = w.Close(err)
			w = nil
		}
	}()
	if w.Secrets, err = LoadSecrets(options.Data); err != nil {
		return w, err
	}
	overlay, err := w.surround(ctx, options) // before the ports: it says when this folder is in use already
	if err != nil {
		return w, err
	}
	listeners, err := crew.ListenAll(ctx,
		crew.Listening{Flag: "--listen", Address: options.Listen},
		crew.Listening{Flag: "--sandbox-listen", Address: options.SandboxListen},
		crew.Listening{Flag: "--mail-listen", Address: options.MailListen},
	)
	if err != nil {
		return w, err
	}
	defer func() { crew.CloseUnused(err, listeners) }()
	settings.Listen = listeners[0].Addr().String()
	w.Addresses.Sandbox = "http://" + listeners[1].Addr().String()
	w.Addresses.Mail = "http://" + listeners[2].Addr().String()
	env.Lookup = overlay
	settings.SandboxURL, settings.SandboxClientID = w.Addresses.Sandbox, SandboxClient
	if w.Parts, err = process.Open(settings, env, config.DatabaseURL, config.RedisURL, config.SMTPURL, config.MasterKey); err != nil {
		return w, err
	}
	w.Besides = options.Besides
	w.Signals = eventstore.Signals{ // everything is in this process
		Appended: signal.NewLocal(), HighWater: signal.NewLocal(), Checkpoint: signal.NewLocal(),
	}
	w.Erased, w.BeforeErasing = signal.NewLocal(), w.forgetMails
	w.Addresses.API = settings.PublicURL
	w.crew = crew.New(w.Log, settings.Drain)
	w.crew.Start(ctx, "private services", func(ctx context.Context) error {
		select {
		case err := <-w.services.Failed():
			return err
		case <-ctx.Done():
			return nil
		}
	})
	if err := w.serveSandbox(ctx, listeners[1], options); err != nil {
		return w, err
	}
	w.serveMails(ctx, listeners[2])
	return w, w.populate(ctx, listeners[0], options.WithoutWorkers)
}

// makeData makes the data folder. Postgres runs as another user below it; what
// is secret in it is readable by its owner alone.
func makeData(data string) error {
	if err := os.MkdirAll(data, 0o755); err != nil { //nolint:gosec // G301: as said above
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// populate starts Behalf itself.
func (w *World) populate(ctx context.Context, listener net.Listener, withoutWorkers bool) error {
	if err := w.Migrate(ctx); err != nil {
		return err
	}
	starts := []func(context.Context, *crew.Crew) error{w.StartLeader, w.StartSealer, w.StartProjections}
	if !withoutWorkers {
		starts = append(starts, w.StartWorkers)
	}
	for _, start := range starts {
		if err := start(ctx, w.crew); err != nil {
			return err
		}
	}
	return w.StartAPI(ctx, w.crew, listener)
}

// Close stops what is still running, the services that others need last.
func (w *World) Close(err error) error {
	if w.crew != nil {
		err = errors.Join(err, w.crew.Stop())
	}
	if w.Parts != nil {
		w.Parts.Close()
	}
	if w.Mails != nil {
		w.Mails.Stop()
	}
	if w.services != nil {
		stopping, cancel := context.WithTimeout(context.Background(), serviceStop)
		defer cancel()
		err = errors.Join(err, w.services.Stop(stopping))
	}
	return err
}

// serveSandbox serves the network that Acme News is on.
func (w *World) serveSandbox(ctx context.Context, listener net.Listener, options Options) error {
	client := network.Client{
		ID: SandboxClient, Secret: w.Secrets.SandboxClientSecret,
	}
	for _, class := range sandboxes.Classes() {
		client.RedirectURIs = append(client.RedirectURIs, api.RedirectURI(w.Settings.PublicURL, sandboxes.NameOf(class)))
	}
	sandbox, err := network.New(network.Config{
		URL: w.Addresses.Sandbox, File: sandboxFile(options.Data), ControlToken: w.Secrets.SandboxControl,
	})
	if err != nil {
		return fmt.Errorf("open the sandbox network: %w", err)
	}
	err = sandbox.Seed(network.Demo{OliviaPassword: w.Secrets.OliviaSandbox, CarlPassword: w.Secrets.CarlSandbox, Client: client})
	if err != nil {
		return fmt.Errorf("fill the sandbox network: %w", err)
	}
	w.Sandbox = &control.Client{URL: w.Addresses.Sandbox, Token: w.Secrets.SandboxControl}
	handler := sandbox.Handler()
	if options.Front != nil {
		handler = options.Front(handler)
	}
	w.crew.Start(ctx, "sandbox network", func(ctx context.Context) error {
		defer context.AfterFunc(ctx, sandbox.Close)()
		return crew.ServeHTTP(ctx, listener, handler, w.Settings.Drain)
	})
	return nil
}

// serveMails serves the captured mails as a page.
func (w *World) serveMails(ctx context.Context, listener net.Listener) {
	page := http.NotFoundHandler()
	if w.Mails != nil {
		page = w.Mails.Handler()
	}
	w.crew.Start(ctx, "captured mails", func(ctx context.Context) error {
		return crew.ServeHTTP(ctx, listener, page, w.Settings.Drain)
	})
}
