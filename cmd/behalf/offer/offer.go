// Package offer holds the networks that this version can speak to.
package offer

import (
	"fmt"
	"slices"
	"strings"

	"behalf/internal/config"
	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/discord"
	"behalf/internal/networks/facebook/groups"
	"behalf/internal/networks/facebook/pages"
	"behalf/internal/networks/linkedin"
	"behalf/internal/networks/mastodon"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wordpress"
	"behalf/internal/networks/x"
)

// offer is a network that this version can speak to. It is offered by an
// installation that names it in BEHALF_NETWORKS.
type offer struct {
	name string
	open func(Opening) (Opened, error)
}

// Opened is a connector that is closed with the process.
type Opened interface {
	networks.Connector
	Close()
}

// Opening is what connectors are made from.
type Opening struct {
	Settings      *config.Config
	Registrations networks.Registrations // where connectors register by themselves
}

// client is this installation's own with a network that asks for one.
func (o Opening) client(network string) (id string, secret networks.Secret, err error) {
	client, err := o.Settings.ClientOf(network)
	return client.ID, networks.NewSecret(client.Secret.Reveal()), err
}

// offers are all networks, one line each, by name.
func offers() []offer {
	return []offer{
		{bluesky.Name, openBluesky},
		{discord.Name, func(from Opening) (Opened, error) {
			return discord.New(discord.Config{PublicURL: from.Settings.PublicURL}), nil
		}},
		{groups.Name, func(Opening) (Opened, error) { return groups.New(), nil }},
		{linkedin.Name, func(from Opening) (Opened, error) { return openLinkedIn(from, linkedin.Name, false) }},
		{linkedin.OrganizationName, func(from Opening) (Opened, error) { return openLinkedIn(from, linkedin.OrganizationName, true) }},
		{pages.Name, openPages},
		{mastodon.Name, openMastodon},
		{sandbox.Name, openSandbox(sandbox.ClientKey)},
		{sandbox.NameOf(sandbox.TwoPhase), openSandbox(sandbox.TwoPhase)},
		{sandbox.NameOf(sandbox.ExpiringKey), openSandbox(sandbox.ExpiringKey)},
		{sandbox.NameOf(sandbox.Listed), openSandbox(sandbox.Listed)},
		{sandbox.NameOf(sandbox.Silent), openSandbox(sandbox.Silent)},
		{wordpress.Name, openWordPress},
		{x.Name, openX},
		{sandbox.TokenName, openSandboxToken},
	}
}

// Open opens a network by its name, for this installation.
func Open(name string, from Opening) (Opened, error) {
	all := offers()
	at := slices.IndexFunc(all, func(o offer) bool { return o.name == name })
	if at < 0 {
		names := make([]string, len(all))
		for i, one := range all {
			names[i] = one.name
		}
		return nil, &config.Error{Setting: "BEHALF_NETWORKS", Problem: fmt.Sprintf("%q is none of %s", name, strings.Join(names, ", "))}
	}
	connector, err := all[at].open(from)
	if err != nil {
		return nil, fmt.Errorf("offer the network %s: %w", name, err)
	}
	return connector, nil
}

// openSandbox opens the sandbox network's pages of one class.
func openSandbox(class sandbox.Class) func(Opening) (Opened, error) {
	return func(from Opening) (Opened, error) {
		return sandbox.New(sandbox.Config{
			URL: from.Settings.SandboxURL, ClientID: from.Settings.SandboxClientID,
			ClientSecret: networks.NewSecret(from.Settings.Secrets.SandboxClientSecret.Reveal()),
			Class:        class,
		})
	}
}

func openPages(from Opening) (Opened, error) {
	id, secret, err := from.client(pages.Name)
	if err != nil {
		return nil, err
	}
	return pages.New(pages.Config{AppID: id, AppSecret: secret})
}

func openLinkedIn(from Opening, name string, organizations bool) (Opened, error) {
	id, secret, err := from.client(name)
	if err != nil {
		return nil, err
	}
	return linkedin.New(linkedin.Config{Organizations: organizations, ClientID: id, ClientSecret: secret})
}

func openX(from Opening) (Opened, error) {
	id, secret, err := from.client(x.Name)
	if err != nil {
		return nil, err
	}
	return x.New(x.Config{ClientID: id, ClientSecret: secret})
}

// The networks that people host ask for no client of this installation's own:
// people bring passwords for applications, or the connector registers itself
// with each server.

func openBluesky(Opening) (Opened, error) { return bluesky.New(bluesky.Config{}), nil }

func openMastodon(from Opening) (Opened, error) {
	return mastodon.New(mastodon.Config{Registrations: from.Registrations}), nil
}

func openWordPress(Opening) (Opened, error) { return wordpress.New(wordpress.Config{}), nil }

func openSandboxToken(from Opening) (Opened, error) {
	return sandbox.New(sandbox.Config{URL: from.Settings.SandboxURL, ByToken: true})
}
