package config

import (
	"net"
	"net/url"
	"regexp"
	"strings"
)

// Provider is a provider of OpenID Connect that people can sign in with.
type Provider struct {
	Name         string
	Issuer       string
	ClientID     string
	ClientSecret Secret
}

// maxProviders bounds how many there can be.
const maxProviders = 20

var providerName = regexp.MustCompile(`^[a-z][a-z0-9]{0,29}$`)

// of is the variable of one provider: BEHALF_OIDC_GOOGLE_ISSUER.
func (Provider) of(name, what string) Setting {
	return Setting("BEHALF_OIDC_" + strings.ToUpper(name) + "_" + what)
}

// readProviders reads what the environment, or its files, say of each provider
// that is named.
func (c *Config) readProviders(lookup Lookup) error {
	if len(c.OIDC) > maxProviders {
		return wrong("BEHALF_OIDC", "at most %d providers", maxProviders)
	}
	seen := map[string]bool{}
	for _, name := range c.OIDC {
		if !providerName.MatchString(name) || seen[name] {
			return wrong("BEHALF_OIDC", "%q is no name of its own, of small letters and digits", name)
		}
		seen[name] = true
		read := Provider{Name: name}
		for what, into := range map[string]*string{"ISSUER": &read.Issuer, "CLIENT_ID": &read.ClientID} {
			*into, _ = lookup(string(read.of(name, what)))
			if *into == "" {
				return wrong(read.of(name, what), "is not set")
			}
		}
		secret := secretSetting{read.of(name, "CLIENT_SECRET"), &read.ClientSecret}
		if err := secret.read(lookup); err != nil {
			return err
		}
		if !read.ClientSecret.IsSet() {
			return wrong(secret.name, "is not set (nor is %s)", secret.name.File())
		}
		if err := checkIssuer(read.of(name, "ISSUER"), read.Issuer); err != nil {
			return err
		}
		c.Providers = append(c.Providers, read)
	}
	return nil
}

// checkIssuer takes https, and http from this machine (OpenID Connect
// Discovery, section 3: no query, no fragment).
func checkIssuer(name Setting, issuer string) error {
	parsed, err := url.Parse(issuer)
	switch {
	case err != nil || parsed.Hostname() == "":
		return wrong(name, "is not an address like https://accounts.example.com")
	case parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "":
		return wrong(name, "must hold no user, query or fragment")
	case parsed.Scheme == "https", parsed.Scheme == "http" && isLocal(parsed.Hostname()):
		return nil
	default:
		return wrong(name, "must begin with https://")
	}
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
