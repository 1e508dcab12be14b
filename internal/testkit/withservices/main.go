// Command withservices runs a command with one throw-away Postgres for all the
// test binaries that it starts, and ends as the command ends:
//
//	withservices -- go test ./...
//
// A Postgres that BEHALF_TEST_POSTGRES names already is used instead.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"behalf/internal/devservices"
	"behalf/internal/testkit"
)

// startPatience is how long Postgres may take to start on a loaded machine.
const startPatience = time.Minute

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withservices:", err)
	}
	os.Exit(code)
}

// run returns the exit code, 1 when it could not run the command at all.
func run(args []string) (code int, err error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return 2, errors.New("usage: withservices -- command [argument ...]")
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGHUP)
	defer signal.Stop(signals)

	environment := os.Environ()
	if os.Getenv(testkit.ServerVariable) == "" {
		ctx, cancel := context.WithTimeout(context.Background(), startPatience)
		defer cancel()
		services, problem := devservices.Start(ctx, devservices.Options{Throwaway: true, SkipRedis: true})
		if problem != nil {
			return 1, problem
		}
		defer func() { err = errors.Join(err, services.Stop(context.Background())) }()
		environment = append(environment, testkit.ServerVariable+"="+services.PostgresURL)
	}
	return passThrough(args, environment, signals)
}

// passThrough runs the command in a process group of its own, so that a signal
// reaches it once, from us, and everything that it has started with it.
func passThrough(args, environment []string, signals <-chan os.Signal) (int, error) {
	command := exec.CommandContext(context.Background(), args[0], args[1:]...) //nolint:gosec // G204: running the given command is the purpose
	command.Stdout, command.Stderr, command.Env = os.Stdout, os.Stderr, environment
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case received := <-signals:
			if number, ok := received.(syscall.Signal); ok {
				_ = syscall.Kill(-command.Process.Pid, number) // gone already is fine
			}
		case err := <-ended:
			return exitCode(err)
		}
	}
}

// exitCode is that of the command, by the shell's custom of 128 + signal when one ended it.
func exitCode(err error) (int, error) {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		if err != nil {
			return 1, err
		}
		return 0, nil
	}
	if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return ended.ExitCode(), nil
}
