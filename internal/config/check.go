package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"behalf/domain"
	"behalf/internal/masterkey"
	"behalf/internal/redisurl"

	"github.com/jackc/pgx/v5/pgxpool"
)

// check checks the values that are set, in the order of the documentation.
func (c *Config) check() error {
	for _, step := range []func() error{
		c.checkAddresses, c.checkStrangers, c.checkLog, c.checkNumbers, c.checkMailFrom, c.checkSecrets,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkAddresses() error {
	if err := checkListen("BEHALF_LISTEN", c.Listen); err != nil {
		return err
	}
	if c.MetricsListen != "" {
		if err := checkListen("BEHALF_METRICS_LISTEN", c.MetricsListen); err != nil {
			return err
		}
	}
	if c.Data == "" {
		return wrong("BEHALF_DATA", "the folder's name is empty")
	}
	if c.SealFolder == "" {
		c.SealFolder = filepath.Join(c.Data, "checkpoints")
	}
	if err := c.checkMedia(); err != nil {
		return err
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + reachable(c.Listen)
	}
	var err error
	if c.PublicURL, err = origin(PublicURL, c.PublicURL); err != nil {
		return err
	}
	if c.SandboxURL != "" {
		c.SandboxURL, err = origin(SandboxURL, c.SandboxURL)
	}
	return err
}

// checkMedia fills in where media are kept, and checks that it can be.
func (c *Config) checkMedia() error {
	if c.Media == "" {
		folder, err := filepath.Abs(filepath.Join(c.Data, "media"))
		if err != nil {
			return wrong("BEHALF_MEDIA", "the data folder cannot be found: %s", reason(err))
		}
		c.Media = (&url.URL{Scheme: "file", Path: folder}).String()
	}
	parsed, err := url.Parse(c.Media)
	switch {
	case err != nil, parsed.Scheme != "file" && parsed.Scheme != "s3":
		return wrong("BEHALF_MEDIA", "is not an address like file:///folder or s3://bucket?region=eu-central-1")
	case parsed.User != nil:
		return wrong("BEHALF_MEDIA", "must not hold a user or password")
	case parsed.Scheme == "file" && (parsed.Host != "" || !filepath.IsAbs(parsed.Path)):
		return wrong("BEHALF_MEDIA", "is not an address like file:///folder, with three slashes")
	case parsed.Scheme == "s3" && parsed.Host == "":
		return wrong("BEHALF_MEDIA", "the bucket is missing")
	case c.MediaVideo < 1 || c.MediaVideo > 10_000:
		return wrong("BEHALF_MEDIA_VIDEO", "%d is not between 1 and 10000", c.MediaVideo)
	case c.MediaQuota < 1 || c.MediaQuota > 100_000:
		return wrong("BEHALF_MEDIA_QUOTA", "%d is not between 1 and 100000", c.MediaQuota)
	}
	return nil
}

// checkStrangers checks the proxies and the origins that are believed.
func (c *Config) checkStrangers() error {
	if _, err := c.ProxyPrefixes(); err != nil {
		return err
	}
	if _, err := c.OperatorIDs(); err != nil {
		return err
	}
	for i, address := range c.Origins {
		checked, err := origin("BEHALF_ORIGINS", address)
		if err != nil {
			return err
		}
		c.Origins[i] = checked
	}
	return nil
}

// ProxyPrefixes are the proxies' networks; an *Error when one is not.
func (c *Config) ProxyPrefixes() (prefixes []netip.Prefix, err error) {
	for _, text := range c.Proxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, wrong("BEHALF_PROXIES", "%q is not a network like 10.0.0.0/8", text)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}

// OperatorIDs are the users who operate the installation; an *Error when one is no id.
func (c *Config) OperatorIDs() (ids []domain.UserID, err error) {
	for _, text := range c.Operators {
		var id domain.UserID
		if id.UnmarshalText([]byte(text)) != nil || id.IsZero() {
			return nil, wrong("BEHALF_OPERATORS", "%q is not the id of a user, usr_ and 32 hexadecimal digits", text)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func checkListen(name Setting, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return wrong(name, "%q is not an address like 127.0.0.1:8080", address)
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil {
		return wrong(name, "%q is not a port from 0 to 65535", port)
	} else if port != strconv.FormatUint(number, 10) {
		return wrong(name, "%q is not a port as people write it", port)
	}
	return nil
}

// reachable is the address to call for an address to listen on.
func reachable(listen string) string {
	host, port, _ := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// origin checks for scheme, host and nothing else, and drops a last slash.
func origin(name Setting, address string) (string, error) {
	parsed, err := url.Parse(strings.TrimSuffix(address, "/"))
	switch {
	case err != nil:
		return "", wrong(name, "is not an address like https://behalf.example.com")
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return "", wrong(name, "must begin with http:// or https://")
	case parsed.Hostname() == "":
		return "", wrong(name, "the host is missing")
	case parsed.User != nil:
		return "", wrong(name, "must not hold a user or password")
	case parsed.Path != "" || parsed.RawQuery != "" || parsed.Fragment != "":
		return "", wrong(name, "must end after the host and port")
	}
	return parsed.String(), nil
}

func (c *Config) checkLog() error {
	if _, err := c.Level(); err != nil {
		return err
	}
	if !slices.Contains([]string{"auto", "text", "json"}, c.LogFormat) {
		return wrong("BEHALF_LOG_FORMAT", "%q is not auto, text or json", c.LogFormat)
	}
	return nil
}

// Level is the log level; an *Error when it is not one of the four.
func (c *Config) Level() (slog.Level, error) {
	var level slog.Level
	known := slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel)
	if !known || level.UnmarshalText([]byte(c.LogLevel)) != nil {
		return 0, wrong("BEHALF_LOG_LEVEL", "%q is not debug, info, warn or error", c.LogLevel)
	}
	return level, nil
}

func (c *Config) checkNumbers() error {
	for _, d := range []struct {
		name             Setting
		value, low, high time.Duration
	}{
		{"BEHALF_DRAIN", c.Drain, 0, 10 * time.Minute},
		{"BEHALF_CLAIM", c.Claim, 5 * time.Second, 10 * time.Minute},
		// well below jobs.Ahead: what is due between two sweeps is in Redis by the first
		{"BEHALF_SWEEP", c.Sweep, time.Second, 5 * time.Minute},
	} {
		if d.value < d.low || d.value > d.high {
			return wrong(d.name, "%s is not between %s and %s", d.value, d.low, d.high)
		}
	}
	if c.Concurrency < 1 || c.Concurrency > 1000 {
		return wrong("BEHALF_CONCURRENCY", "%d is not between 1 and 1000", c.Concurrency)
	}
	return nil
}

func (c *Config) checkMailFrom() error {
	if _, err := mail.ParseAddress(c.MailFrom); err != nil {
		return wrong("BEHALF_MAIL_FROM", "%q is not an e-mail address", c.MailFrom)
	}
	return nil
}

// checkSecrets says what form is expected, and nothing of what was found.
func (c *Config) checkSecrets() error {
	if address := c.DatabaseURL; address.IsSet() {
		if _, err := pgxpool.ParseConfig(address.Reveal()); err != nil {
			return wrong(DatabaseURL, "is not an address of a Postgres like postgres://user:password@host:5432/database")
		}
	}
	if address := c.RedisURL; address.IsSet() {
		if _, err := redisurl.Parse(address.Reveal()); err != nil {
			return wrong(RedisURL, "is %s", err)
		}
	}
	if address := c.SMTPURL; address.IsSet() {
		parsed, err := url.Parse(address.Reveal())
		if err != nil || parsed.Scheme != "smtp" && parsed.Scheme != "smtps" || parsed.Hostname() == "" {
			return wrong(SMTPURL, "is not an address like smtp://user:password@host:587 or smtps://host:465")
		}
	}
	for _, key := range []secretSetting{{MasterKey, &c.MasterKey}, {VaultKey, &c.VaultKey}, {VaultKeyOld, &c.VaultKeyOld}} {
		if !key.value.IsSet() {
			continue
		}
		if _, err := masterkey.Parse(key.value.Reveal()); err != nil {
			return wrong(key.name, "is not 32 bytes as base64 or 64 hexadecimal digits")
		}
	}
	return nil
}

// reason is why a file cannot be read, without its path and in plain words.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is none"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
