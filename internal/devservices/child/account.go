package child

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// Account is the operating system's user that services run as.
type Account struct {
	Name       string // empty: our own user
	UID, GID   int
	Credential *syscall.Credential // nil: our own user
}

// ServiceAccount is ourselves, or, because Postgres refuses to run as root,
// "postgres" or "nobody" when we are root.
func ServiceAccount() (Account, error) {
	if os.Geteuid() != 0 {
		return Account{UID: os.Geteuid(), GID: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		return accountOf(found)
	}
	return Account{}, fmt.Errorf("postgres does not run as root, and there is neither a user postgres nor a user nobody to run it as")
}

func accountOf(found *user.User) (Account, error) {
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("read the id of user %s: %w", found.Username, err)
	}
	gid, err := strconv.ParseUint(found.Gid, 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("read the group of user %s: %w", found.Username, err)
	}
	return Account{
		Name:       found.Username,
		UID:        int(uid),
		GID:        int(gid),
		Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
	}, nil
}

// Own gives a path to the account; without effect for our own user.
func (a Account) Own(path string) error {
	if a.Credential == nil {
		return nil
	}
	return os.Chown(path, a.UID, a.GID)
}

// Folder makes a folder that only the account (and root) can use, or checks
// that an existing one is: another user could have made it first in /tmp.
func (a Account) Folder(path string) error {
	switch err := os.Mkdir(path, 0o700); {
	case err == nil:
		return a.Own(path)
	case !os.IsExist(err):
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ok || int(owner.Uid) != a.UID {
		return fmt.Errorf("%s is not a private folder of user %d: remove it or give another data folder", path, a.UID)
	}
	return nil
}

// Reaches reports whether the account can work in a folder. Only the kernel
// knows (modes, groups, access lists, mounts), so it is tried.
func (a Account) Reaches(ctx context.Context, folder string) bool {
	if a.Credential == nil {
		return true
	}
	probe := exec.CommandContext(ctx, "/bin/sh", "-c", "exit 0")
	probe.Dir = folder // entered after the user has been changed
	probe.SysProcAttr = &syscall.SysProcAttr{Credential: a.Credential}
	return probe.Run() == nil
}
