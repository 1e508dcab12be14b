package media

import (
	"errors"
	"net/http"
	"os"

	"behalf/api/problem"
	"behalf/domain"
	kept "behalf/internal/media"
)

// told puts what went wrong with a file into problems; a refusal that means a
// status of HTTP's own gets it.
func told(err error) error {
	var refusal *domain.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Code == "media_too_large":
		return problem.New(http.StatusRequestEntityTooLarge, refusal.Code, refusal.Detail)
	case errors.As(err, &refusal) && refusal.Code == "media_unsupported":
		return problem.New(http.StatusUnsupportedMediaType, refusal.Code, refusal.Detail)
	case errors.Is(err, kept.ErrBusy):
		return problem.New(http.StatusServiceUnavailable, "uploads_busy", "Too much is being uploaded at this moment.").RetryAfter(busyRetry)
	case errors.Is(err, kept.ErrKeyReused):
		return problem.New(http.StatusUnprocessableEntity, "key_reused", "This idempotency key came with another file before.",
			problem.Fault{Location: "header.Idempotency-Key", Message: "choose a new key for a new file"})
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem.New(http.StatusRequestTimeout, "request_timeout", "The file did not arrive whole.")
	default:
		return err
	}
}

const busyRetry = 5 // seconds
