package manners

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// How far the view is stands first in an answer, and moves with every event of
// every workspace. It is no part of what the tag stands for: hence a weak one.
var howFar = regexp.MustCompile(`^\{"position":[0-9]+,`)

// tagBytes of the hash make a tag.
const tagBytes = 12

func tagOf(body []byte) string {
	if at := howFar.FindIndex(body); at != nil {
		body = body[at[1]:]
	}
	sum := sha256.Sum256(bytes.TrimSpace(body))
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:tagBytes]) + `"`
}

// known reports whether one of the tags that a client has is this one, by the
// weak comparison (RFC 9110, section 13.1.2).
func known(headers []string, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for _, header := range headers {
		for has := range strings.SplitSeq(header, ",") {
			has = strings.TrimSpace(has)
			if has == "*" || strings.TrimPrefix(has, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// timing is the value of Server-Timing, in milliseconds.
func timing(took time.Duration) string {
	return "total;dur=" + strconv.FormatFloat(float64(took.Microseconds())/1000, 'f', 1, 64)
}
