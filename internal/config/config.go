// Package config holds every setting of every process of Behalf.
//
// A program embeds Config in what kong parses, so that each plain setting is a
// flag and an environment variable, and then resolves the rest:
//
//	var cli struct {
//		config.Config `embed:""`
//		Serve serveCommand `cmd:"" help:"Serve the API."`
//	}
//	… kong parses …
//	if err := cli.Config.Resolve(os.LookupEnv, config.DatabaseURL, config.RedisURL, config.MasterKey); err != nil {
//		fmt.Fprintln(os.Stderr, "behalf:", err) // one line that names the setting
//		os.Exit(config.ExitCode(err))           // 2
//	}
//
// Secrets are no flags, because everybody on the machine may read a command
// line: each comes from its environment variable, or from the file that the
// variable's name with _FILE behind it gives.
package config

import "time"

// Config is every setting. Durations and numbers outside their stated range are
// refused by Resolve.
type Config struct {
	Listen        string `env:"BEHALF_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on."`
	PublicURL     string `name:"public-url" env:"BEHALF_PUBLIC_URL" placeholder:"URL" help:"Address that people and networks reach Behalf at, without a path. Default: http:// and the address to serve on."`
	MetricsListen string `name:"metrics-listen" env:"BEHALF_METRICS_LISTEN" placeholder:"HOST:PORT" help:"Address for health and metrics of a process that serves nothing else. Default: none."`
	Data          string `env:"BEHALF_DATA" default:".data" placeholder:"FOLDER" help:"Folder for private services, keys and media."`

	Proxies   []string `env:"BEHALF_PROXIES" placeholder:"PREFIX,…" help:"Reverse proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8. Default: none."`
	Origins   []string `env:"BEHALF_ORIGINS" placeholder:"URL,…" help:"Origins whose pages may use the API with tokens, such as https://app.example.com. Default: none but our own."`
	Operators []string `env:"BEHALF_OPERATORS" placeholder:"USER,…" help:"Ids of the users who operate this installation: usr_… and more. Default: nobody."`

	LogLevel  string `env:"BEHALF_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error."`
	LogFormat string `env:"BEHALF_LOG_FORMAT" default:"auto" placeholder:"FORMAT" help:"text, json, or auto: text on a terminal."`

	Traces string `env:"BEHALF_TRACES" placeholder:"URL" help:"Where spans are sent, by OTLP over HTTP, such as http://localhost:4318; OpenTelemetry's own variables say more. Default: nowhere."`

	Drain       time.Duration `env:"BEHALF_DRAIN" default:"20s" placeholder:"TIME" help:"How long a process that stops may finish what it has begun (0s to 10m)."`
	Claim       time.Duration `env:"BEHALF_CLAIM" default:"30s" placeholder:"TIME" help:"Deadline of a claim to publish (5s to 10m)."`
	Sweep       time.Duration `env:"BEHALF_SWEEP" default:"1m" placeholder:"TIME" help:"How often the queue is compared with what should be in it (1s to 5m)."`
	Concurrency int           `env:"BEHALF_CONCURRENCY" default:"20" placeholder:"N" help:"Jobs that a worker runs at once (1 to 1000)."`

	SealFolder string `name:"seal-folder" env:"BEHALF_SEAL_FOLDER" placeholder:"FOLDER" help:"Folder for signed checkpoints, outside the database. Default: checkpoints in the data folder."`

	Media      string `env:"BEHALF_MEDIA" placeholder:"URL" help:"Where uploaded media are kept: file:///folder or s3://bucket?region=…, whose credentials come from AWS's own variables. Default: media in the data folder."`
	MediaVideo int    `name:"media-video" env:"BEHALF_MEDIA_VIDEO" default:"512" placeholder:"MB" help:"How large an uploaded film may be (1 to 10000)."`
	MediaQuota int    `name:"media-quota" env:"BEHALF_MEDIA_QUOTA" default:"20" placeholder:"GB" help:"How much media a workspace may keep (1 to 100000)."`

	MailFrom string `name:"mail-from" env:"BEHALF_MAIL_FROM" default:"Behalf <behalf@localhost>" placeholder:"ADDRESS" help:"Sender of mail."`

	SandboxURL      string `name:"sandbox-url" env:"BEHALF_SANDBOX_URL" placeholder:"URL" help:"Address of the sandbox network. Default: not offered."`
	SandboxClientID string `name:"sandbox-client-id" env:"BEHALF_SANDBOX_CLIENT_ID" placeholder:"ID" help:"Our OAuth2 client there."`

	OIDC      []string   `name:"oidc" env:"BEHALF_OIDC" placeholder:"NAME,…" help:"Providers of OpenID Connect to sign in with; each is described by BEHALF_OIDC_NAME_ISSUER, _CLIENT_ID and _CLIENT_SECRET (or _CLIENT_SECRET_FILE)."`
	Providers []Provider `kong:"-"` // what Resolve reads of them

	Networks []string                 `name:"networks" env:"BEHALF_NETWORKS" default:"bluesky,mastodon,wordpress" placeholder:"NAME,…" help:"Networks to offer, or none; where one asks for a client of this installation's own, it is BEHALF_NETWORK_NAME_CLIENT_ID and _CLIENT_SECRET (or _CLIENT_SECRET_FILE)."`
	Clients  map[string]NetworkClient `kong:"-"` // what Resolve reads of them, by network; those that have none are missing

	Secrets `kong:"-"`
}

// Secrets are the settings that come from the environment or from files only.
type Secrets struct {
	DatabaseURL         Secret // Postgres: "postgres://user:password@host:5432/database"
	RedisURL            Secret // see internal/redisurl
	SMTPURL             Secret // see internal/mail: "smtp://user:password@host:587"
	MasterKey           Secret // 32 bytes, hexadecimal or base64: see masterkey.Parse
	VaultKey            Secret // wraps the vault's keyset instead of the master key; like it
	VaultKeyOld         Secret // wrapped it before
	SealKey             Secret // signs checkpoints: the private keys of a signed note, one a line, the first first
	SandboxClientSecret Secret
	APIToken            Secret // for tools that ask a running Behalf over its API
}

// Setting is a setting's name: that of its environment variable.
type Setting string

// The settings that a process can require of Resolve.
const (
	DatabaseURL         Setting = "DATABASE_URL"
	RedisURL            Setting = "REDIS_URL"
	SMTPURL             Setting = "SMTP_URL"
	MasterKey           Setting = "BEHALF_KEY"
	VaultKey            Setting = "BEHALF_VAULT_KEY"
	VaultKeyOld         Setting = "BEHALF_VAULT_KEY_OLD"
	SealKey             Setting = "BEHALF_SEAL_KEY"
	PublicURL           Setting = "BEHALF_PUBLIC_URL"
	SandboxURL          Setting = "BEHALF_SANDBOX_URL"
	SandboxClientID     Setting = "BEHALF_SANDBOX_CLIENT_ID"
	SandboxClientSecret Setting = "BEHALF_SANDBOX_CLIENT_SECRET"
	APIToken            Setting = "BEHALF_TOKEN"
)
