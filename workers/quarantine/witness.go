package quarantine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// askTime is how long Redis may take to answer.
const askTime = time.Second

const prefix = "behalf:lineage:"

// InRedis keeps marks in Redis.
type InRedis struct{ Client *redis.Client }

// Recall implements Witness.
func (r InRedis) Recall(ctx context.Context, installation uuid.UUID) (Mark, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	kept, err := r.Client.Get(ctx, prefix+installation.String()).Result()
	if errors.Is(err, redis.Nil) {
		return Mark{}, nil
	}
	if err != nil {
		return Mark{}, fmt.Errorf("recall the latest beat: %w", err)
	}
	beat, token, _ := strings.Cut(kept, " ")
	var mark Mark
	if mark.Beat, err = strconv.ParseInt(beat, 10, 64); err == nil {
		mark.Token, err = uuid.Parse(token)
	}
	if err != nil {
		return Mark{}, fmt.Errorf("recall the latest beat: what is kept cannot be read: %w", err)
	}
	return mark, nil
}

// later writes a mark unless a later one is there: two workers may overtake
// each other on the way.
var later = redis.NewScript(`
local kept = redis.call("get", KEYS[1])
if not kept or tonumber(string.match(kept, "^%d+") or "0") < tonumber(ARGV[1]) then
	redis.call("set", KEYS[1], ARGV[1] .. " " .. ARGV[2])
end
return 0`)

// Keep implements Witness.
func (r InRedis) Keep(ctx context.Context, installation uuid.UUID, mark Mark) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := later.Run(ctx, r.Client, []string{prefix + installation.String()}, mark.Beat, mark.Token.String()).Err(); err != nil {
		return fmt.Errorf("keep the latest beat: %w", err)
	}
	return nil
}
