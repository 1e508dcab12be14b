package discordtest

import (
	"testing"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/discord"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

const webhook = "/api/v10/webhooks/{id}/{token}"

// Subject is the connector for the conformance suite, with a network of its own
// for each test. What was recorded of the network is added by who asks.
func Subject() conformance.Subject {
	return conformance.Subject{
		Start: start,
		Calls: conformance.Calls{
			Publish: "POST " + webhook, Verify: "GET " + webhook, Delete: "DELETE " + webhook + "/messages/{message}",
		},
	}
}

func start(t *testing.T, o wire.Options) *conformance.World {
	t.Helper()
	n := &Network{}
	address, gate := fake.Serve(t, n.Handler(t))
	connector := discord.New(discord.Config{Address: address, PublicURL: PublicURL, Wire: o})
	t.Cleanup(connector.Close)
	olivia := Hooks[fake.Olivia]
	return &conformance.World{
		Connector: connector, Gate: gate, Account: olivia.Account(), Secrets: []string{olivia.Token},
		Answer: func(_ *testing.T, person string, start networks.AuthStart, _ bool) networks.Callback {
			return networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
				"webhook": networks.NewSecret(Hooks[person].Address()),
			}}
		},
		Posts: func(*testing.T) []fake.Post { return n.Posts() },
		End:   func(_ *testing.T, person string) { n.Remove(person) },
	}
}
