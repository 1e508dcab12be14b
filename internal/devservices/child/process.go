// Package child runs services as processes of ours: as an unprivileged user when
// we are root, and so that they end when we end, however that comes about.
package child

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

// Process is one running service.
type Process struct {
	name     string
	logPath  string
	command  *exec.Cmd
	ended    chan struct{} // closed when it has ended
	err      error         // how; valid once ended
	stopping atomic.Bool   // we asked for the end
}

// Service says what to run.
type Service struct {
	Name    string // for people
	Program string // path
	Args    []string
	Folder  string         // where it works: its own data folder, by which a later run knows it
	Log     string         // file for its output
	Orphan  syscall.Signal // what it gets when we die (Linux)
}

// Spawn starts a service as the account.
func (a Account) Spawn(service Service) (*Process, error) {
	log, err := os.OpenFile(service.Log, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()

	command := a.Command(context.Background(), service.Folder, service.Program, service.Args...) // ended by Stop, not by a context
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr.Setsid = true // Ctrl-C in the terminal is for us: we stop services in order
	dieWithParent(command.SysProcAttr, service.Orphan)

	p := &Process{name: service.Name, logPath: service.Log, command: command, ended: make(chan struct{})}
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

// Command is a program run as the account, untouched by our environment.
func (a Account) Command(ctx context.Context, folder, program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = folder
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "LC_ALL=C", "TZ=UTC"}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: a.Credential}
	return command
}

// UntilReady tries until it works, the process ends or the context does.
func (p *Process) UntilReady(ctx context.Context, try func() error) error {
	for {
		last := try()
		if last == nil {
			return nil
		}
		select {
		case <-p.ended:
			return p.Failure()
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w: %w", p.name, ctx.Err(), last)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Stop asks with the first signal, then insists with the others.
func (p *Process) Stop(ctx context.Context, signals ...syscall.Signal) error {
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

// Name is the service's name, for people.
func (p *Process) Name() string { return p.name }

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Stopping reports whether Stop has been called.
func (p *Process) Stopping() bool { return p.stopping.Load() }

// Failure says how the process has ended, with the last lines of its log.
func (p *Process) Failure() error {
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
