package stream

import (
	"net/http"
	"sync"

	"behalf/api/problem"
	"behalf/domain"
)

// seats bound how many streams there are.
type seats struct {
	perPerson, altogether int

	mutex sync.Mutex
	taken map[domain.UserID]int
	all   int
}

func newSeats(perPerson, altogether int) *seats {
	return &seats{perPerson: perPerson, altogether: altogether, taken: map[domain.UserID]int{}}
}

// seatRetry is after how many seconds a seat may be free again.
const seatRetry = 30

// take answers how to leave again, or that there is no seat.
func (s *seats) take(person domain.UserID) (leave func(), err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case s.taken[person] >= s.perPerson:
		return nil, problem.New(http.StatusTooManyRequests, "too_many_streams", "Close one of the streams that you have open.").RetryAfter(seatRetry)
	case s.all >= s.altogether:
		return nil, problem.New(http.StatusServiceUnavailable, "too_many_streams", "Too many people listen at once.").RetryAfter(seatRetry)
	}
	s.taken[person]++
	s.all++
	return sync.OnceFunc(func() { s.leave(person) }), nil
}

func (s *seats) leave(person domain.UserID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.all--
	if s.taken[person]--; s.taken[person] == 0 {
		delete(s.taken, person)
	}
}
