package views

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/bench/measure"
	"behalf/bench/store"
)

// stock is watermill-sql as it comes: its own table, its own rules, its defaults.
type stock struct {
	publisher message.Publisher
	numbers   sync.Mutex
	next      int64

	mutex   sync.Mutex
	arrived map[int64]time.Time
}

const stockTopic = "stock"

func openStock(ctx context.Context, bench *measure.Bench, super *pgxpool.Pool) (*stock, error) {
	s := &stock{arrived: map[int64]time.Time{}}
	db := wsql.BeginnerFromPgx(super)
	var err error
	s.publisher, err = wsql.NewPublisher(db, wsql.PublisherConfig{
		SchemaAdapter: wsql.DefaultPostgreSQLSchema{}, AutoInitializeSchema: true,
	}, watermill.NopLogger{})
	if err != nil {
		return nil, err
	}
	subscriber, err := wsql.NewSubscriber(db, wsql.SubscriberConfig{
		ConsumerGroup: "stock", SchemaAdapter: wsql.DefaultPostgreSQLSchema{},
		OffsetsAdapter: wsql.DefaultPostgreSQLOffsetsAdapter{}, InitializeSchema: true,
	}, watermill.NopLogger{})
	if err != nil {
		return nil, err
	}
	lasting, cancel := context.WithCancel(ctx)
	messages, err := subscriber.Subscribe(lasting, stockTopic)
	if err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for msg := range messages {
			s.handle(msg)
		}
	}()
	bench.Cleanup(func() error {
		cancel()
		err := subscriber.Close()
		<-ended
		return err
	})
	return s, nil
}

func (s *stock) handle(msg *message.Message) {
	number, err := strconv.ParseInt(msg.UUID, 10, 64)
	if err == nil {
		s.mutex.Lock()
		s.arrived[number] = time.Now()
		s.mutex.Unlock()
	}
	msg.Ack()
}

// measure publishes and takes the time until each message is handled.
func (s *stock) measure(ctx context.Context, each time.Duration) ([]float64, error) {
	answers, err := pace(ctx, each, func(context.Context, int) (int64, error) {
		s.numbers.Lock()
		s.next++
		number := s.next
		s.numbers.Unlock()
		return number, s.publisher.Publish(stockTopic, message.NewMessage(strconv.FormatInt(number, 10), store.EventBytes))
	})
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(visibleIn)
	for {
		took, left := s.took(answers)
		if left == 0 {
			return []float64{measure.Percentile(took, .5), measure.Percentile(took, .99)}, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("%d messages were not handled within %s", left, visibleIn)
		}
		measure.Pause(ctx, 20*time.Millisecond)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

func (s *stock) took(answers []answer) (took []float64, left int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, a := range answers {
		at, there := s.arrived[a.position]
		if !there {
			left++
			continue
		}
		took = append(took, max(0, measure.Milliseconds(at.Sub(a.at))))
	}
	return took, left
}
