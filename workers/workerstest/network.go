package workerstest

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

// OfClass makes the page one of a class, and the connector one for such pages.
func (w *World) OfClass(class sandbox.Class, o wire.Options) {
	w.Helper()
	require.NoError(w, w.Sandbox.AddPage(w.Ctx, control.Page{
		Slug: networktest.Page, Name: "Acme News", Admins: []string{"olivia"}, Class: control.Class(class),
	}))
	connector, err := sandbox.New(sandbox.Config{
		URL: w.Sandbox.URL, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret), Class: class, Wire: o,
	})
	require.NoError(w, err)
	w.Cleanup(connector.Close)
	w.Networks[sandbox.Name] = connector
}

// gate holds the refreshing that comes between claim and send, until it is opened.
type gate struct {
	networks.Connector
	opened chan struct{}
}

func (g gate) Refresh(ctx context.Context, c networks.Credential) (networks.Credential, error) {
	select {
	case <-g.opened:
	case <-ctx.Done():
	}
	return g.Connector.Refresh(ctx, c)
}

// HoldSending starts a worker that stops between claim and send until open is called.
func (w *World) HoldSending() (open func()) {
	w.Expire()
	g := gate{Connector: w.Networks[sandbox.Name], opened: make(chan struct{})}
	w.Networks[sandbox.Name] = g
	times := Times
	times.Claim = 30 * time.Second
	w.WorkWith(w.Deps(), times)
	return func() { close(g.opened) }
}

// AwaitDrafts waits until the network has so many.
func (w *World) AwaitDrafts(count int) (made []control.Draft) {
	w.Helper()
	require.Eventually(w, func() bool {
		log, err := w.Sandbox.Log(context.WithoutCancel(w.Ctx))
		made = log.On(networktest.Page).Drafts
		return err == nil && len(made) >= count
	}, time.Minute, 10*time.Millisecond)
	return made
}
