package devservices

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"behalf/internal/devservices/child"
)

const (
	throwawayPrefix = "behalf-throwaway-"
	unlockedPrefix  = "behalf-new-" // until it is locked, so that nobody sweeps it
)

// openThrowaway makes a temporary home, after removing those whose process died
// without doing it.
func openThrowaway(ctx context.Context, who child.Account) (*home, error) {
	base, err := throwawayBase(ctx, who)
	if err != nil {
		return nil, err
	}
	sweep(base)

	fresh, err := os.MkdirTemp(base, unlockedPrefix)
	if err != nil {
		return nil, fmt.Errorf("temporary folder: %w", err)
	}
	held, err := lockFolder(fresh)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(fresh))
	}
	root := filepath.Join(base, throwawayPrefix+strings.TrimPrefix(filepath.Base(fresh), unlockedPrefix))
	h := &home{account: who, root: fresh, data: root, sockets: filepath.Join(root, "run"), lock: held, remove: true}
	if err := os.Rename(fresh, root); err != nil {
		return nil, errors.Join(fmt.Errorf("temporary folder: %w", err), h.close())
	}
	h.root = root
	if err := errors.Join(who.Own(root), who.Folder(h.sockets)); err != nil {
		return nil, errors.Join(fmt.Errorf("temporary folder: %w", err), h.close())
	}
	return h, nil
}

// throwawayBase is the first folder for temporary files that the account
// reaches and in which a socket's path is not too long.
func throwawayBase(ctx context.Context, who child.Account) (string, error) {
	for _, base := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if len(base)+len(throwawayPrefix)+len("1234567890/run") <= longestSocketFolder && who.Reaches(ctx, base) {
			return base, nil
		}
	}
	return "", fmt.Errorf("no folder for temporary files that user %d can use: set TMPDIR", who.UID)
}

// sweep removes the throw-away folders that nobody holds any more, with the
// services that still run in them. What cannot be removed is left for later.
func sweep(base string) {
	folders, _ := filepath.Glob(filepath.Join(base, throwawayPrefix+"*"))
	for _, folder := range folders {
		held, err := lock(folder, os.O_RDWR) // never makes one in a folder that its owner is removing
		if err != nil {
			continue // in use, or somebody else's
		}
		child.EndLeftovers(filepath.Join(folder, "postgres"), "postgres")
		child.EndLeftovers(filepath.Join(folder, "redis"), "redis-server")
		_ = os.RemoveAll(folder)
		_ = held.Close()
	}
}
