package child

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// EndLeftovers ends the processes of an earlier run that still work in folder,
// gently first, and reports whether none is left. Nobody else's process is
// meant: a service works in its own data folder, and we hold that folder's lock.
func EndLeftovers(folder, program string) bool {
	for _, signal := range []syscall.Signal{0, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		for _, pid := range WorkingIn(folder, program) {
			_ = syscall.Kill(pid, signal) // gone already is fine
		}
		for deadline := time.Now().Add(stopPatience / 4); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			if len(WorkingIn(folder, program)) == 0 {
				return true
			}
		}
	}
	return false
}

// WorkingIn lists the processes of a program whose current folder is folder.
// Where there is no /proc it finds none.
func WorkingIn(folder, program string) []int {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	var pids []int
	for _, link := range links {
		if at, err := os.Readlink(link); err != nil || at != folder {
			continue
		}
		name, err := os.ReadFile(filepath.Join(filepath.Dir(link), "comm"))
		if err != nil || strings.TrimSpace(string(name)) != program {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
