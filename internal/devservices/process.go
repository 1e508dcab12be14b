package devservices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// stopPatience is how long a service may take to heed a signal before a harder one.
const stopPatience = 10 * time.Second

// process is one running service.
type process struct {
	name     string
	logPath  string
	command  *exec.Cmd
	ended    chan struct{} // closed when it has ended
	err      error         // how; valid once ended
	stopping atomic.Bool   // we asked for the end
}

// spawn starts a program of the home's account in folder, its output going to a
// log file. orphaned is the signal that it gets when we die.
func (h *home) spawn(name, folder, logPath string, orphaned syscall.Signal, program string, args ...string) (*process, error) {
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()

	command := h.command(context.Background(), folder, program, args...) // ended by stop, not by a context
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr.Setsid = true // Ctrl-C in the terminal is for us: we stop services in order
	dieWithParent(command.SysProcAttr, orphaned)

	p := &process{name: name, logPath: logPath, command: command, ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel signals when the *thread* that started the child ends:
		// this goroutine keeps that thread for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			p.err = command.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// command is a program run by the account, untouched by our environment.
func (h *home) command(ctx context.Context, folder, program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = folder
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "LC_ALL=C", "TZ=UTC"}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: h.account.credential}
	return command
}

// stop asks with the first signal, then insists with the others.
func (p *process) stop(ctx context.Context, signals ...syscall.Signal) error {
	p.stopping.Store(true)
	patience := time.NewTimer(stopPatience)
	defer patience.Stop()
	for _, signal := range append(signals, syscall.SIGKILL) {
		if err := p.command.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop %s: %w", p.name, err)
		}
		select {
		case <-p.ended:
			return nil
		case <-ctx.Done():
			ctx = context.WithoutCancel(ctx)
		case <-patience.C:
			patience.Reset(stopPatience)
		}
	}
	<-p.ended
	return nil
}

// failure says how the process ended, with the last lines of its log.
func (p *process) failure() error {
	reason := "it stopped"
	if p.err != nil {
		reason = p.err.Error()
	}
	return fmt.Errorf("%s (log %s): %s", reason, p.logPath, tail(p.logPath))
}

// tail is the end of a log on one line.
func tail(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return "no log"
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	lines = lines[max(0, len(lines)-5):]
	return strings.TrimSpace(string(bytes.Join(lines, []byte(" | "))))
}
