package devservices

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the operating system's user that the services run as.
type account struct {
	name       string
	uid, gid   int
	credential *syscall.Credential // nil: our own user
}

// serviceAccount is ourselves, or, because Postgres refuses to run as root,
// "postgres" or "nobody" when we are root.
func serviceAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		return accountOf(found)
	}
	return account{}, fmt.Errorf("postgres does not run as root, and there is neither a user postgres nor a user nobody to run it as")
}

func accountOf(found *user.User) (account, error) {
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the id of user %s: %w", found.Username, err)
	}
	gid, err := strconv.ParseUint(found.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the group of user %s: %w", found.Username, err)
	}
	return account{
		name:       found.Username,
		uid:        int(uid),
		gid:        int(gid),
		credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
	}, nil
}

// own gives a path to the account; without effect for our own user.
func (a account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// folder makes a folder that only the account (and root) can use, or checks
// that an existing one is: another user could have made it first in /tmp.
func (a account) folder(path string) error {
	switch err := os.Mkdir(path, 0o700); {
	case err == nil:
		return a.own(path)
	case !os.IsExist(err):
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ok || int(owner.Uid) != a.uid {
		return fmt.Errorf("%s is not a private folder of user %d: remove it or give another data folder", path, a.uid)
	}
	return nil
}

// reaches reports whether the account can work in a folder. Only the kernel
// knows (modes, groups, access lists, mounts), so it is tried.
func (a account) reaches(ctx context.Context, folder string) bool {
	if a.credential == nil {
		return true
	}
	probe := exec.CommandContext(ctx, "/bin/sh", "-c", "exit 0")
	probe.Dir = folder // entered after the user has been changed
	probe.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential}
	return probe.Run() == nil
}
