package dev

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"behalf/cmd/behalf/story"
)

// Secrets are the passwords of a data folder's demo. They are made on the
// first run and kept beside the data, readable by its owner alone.
type Secrets struct {
	Olivia, Carl                        string // sign-in at Behalf
	OliviaSandbox, CarlSandbox          string // sign-in at the sandbox network
	SandboxClientSecret, SandboxControl string
	Begun, Played                       bool          // the story; Played is the whole of it
	Outcome                             story.Outcome // what it left
}

// SandboxClient is our OAuth2 client on the sandbox network.
const SandboxClient = "behalf"

func secretsFile(data string) string { return filepath.Join(data, "demo.json") }
func sandboxFile(data string) string { return filepath.Join(data, "sandbox.json") }
func keyFile(data string) string     { return filepath.Join(data, "master.key") }
func logFile(data string) string     { return filepath.Join(data, "behalf.log") }
func mailFolder(data string) string  { return filepath.Join(data, "mail") }

// LoadSecrets reads the folder's secrets, or makes them.
func LoadSecrets(data string) (Secrets, error) {
	content, err := os.ReadFile(secretsFile(data))
	if errors.Is(err, fs.ErrNotExist) {
		made := Secrets{
			Olivia: rand.Text(), Carl: rand.Text(), OliviaSandbox: rand.Text(), CarlSandbox: rand.Text(),
			SandboxClientSecret: rand.Text(), SandboxControl: rand.Text(),
		}
		return made, made.save(data)
	}
	if err != nil {
		return Secrets{}, fmt.Errorf("read the demo's passwords: %w", err)
	}
	var kept Secrets
	if err := json.Unmarshal(content, &kept); err != nil {
		return Secrets{}, fmt.Errorf("read the demo's passwords in %s: %w", secretsFile(data), err)
	}
	return kept, nil
}

// save replaces the file in one step.
func (s Secrets) save(data string) error {
	content, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	fresh := secretsFile(data) + ".new"
	if err := os.WriteFile(fresh, content, 0o600); err != nil {
		return fmt.Errorf("keep the demo's passwords: %w", err)
	}
	return os.Rename(fresh, secretsFile(data))
}
