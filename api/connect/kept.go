package connect

import (
	"encoding/json"
	"errors"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/vault"
)

// kept is what is sealed of an authorization that was begun, besides what the
// vault binds it to.
type kept struct {
	Pending []byte  `json:"pending"`          // networks.Pending, as it seals itself
	Origin  string  `json:"origin,omitempty"` // of the network's sign-in, where the browser was sent
	Fields  []field `json:"fields,omitempty"` // of the form, where there is one
}

type field struct {
	Name      string `json:"name"`
	MaxLength int    `json:"max_length"` // characters
}

func keep(start networks.AuthStart) (vault.Secret, error) {
	pending, err := start.Pending.Seal()
	if err != nil {
		return vault.Secret{}, err
	}
	k := kept{Pending: pending, Origin: originOf(start.URL)}
	for _, f := range start.Form {
		k.Fields = append(k.Fields, field{Name: f.Name, MaxLength: f.MaxLength})
	}
	written, err := json.Marshal(k)
	return vault.NewSecret(written), err
}

func openKept(secret vault.Secret) (k kept, err error) {
	defer secret.Wipe()
	if json.Unmarshal(secret.Reveal(), &k) != nil {
		return kept{}, errors.New("a begun authorization cannot be read")
	}
	return k, nil
}

func (k kept) asksByForm() bool { return len(k.Fields) > 0 }

// issuedBy reports whether an answer is from where the browser was sent. An
// answer that does not say is taken (RFC 9207, section 2.4: not everybody does).
func (k kept) issuedBy(issuer string) bool { return issuer == "" || originOf(issuer) == k.Origin }

// originOf is scheme and host of an address; empty for what is none.
func originOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host
}
