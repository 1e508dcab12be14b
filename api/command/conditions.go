package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/eventstore"
)

// The form of an idempotency key, and of a version in If-Match (RFC 9110,
// section 8.8.3: a strong entity tag).
var (
	keyForm     = regexp.MustCompile(`^[\x20-\x7e]{1,200}$`)
	versionForm = regexp.MustCompile(`^"([0-9]{1,9})"$`)
)

// NewKey makes what is remembered of a command under an Idempotency-Key; nil
// when there is none. White space in the body makes no difference.
func NewKey(user domain.UserID, ws domain.WorkspaceID, key string, body []byte) (*eventstore.CommandKey, error) {
	if key == "" {
		return nil, nil //nolint:nilnil // no key is an ordinary case
	}
	if !keyForm.MatchString(key) {
		return nil, problem.New(http.StatusBadRequest, "bad_request", "An idempotency key has 1 to 200 printable ASCII characters.",
			problem.Fault{Location: "header.Idempotency-Key", Message: "1 to 200 printable ASCII characters"})
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return nil, fmt.Errorf("compact a body that was checked: %w", err)
	}
	made := eventstore.NewCommandKey(user, ws, key, compact.Bytes())
	return &made, nil
}

func parseIfMatch(header string) (*int, error) {
	if header == "" {
		return nil, nil //nolint:nilnil // no condition is the ordinary case
	}
	parts := versionForm.FindStringSubmatch(header)
	if parts == nil {
		return nil, problem.New(http.StatusBadRequest, "bad_request", "If-Match holds one version in quotes.",
			problem.Fault{Location: "header.If-Match", Message: `a version in quotes: "7"`})
	}
	version, err := strconv.Atoi(parts[1])
	if err != nil {
		return nil, fmt.Errorf("read a version: %w", err)
	}
	return &version, nil
}
