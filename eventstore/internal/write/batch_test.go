package write

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

func post(id byte) domain.Stream {
	return domain.Stream{Category: domain.PostStreams, ID: [16]byte{15: id}}
}

func reads(id byte, version int) Read {
	return Read{Stream: post(id), Name: post(id).String(), Expected: version, Last: version}
}

// writes is a request that reads streams, and appends events to the first one.
func writes(events int, streams ...Read) *Request {
	p := &Request{Reads: streams}
	p.Reads[0].Written = events > 0
	for range events {
		p.Reads[0].Last++
		p.Events = append(p.Events, Event{Version: p.Reads[0].Last})
	}
	return p
}

func TestRequestsShareWhatTheyOnlyRead(t *testing.T) {
	t.Parallel()
	b := layOut([]*Request{
		writes(1, reads(1, 0), reads(9, 4)),
		writes(1, reads(2, 0), reads(9, 4)), // shares it
		writes(1, reads(3, 0), reads(9, 3)), // has seen another version
		writes(0, reads(1, 0)),              // shares nothing with who writes it
	})
	var places []int
	for _, n := range b.needs {
		places = append(places, n.place)
	}
	require.Equal(t, []int{1, 2, 3, 2, 4, 5, 6}, places)
	require.Len(t, b.streams, 6)
	require.Equal(t, 3, b.events)
}

func TestEachRequestIsAnsweredForItself(t *testing.T) {
	t.Parallel()
	b := layOut([]*Request{
		writes(2, reads(1, 0)),
		writes(1, reads(2, 5), reads(9, 4)),
		writes(1, reads(3, 0)),
		writes(0, reads(9, 4)),
		writes(0, reads(8, 1)),
		writes(1, reads(4, 0)),
	})
	moment := time.Unix(1, 0)
	answer := written{
		positions: []int64{11, 12, 13},
		moment:    moment,
		moved:     []int64{int64(b.needs[2].place), int64(b.needs[1].place)}, // 9 and 2
		movedTo:   []int64{6, 7},
		repeated:  []int64{2},
	}
	outcomes, err := answer.outcomes(b)
	require.NoError(t, err)
	require.Equal(t, []Outcome{
		{Positions: []int64{11, 12}, Moment: moment},
		{Moved: &Moved{Read: &b.requests[1].Reads[0], To: 7}}, // of two, the one that it writes
		{Repeated: true},
		{Moved: &Moved{Read: &b.requests[3].Reads[0], To: 6}},
		{},
		{Positions: []int64{13}, Moment: moment},
	}, outcomes)

	for _, positions := range [][]int64{{11, 12}, {11, 12, 13, 14}} {
		answer.positions = positions
		_, err = answer.outcomes(b)
		require.ErrorIs(t, err, errAnswer)
	}
}
