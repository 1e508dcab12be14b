package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"behalf/internal/config"
)

// Running is what "behalf dev" writes into its data folder while it runs, so
// that the tools find its private services.
type Running struct {
	Environment map[string]string `json:"environment"`
}

func runningFile(data string) string { return filepath.Join(data, "running.json") }

// Announce writes the file; the result removes it.
func (r Running) Announce(data string) (func(), error) {
	content, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(runningFile(data), content, 0o600); err != nil {
		return nil, fmt.Errorf("announce the running services: %w", err)
	}
	return func() { _ = os.Remove(runningFile(data)) }, nil
}

// OpenRunning is Open for a tool that works on DATABASE_URL's database, or else on
// that of the "behalf dev" which runs on the data folder.
func OpenRunning(settings *config.Config, env Environment, needed ...config.Setting) (*Parts, error) {
	env.Lookup = OrRunning(settings.Data, env.Lookup)
	p, err := Open(settings, env, needed...)
	var unset *config.Error
	if errors.As(err, &unset) && unset.Setting == config.DatabaseURL && unset.Unset {
		unset.Problem += fmt.Sprintf(", and no \"behalf dev\" runs on the data folder %s: set it, or start that (make run)", settings.Data)
	}
	return p, err
}

// OrRunning completes the environment by what a running "behalf dev" announced.
func OrRunning(data string, lookup config.Lookup) config.Lookup {
	var found Running
	if content, err := os.ReadFile(runningFile(data)); err == nil {
		_ = json.Unmarshal(content, &found) // unreadable is as good as none
	}
	return func(name string) (string, bool) {
		if value, set := lookup(name); set {
			return value, true
		}
		other, file := strings.CutSuffix(name, config.Setting("").File())
		if !file {
			other = config.Setting(name).File()
		}
		if _, set := lookup(other); set { // the value or the file that holds it, never both
			return "", false
		}
		value, announced := found.Environment[name]
		return value, announced
	}
}
