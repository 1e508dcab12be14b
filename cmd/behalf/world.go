package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"behalf/api"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/devservices"
	"behalf/internal/mail/capture"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/control"
)

// worldOptions say where a world lives.
type worldOptions struct {
	data                              string
	throwaway                         bool
	withoutWorkers                    bool // they are processes of their own: tests kill and freeze them
	listen, sandboxListen, mailListen string
	front                             func(http.Handler) http.Handler // stands before the sandbox network; nil for nothing
}

// world is everything of Behalf in one process, and the world around it:
// private Postgres and Redis, a mail server that captures, the sandbox network.
type world struct {
	*parts
	env       environment
	crew      *crew
	secrets   demoSecrets
	services  *devservices.Services
	mails     *capture.Server // nil when SMTP_URL names another server
	sandbox   *control.Client
	addresses struct{ api, sandbox, mail string }
	transport http.RoundTripper // of the story's visitors; nil for the usual one
}

// openWorld starts everything. What fails is said with the flag or variable that helps.
func openWorld(ctx context.Context, settings *config.Config, env environment, options worldOptions) (w *world, err error) {
	if err := makeData(options.data); err != nil {
		return nil, err
	}
	w = &world{env: env}
	defer func() {
		if err != nil {
			err = w.close(err)
			w = nil
		}
	}()
	if w.secrets, err = loadSecrets(options.data); err != nil {
		return w, err
	}
	overlay, err := w.surround(ctx, options) // before the ports: it says when this folder is in use already
	if err != nil {
		return w, err
	}
	listeners, err := listenAll(ctx,
		listening{"--listen", options.listen},
		listening{"--sandbox-listen", options.sandboxListen},
		listening{"--mail-listen", options.mailListen},
	)
	if err != nil {
		return w, err
	}
	defer func() { closeUnused(err, listeners) }()
	settings.Listen = listeners[0].Addr().String()
	w.addresses.sandbox = "http://" + listeners[1].Addr().String()
	w.addresses.mail = "http://" + listeners[2].Addr().String()
	env.lookup = overlay
	settings.SandboxURL, settings.SandboxClientID = w.addresses.sandbox, sandboxClient
	if w.parts, err = open(settings, env, config.DatabaseURL, config.RedisURL, config.SMTPURL, config.MasterKey); err != nil {
		return w, err
	}
	w.signals = eventstore.Signals{ // everything is in this process
		Appended: eventstore.NewLocalSignal(), HighWater: eventstore.NewLocalSignal(), Checkpoint: eventstore.NewLocalSignal(),
	}
	w.erased, w.beforeErasing = eventstore.NewLocalSignal(), w.forgetMails
	w.addresses.api = settings.PublicURL
	w.crew = newCrew(w.log, settings.Drain)
	w.crew.start(ctx, "private services", func(ctx context.Context) error {
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
	return w, w.populate(ctx, listeners[0], options.withoutWorkers)
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
func (w *world) populate(ctx context.Context, listener net.Listener, withoutWorkers bool) error {
	if err := w.migrate(ctx); err != nil {
		return err
	}
	starts := []func(context.Context, *crew) error{w.startLeader, w.startSealer, w.startProjections}
	if !withoutWorkers {
		starts = append(starts, w.startWorkers)
	}
	for _, start := range starts {
		if err := start(ctx, w.crew); err != nil {
			return err
		}
	}
	return w.startAPI(ctx, w.crew, listener)
}

// close stops what is still running, the services that others need last.
func (w *world) close(err error) error {
	if w.crew != nil {
		err = errors.Join(err, w.crew.stop())
	}
	if w.parts != nil {
		w.parts.close()
	}
	if w.mails != nil {
		w.mails.Stop()
	}
	if w.services != nil {
		stopping, cancel := context.WithTimeout(context.Background(), serviceStop)
		defer cancel()
		err = errors.Join(err, w.services.Stop(stopping))
	}
	return err
}

// serveSandbox serves the network that Acme News is on.
func (w *world) serveSandbox(ctx context.Context, listener net.Listener, options worldOptions) error {
	client := network.Client{
		ID: sandboxClient, Secret: w.secrets.SandboxClientSecret,
		RedirectURIs: []string{api.RedirectURI(w.settings.PublicURL)},
	}
	sandbox, err := network.New(network.Config{
		URL: w.addresses.sandbox, File: sandboxFile(options.data), ControlToken: w.secrets.SandboxControl,
	})
	if err != nil {
		return fmt.Errorf("open the sandbox network: %w", err)
	}
	err = sandbox.Seed(network.Demo{OliviaPassword: w.secrets.OliviaSandbox, CarlPassword: w.secrets.CarlSandbox, Client: client})
	if err != nil {
		return fmt.Errorf("fill the sandbox network: %w", err)
	}
	w.sandbox = &control.Client{URL: w.addresses.sandbox, Token: w.secrets.SandboxControl}
	handler := sandbox.Handler()
	if options.front != nil {
		handler = options.front(handler)
	}
	w.crew.start(ctx, "sandbox network", func(ctx context.Context) error {
		defer context.AfterFunc(ctx, sandbox.Close)()
		return serveHTTP(ctx, listener, handler, w.settings.Drain)
	})
	return nil
}

// serveMails serves the captured mails as a page.
func (w *world) serveMails(ctx context.Context, listener net.Listener) {
	page := http.NotFoundHandler()
	if w.mails != nil {
		page = w.mails.Handler()
	}
	w.crew.start(ctx, "captured mails", func(ctx context.Context) error {
		return serveHTTP(ctx, listener, page, w.settings.Drain)
	})
}
