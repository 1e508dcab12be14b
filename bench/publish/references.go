package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/hibiken/asynq"

	"behalf/bench/measure"
	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/redisurl"
)

// caller makes the calls that publishing makes, and nothing else.
type caller struct {
	client   *http.Client
	requests []*http.Request // one for each account, without bodies
	bodies   [][]byte
}

// references make the same calls to the pages of accounts as Behalf does.
func (p *plant) references(ctx context.Context, outlets []outlet) (*caller, *stockQueue, error) {
	credential, err := p.network.authorized(ctx)
	if err != nil {
		return nil, nil, err
	}
	tokens, _ := credential.OAuth2()
	bare := &caller{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(outlets)}}}
	p.bench.Cleanup(func() error { bare.client.CloseIdleConnections(); return nil })
	for _, one := range outlets {
		page := one.page
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.network.url+"/api/pages/"+page+"/posts", nil)
		if err != nil {
			return nil, nil, err
		}
		r.Header.Set("Authorization", "Bearer "+tokens.AccessToken.Reveal())
		r.Header.Set(api.VersionHeader, api.Version)
		r.Header.Set("Content-Type", "application/json")
		bare.requests = append(bare.requests, r)
		body, err := json.Marshal(map[string]string{"key": "bare", "text": "Hello from " + page})
		if err != nil {
			return nil, nil, err
		}
		bare.bodies = append(bare.bodies, body)
	}
	queue, err := p.openStockQueue(func(i int) error { return bare.call(ctx, i) })
	return bare, queue, err
}

func (c *caller) call(ctx context.Context, i int) error {
	r := c.requests[i].Clone(ctx)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.bodies[i])), int64(len(c.bodies[i]))
	response, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("the network answered %s", response.Status)
	}
	return err
}

// atMoments makes each call when a Go timer says so. What fails is missing
// where arrivals are counted.
func (c *caller) atMoments(ctx context.Context, number int, due func(i int) time.Time) {
	for i := range number {
		time.AfterFunc(time.Until(due(i)), func() { _ = c.call(ctx, i) })
	}
}

// together makes all calls at one moment, each from a goroutine that waits for it.
func (c *caller) together(ctx context.Context, number int, due time.Time) {
	for i := range number {
		go func() {
			measure.Pause(ctx, time.Until(due))
			_ = c.call(ctx, i)
		}()
	}
}

// stockQueue is asynq as it comes, on the same Redis; only that it runs as many
// tasks at once as Behalf does.
type stockQueue struct {
	client *asynq.Client
	ran    chan time.Time // of tasks that make no call
}

const (
	stockCalls = "bench:call"
	stockRuns  = "bench:run"
)

func (p *plant) openStockQueue(call func(i int) error) (*stockQueue, error) {
	options, err := redisurl.Asynq(p.redis.RedisURL)
	if err != nil {
		return nil, err
	}
	s := &stockQueue{client: asynq.NewClient(options), ran: make(chan time.Time, 1)}
	p.bench.Cleanup(s.client.Close)
	mux := asynq.NewServeMux()
	mux.HandleFunc(stockCalls, func(_ context.Context, task *asynq.Task) error {
		i, err := strconv.Atoi(string(task.Payload()))
		if err != nil {
			return err
		}
		return call(i)
	})
	mux.HandleFunc(stockRuns, func(context.Context, *asynq.Task) error { s.ran <- time.Now(); return nil })
	server := asynq.NewServer(options, asynq.Config{Concurrency: 20, LogLevel: asynq.FatalLevel})
	if err := server.Start(mux); err != nil {
		return nil, err
	}
	p.bench.Cleanup(func() error { server.Shutdown(); return nil })
	return s, nil
}

func (s *stockQueue) atMoments(ctx context.Context, number int, due func(i int) time.Time) error {
	for i := range number {
		task := asynq.NewTask(stockCalls, []byte(strconv.Itoa(i)), asynq.ProcessAt(due(i)))
		if _, err := s.client.EnqueueContext(ctx, task); err != nil {
			return err
		}
	}
	return nil
}

// run takes the time from enqueueing a task until it runs.
func (s *stockQueue) run(ctx context.Context) (time.Duration, error) {
	if _, err := s.client.EnqueueContext(ctx, asynq.NewTask(stockRuns, nil)); err != nil {
		return 0, err
	}
	enqueued := time.Now()
	select {
	case at := <-s.ran:
		return at.Sub(enqueued), nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
