package process

import (
	"context"
	"maps"
	"slices"

	"behalf/cmd/behalf/offer"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/vault"
)

// networks are the connectors that this installation is configured for, made
// once. The vault keeps the registrations that connectors make by themselves.
func (p *Parts) networks(keeper *vault.Vault) (networks.Registry, error) {
	if p.connectors != nil {
		return p.connectors, nil
	}
	named := slices.Clone(p.Settings.Networks)
	if p.Settings.SandboxURL != "" && !slices.Contains(named, sandbox.Name) {
		named = append(named, sandbox.Name)
	}
	made := networks.Registry{}
	for _, name := range named {
		connector, err := offer.Open(name, offer.Opening{Settings: p.Settings, Registrations: keeper.Registrations()})
		if err != nil {
			return nil, err
		}
		p.closers = append(p.closers, connector.Close)
		made[name] = connector
	}
	maps.Copy(made, p.Besides)
	p.connectors = made
	p.Log.InfoContext(context.Background(), "networks", "offered", made.Names())
	return made, nil
}
