package linkedin

import (
	"context"
	"net/url"
	"strconv"

	"behalf/internal/networks"
)

type postedForm struct {
	ID         string `json:"id"`
	Commentary string `json:"commentary"`
	Created    int64  `json:"createdAt"` // milliseconds since 1970
}

// posted reads an organization's posts, newest first.
func (c *Connector) posted(ctx context.Context, token networks.Secret, author string, start int) ([]postedForm, error) {
	var list struct {
		Elements *[]postedForm `json:"elements"`
	}
	err := c.find(ctx, token, "posts", url.Values{
		"q": {"author"}, "author": {author}, "sortBy": {"CREATED"},
		"start": {strconv.Itoa(start)}, "count": {strconv.Itoa(scanSize)},
	}, &list)
	if err != nil {
		return nil, err
	}
	if list.Elements == nil {
		return nil, c.rest.Unreadable(networks.CallRead)
	}
	return *list.Elements, nil
}
