package config

import (
	"regexp"
	"slices"
	"strings"
)

// NetworkClient is what a network knows this installation by.
type NetworkClient struct {
	ID     string
	Secret Secret
}

// noNetworks stands alone where none is to be offered, not even those that need
// no client.
const noNetworks = "none"

// maxClientID is how many characters a client's id may have.
const maxClientID = 200

var networkName = regexp.MustCompile(`^[a-z][a-z_]{0,29}$`)

// NetworkSetting is the variable of one network: BEHALF_NETWORK_X_CLIENT_ID.
func NetworkSetting(network, what string) Setting {
	return Setting("BEHALF_NETWORK_" + strings.ToUpper(network) + "_" + what)
}

// readNetworks reads what the environment, or its files, say of each network
// that is named. Which networks there are, and which of them need a client, is
// known to those who open them.
func (c *Config) readNetworks(lookup Lookup) error {
	c.Clients = map[string]NetworkClient{}
	if slices.Equal(c.Networks, []string{noNetworks}) {
		c.Networks = nil
	}
	for i, name := range c.Networks {
		if !networkName.MatchString(name) || slices.Contains(c.Networks[:i], name) {
			return wrong("BEHALF_NETWORKS", "%q is no name of its own, of small letters", name)
		}
		id := NetworkSetting(name, "CLIENT_ID")
		client := NetworkClient{}
		client.ID, _ = lookup(string(id))
		secret := secretSetting{NetworkSetting(name, "CLIENT_SECRET"), &client.Secret}
		if err := secret.read(lookup); err != nil {
			return err
		}
		switch {
		case client.ID == "" && client.Secret.IsSet():
			return wrong(id, "is not set, but %s is", secret.name)
		case client.ID == "":
			continue
		case len(client.ID) > maxClientID:
			return wrong(id, "is longer than %d characters", maxClientID)
		}
		c.Clients[name] = client
	}
	return nil
}

// ClientOf is the client of a network that needs one; an *Error when it, or
// its secret, was not given.
func (c *Config) ClientOf(network string) (NetworkClient, error) {
	client, given := c.Clients[network]
	if !given {
		return client, wrong(NetworkSetting(network, "CLIENT_ID"), "is not set")
	}
	if !client.Secret.IsSet() {
		name := NetworkSetting(network, "CLIENT_SECRET")
		return client, wrong(name, "is not set (nor is %s)", name.File())
	}
	return client, nil
}
