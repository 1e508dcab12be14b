// Package programs finds Postgres and Redis on a machine, or says how to install them.
package programs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// OldestMajor is the oldest PostgreSQL that has what we use (security_invoker views).
const OldestMajor = 15

// Programs are the candidates that a machine offers, the preferred first.
type Programs struct {
	Postgres []string // folders with initdb and postgres
	Redis    string   // path of redis-server; empty: none
}

// Installation is one PostgreSQL.
type Installation struct {
	Bin   string // folder
	Major int    // version; 0: none
}

// Find looks in the search path and where systems install.
func Find(ctx context.Context) Programs {
	var found Programs
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			found.Postgres = append(found.Postgres, filepath.Dir(path))
		}
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		found.Postgres = append(found.Postgres, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
		"/usr/pgsql-*/bin",                  // Red Hat
		"/opt/homebrew/opt/postgresql*/bin", // macOS
		"/usr/local/opt/postgresql*/bin",
		"/usr/local/pgsql/bin",
	} {
		folders, _ := filepath.Glob(pattern)
		slices.SortFunc(folders, func(a, b string) int { return numberIn(b) - numberIn(a) })
		found.Postgres = append(found.Postgres, folders...)
	}
	found.Redis, _ = exec.LookPath("redis-server")
	return found
}

// ChoosePostgres picks the first installation of the wanted major version, or
// the first that is new enough when wanted is 0. The second result is the first
// usable one of any version, for the error's text.
func ChoosePostgres(ctx context.Context, folders []string, wanted int) (chosen, other Installation) {
	for _, folder := range folders {
		major := majorOf(ctx, folder)
		if major == 0 {
			continue
		}
		if major == wanted || wanted == 0 && major >= OldestMajor {
			return Installation{Bin: folder, Major: major}, other
		}
		if other.Major == 0 {
			other = Installation{Bin: folder, Major: major}
		}
	}
	return Installation{}, other
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf asks the programs in a folder for their version; 0 when they are not whole.
func majorOf(ctx context.Context, folder string) int {
	if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
		return 0
	}
	out, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	match := versionText.FindSubmatch(out)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[1]))
	return major
}

var digits = regexp.MustCompile(`\d+`)

func numberIn(path string) int {
	number, _ := strconv.Atoi(digits.FindString(path))
	return number
}

// InstallHint is the command that installs a package on this machine.
func InstallHint(version int) string {
	if runtime.GOOS == "darwin" {
		return fmt.Sprintf("brew install postgresql@%d", max(version, 17))
	}
	release, _ := os.ReadFile("/etc/os-release")
	return installHintFor(string(release), version)
}

var distribution = regexp.MustCompile(`(?m)^ID(?:_LIKE)?="?([^"\n]*)`)

func installHintFor(osRelease string, version int) string {
	var ids []string
	for _, match := range distribution.FindAllStringSubmatch(osRelease, -1) {
		ids = append(ids, strings.Fields(match[1])...)
	}
	suffix := func(separator string) string {
		if version == 0 {
			return ""
		}
		return separator + strconv.Itoa(version)
	}
	switch {
	case slices.Contains(ids, "debian"), slices.Contains(ids, "ubuntu"):
		return "apt-get install postgresql" + suffix("-")
	case slices.Contains(ids, "fedora"), slices.Contains(ids, "rhel"):
		return "dnf install postgresql" + suffix("") + "-server"
	case slices.Contains(ids, "alpine"):
		return "apk add postgresql" + suffix("")
	case slices.Contains(ids, "arch"):
		return "pacman -S postgresql"
	case slices.Contains(ids, "suse"), slices.Contains(ids, "opensuse"):
		return "zypper install postgresql" + suffix("") + "-server"
	default:
		return "install it with the system's packages"
	}
}
