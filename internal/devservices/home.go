package devservices

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"behalf/internal/devservices/child"
)

// longestSocketFolder keeps "<folder>/.s.PGSQL.5432" below the 104 bytes that
// the shortest of the usual kernels (macOS; Linux: 108) allows for a socket.
const longestSocketFolder = 85

// BusyError says that another process already runs services on the folder.
type BusyError struct{ Dir string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("another process runs private services in %s: stop it, or give another data folder", e.Dir)
}

// home is the place of the services' files.
type home struct {
	account child.Account
	root    string   // lock and logs, ours
	data    string   // "postgres" and "redis", each the account's
	sockets string   // short enough for a socket, the account's
	lock    *os.File // held while we live; the kernel lets go of it when we die
	remove  bool     // throw-away: nothing stays
}

func openHome(ctx context.Context, options Options, who child.Account) (*home, error) {
	if options.Throwaway {
		return openThrowaway(ctx, who)
	}
	root, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(root, 0o711); err != nil { //nolint:gosec // G301: the services' user has to pass through
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	held, err := lockFolder(root)
	if err != nil {
		return nil, err
	}
	h := &home{account: who, root: root, data: root, sockets: filepath.Join(root, "run"), lock: held}
	if options.SkipPostgres && options.SkipRedis {
		return h, nil // nobody moves in
	}
	if err := h.furnish(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("data folder: %w", err), h.close())
	}
	return h, nil
}

// furnish makes the folders below root, or elsewhere where that cannot serve.
func (h *home) furnish(ctx context.Context) (err error) {
	if h.data, err = h.dataFolder(ctx); err != nil {
		return err
	}
	h.sockets = filepath.Join(h.data, "run")
	if len(h.sockets) > longestSocketFolder {
		hash := sha256.Sum256([]byte(h.root))
		h.sockets = fmt.Sprintf("/tmp/behalf-%d-%s", h.account.UID, hex.EncodeToString(hash[:6]))
	}
	return h.account.Folder(h.sockets)
}

// dataFolder is root where the account reaches it. Where it does not, the data
// is in a folder below /var/tmp and root has a link to it: whoever removes root
// starts afresh.
func (h *home) dataFolder(ctx context.Context) (string, error) {
	link := filepath.Join(h.root, "elsewhere")
	elsewhere, err := os.Readlink(link)
	switch {
	case err == nil && !exists(elsewhere):
		return "", fmt.Errorf("the data was in %s, which is gone: remove %s to start with none", elsewhere, link)
	case err == nil:
		return elsewhere, h.account.Folder(elsewhere)
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	case h.account.Reaches(ctx, h.root):
		return h.root, nil
	}
	if data := filepath.Join(h.root, "postgres"); exists(data) {
		return "", fmt.Errorf("user %s, who runs postgres, cannot reach %s any more: let others pass through the folders above it (chmod o+x)", h.account.Name, data)
	}
	elsewhere, err = os.MkdirTemp("/var/tmp", "behalf-data-")
	if err != nil {
		return "", err
	}
	return elsewhere, errors.Join(h.account.Own(elsewhere), os.Symlink(elsewhere, link))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// close lets go of the folder; throw-away data is removed first.
func (h *home) close() error {
	var problems []error
	if h.remove {
		problems = append(problems, os.RemoveAll(h.root))
	} else if h.sockets != filepath.Join(h.data, "run") {
		problems = append(problems, os.RemoveAll(h.sockets))
	}
	return errors.Join(append(problems, h.lock.Close())...)
}

// lockFolder takes the folder's lock or answers a *BusyError.
func lockFolder(folder string) (*os.File, error) {
	return lock(folder, os.O_CREATE|os.O_RDWR)
}

// lock opens the lock's file in the given way and takes the lock.
func lock(folder string, flags int) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(folder, "lock"), flags, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = &BusyError{Dir: folder}
	}
	return nil, errors.Join(err, file.Close())
}
