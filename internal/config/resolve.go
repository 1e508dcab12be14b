package config

import (
	"os"
	"strings"
)

// fileSuffix makes the variable that names a file out of the one that holds the value.
const fileSuffix = "_FILE"

// File is the variable that may name a file with the setting's value instead.
func (s Setting) File() string { return string(s) + fileSuffix }

// Lookup finds an environment variable: os.LookupEnv.
type Lookup = func(name string) (value string, found bool)

// Resolve reads the secrets, fills in what follows from other settings and
// checks everything that is set. What the process needs must be set. The first
// problem is answered, as *Error.
func (c *Config) Resolve(lookup Lookup, needed ...Setting) error {
	for _, secret := range c.secrets() {
		if err := secret.read(lookup); err != nil {
			return err
		}
	}
	if err := c.readProviders(lookup); err != nil {
		return err
	}
	if err := c.readNetworks(lookup); err != nil {
		return err
	}
	if err := c.require(needed); err != nil {
		return err
	}
	return c.check()
}

// secretSetting is one secret and its name.
type secretSetting struct {
	name  Setting
	value *Secret
}

func (c *Config) secrets() []secretSetting {
	return []secretSetting{
		{DatabaseURL, &c.DatabaseURL},
		{RedisURL, &c.RedisURL},
		{SMTPURL, &c.SMTPURL},
		{MasterKey, &c.MasterKey},
		{VaultKey, &c.VaultKey},
		{VaultKeyOld, &c.VaultKeyOld},
		{SealKey, &c.SealKey},
		{SandboxClientSecret, &c.SandboxClientSecret},
		{APIToken, &c.APIToken},
	}
}

// read takes the value from the variable or the file that it names. An empty
// variable counts as unset: that is how compose files pass "nothing".
func (s secretSetting) read(lookup Lookup) error {
	value, _ := lookup(string(s.name))
	path, _ := lookup(string(s.name) + fileSuffix)
	switch {
	case value != "" && path != "":
		return wrong(s.name, "set either it or %s%s, not both", s.name, fileSuffix)
	case path != "":
		content, err := os.ReadFile(path)
		if err != nil {
			return wrong(s.name+fileSuffix, "the file cannot be read: %s", reason(err))
		}
		value = strings.TrimSpace(string(content))
		if value == "" {
			return wrong(s.name+fileSuffix, "the file %s is empty", path)
		}
	}
	if value != "" {
		*s.value = NewSecret(value)
	}
	return nil
}

// require answers the first setting that is needed and not there.
func (c *Config) require(needed []Setting) error {
	set := map[Setting]bool{
		SandboxURL:      c.SandboxURL != "",
		SandboxClientID: c.SandboxClientID != "",
	}
	secret := make(map[Setting]bool)
	for _, s := range c.secrets() {
		set[s.name], secret[s.name] = s.value.IsSet(), true
	}
	for _, name := range needed {
		if set[name] {
			continue
		}
		if secret[name] {
			return missing(name, "is not set (nor is %s%s)", name, fileSuffix)
		}
		return missing(name, "is not set")
	}
	return nil
}
