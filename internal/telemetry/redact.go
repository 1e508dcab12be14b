package telemetry

import (
	"log/slog"
	"regexp"
	"strings"
)

const redacted = "[redacted]"

// secretNames are attributes whose value is never logged, whatever it is.
// Names that end like them ("access_token", "db_password") are meant too.
var secretNames = []string{
	"authorization", "cookie", "password", "passphrase", "secret", "token",
	"private_key", "master_key", "api_key", "code_verifier", "database_url", "redis_url", "smtp_url", "dsn",
}

var (
	// A password inside an address: scheme://user:password@host.
	addressPassword = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@"']*):[^\s/"']*@`)
	// A secret inside a query or a form: what errors of net/http quote.
	queryPassword = regexp.MustCompile(`(?i)((?:\b(?:\w+_)?(?:token|secret|password|code_verifier|api_key)|[?&](?:code|state|signature))=)[^&\s"']+`)
	// A secret of an Authorization header.
	bearer = regexp.MustCompile(`(?i)\b(bearer|basic) [a-z0-9._~+/-]{8,}=*`)
)

// redact is slog's ReplaceAttr: it sees every attribute, the message included.
// It is the second line of defence; the first is not to log secrets.
func redact(_ []string, attribute slog.Attr) slog.Attr {
	if isSecretName(attribute.Key) {
		return slog.String(attribute.Key, redacted)
	}
	switch value := attribute.Value.Any().(type) {
	case string:
		if clean := Redact(value); clean != value {
			return slog.String(attribute.Key, clean)
		}
	case error:
		return slog.String(attribute.Key, Redact(value.Error()))
	}
	return attribute
}

// Redact blackens what looks like a secret inside a text: passwords in
// addresses, secrets in queries, Authorization values.
func Redact(text string) string {
	if strings.Contains(text, "://") {
		text = addressPassword.ReplaceAllString(text, "${1}:"+redacted+"@")
	}
	if strings.Contains(text, "=") {
		text = queryPassword.ReplaceAllString(text, "${1}"+redacted)
	}
	return bearer.ReplaceAllString(text, "${1} "+redacted)
}

func isSecretName(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	for _, secret := range secretNames {
		if before, found := strings.CutSuffix(name, secret); found && (before == "" || strings.HasSuffix(before, "_")) {
			return true
		}
	}
	return false
}
