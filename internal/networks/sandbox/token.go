package sandbox

import (
	"crypto/rand"
	"strings"

	"behalf/internal/networks"
)

// tokenField is the one that the form asks for.
const tokenField = "token"

// ask begins with a form instead of a redirect.
func (c *Connector) ask(r networks.AuthRequest) (networks.AuthStart, error) {
	if r.Host != c.host {
		return networks.AuthStart{}, &networks.Failure{
			Kind: networks.Rejected, Code: "no_such_host", Detail: "There is no sandbox network at this host.",
		}
	}
	state := rand.Text()
	return networks.AuthStart{
		State:   state,
		Form:    []networks.Field{{Name: tokenField, Label: "Access token", Help: "One that the network gave you.", Secret: true, MaxLength: 500}},
		Pending: networks.Pending{State: networks.NewSecret(state), Host: r.Host},
	}, nil
}

// brought takes the token of the form. Whether the network knows it is found
// out by asking what may be posted to.
func brought(cb networks.Callback) (networks.Credential, error) {
	token := strings.TrimSpace(cb.Fields[tokenField].Reveal())
	if token == "" {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Rejected, Code: "no_token", Detail: "The access token is missing. Start again.",
		}
	}
	return networks.NewBotToken(networks.BotToken{Token: networks.NewSecret(token)}), nil
}
