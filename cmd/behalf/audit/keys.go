package audit

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/config"
)

// ErrFound says that evidence does not hold: the program ends with 1.
var ErrFound = errors.New("the history is not what was sealed")

// Trusted are the public keys that an auditor names: each is a key itself or
// the name of a file with one a line. Without any, those in the folder count.
func Trusted(named []string, folder checkpoint.Folder) (checkpoint.Verifiers, error) {
	var known checkpoint.Verifiers
	for _, one := range named {
		text := one
		if content, err := os.ReadFile(one); err == nil {
			text = string(content)
		} else if !errors.Is(err, fs.ErrNotExist) || strings.Count(one, "+") < 2 {
			return nil, &config.Error{Setting: "--key", Problem: one + " is neither a public key nor a file that can be read"}
		}
		keys, err := checkpoint.ParseVerifiers(text)
		if err != nil {
			return nil, &config.Error{Setting: "--key", Problem: err.Error()}
		}
		known = append(known, keys...)
	}
	if len(known) > 0 || folder == "" {
		return known, nil
	}
	return folder.Keys()
}
