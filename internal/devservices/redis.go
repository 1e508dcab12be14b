package devservices

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"behalf/internal/devservices/child"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// startRedis starts a private redis-server on a socket, or the Redis in this
// process where there is none.
func (s *Services) startRedis(ctx context.Context, options Options, h *home) error {
	program := options.find(ctx).Redis
	if program == "" || options.InProcessRedis {
		return s.startInProcessRedis()
	}
	data := filepath.Join(h.data, "redis")
	if !child.EndLeftovers(data, "redis-server") {
		return fmt.Errorf("an earlier redis-server still works in %s and does not end", data)
	}
	if err := h.account.Folder(data); err != nil {
		return err
	}
	socket := filepath.Join(h.sockets, "redis.sock")
	appendOnly, orphaned, polite := "yes", syscall.SIGTERM, []syscall.Signal{syscall.SIGTERM}
	if options.Throwaway {
		appendOnly, orphaned, polite = "no", syscall.SIGKILL, nil // nothing to save
	}
	p, err := h.account.Spawn(child.Service{
		Name: "redis-server", Program: program, Args: []string{
			"--port", "0", "--unixsocket", socket, "--unixsocketperm", "700",
			"--dir", data, "--appendonly", appendOnly, "--save", "",
			"--maxmemory-policy", "noeviction", // asynq loses jobs under any other
			"--databases", "16", "--daemonize", "no",
		},
		Folder: data, Log: filepath.Join(h.root, "redis.log"), Orphan: orphaned,
	})
	if err != nil {
		return err
	}
	s.stops = append(s.stops, func(ctx context.Context) error {
		s.log.Debug("stop private redis")
		return p.Stop(ctx, polite...)
	})
	s.watch(p)

	if err := p.UntilReady(ctx, func() error { return ask(ctx, socket) }); err != nil {
		return err
	}
	address := url.URL{Scheme: "unix", Path: socket, RawQuery: "db=0"}
	s.RedisURL, s.RedisKind = address.String(), "redis-server"
	s.log.Debug("started private redis", "data", data)
	return nil
}

// ask fails until the server answers.
func ask(ctx context.Context, socket string) error {
	if _, err := os.Stat(socket); err != nil {
		return err // go-redis would log that it cannot connect
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, MaxRetries: -1})
	defer client.Close()
	return client.Ping(ctx).Err()
}

// startInProcessRedis listens on a loopback port (it knows no sockets), behind
// a password of this run. Its time stands still unless it is moved on.
func (s *Services) startInProcessRedis() error {
	server := miniredis.NewMiniRedis()
	password := rand.Text()
	server.RequireAuth(password)
	if err := server.Start(); err != nil {
		return err
	}
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		moveOn(server, done)
	}()
	s.stops = append(s.stops, func(context.Context) error {
		close(done)
		<-gone
		server.Close()
		return nil
	})
	address := url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: server.Addr(), Path: "/0"}
	s.RedisURL, s.RedisKind = address.String(), "in-process"
	s.log.Debug("started redis in this process")
	return nil
}

// moveOn lets keys expire about as they would.
func moveOn(server *miniredis.Miniredis, done <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-done:
			return
		case now := <-tick.C:
			server.FastForward(now.Sub(last))
			last = now
		}
	}
}
