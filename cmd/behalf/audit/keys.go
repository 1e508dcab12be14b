package audit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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

// Signers reads the sealing key: the setting's, or the one that a folder of
// data keeps.
func Signers(settings *config.Config, keyFile string) (checkpoint.Signers, string, error) {
	text := settings.SealKey.Reveal()
	if text == "" {
		content, err := os.ReadFile(keyFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, "", &config.Error{Setting: config.SealKey, Problem: "is not set, and there is no " + filepath.Base(keyFile) + " in the data folder"}
		}
		if err != nil {
			return nil, "", err
		}
		text = string(content)
	}
	signers, err := checkpoint.ParseSigners(text)
	if err != nil {
		return nil, "", &config.Error{Setting: config.SealKey, Problem: err.Error()}
	}
	return signers, text, nil
}
