package testkit

import (
	"errors"
	"fmt"
	"net/url"
)

// onDatabase is the address of another database of the same server.
func onDatabase(address, database string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return "", fmt.Errorf("read %s: %w", ServerVariable, errors.New("it is not a postgres:// address"))
	}
	parsed.Path = "/" + database
	return parsed.String(), nil
}
