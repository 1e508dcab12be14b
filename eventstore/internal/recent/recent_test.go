package recent

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func always(string) bool { return true }

func TestTheLongestUnusedGoesFirst(t *testing.T) {
	t.Parallel()
	c := New[int, string](10)
	c.Put(1, "a", 4, always)
	c.Put(2, "b", 4, always)
	_, found := c.Get(1)
	require.True(t, found)
	c.Put(3, "c", 4, always)
	_, found = c.Get(2)
	require.False(t, found)
	value, found := c.Get(1)
	require.True(t, found)
	require.Equal(t, "a", value)

	c.Put(4, "too large", 11, always)
	values, size := c.Len()
	require.Equal(t, []int{2, 8}, []int{values, size})
	c.Put(1, "grown too large", 11, always)
	_, found = c.Get(1)
	require.False(t, found)
	c.Put(3, "older", 1, func(old string) bool { require.Equal(t, "c", old); return false })
	value, _ = c.Get(3)
	require.Equal(t, "c", value)
	c.Delete(3)
	c.Put(5, "e", 1, always)
	c.Clear()
	values, size = c.Len()
	require.Equal(t, []int{0, 0}, []int{values, size})
}

// Whatever happens, the sizes add up and stay within the bound.
func TestSizesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := New[int, int](20)
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				size := rapid.IntRange(0, 25).Draw(t, "size")
				c.Put(rapid.IntRange(0, 5).Draw(t, "key"), size, size, func(int) bool { return rapid.Bool().Draw(t, "replaces") })
			},
			"get":    func(t *rapid.T) { c.Get(rapid.IntRange(0, 5).Draw(t, "key")) },
			"delete": func(t *rapid.T) { c.Delete(rapid.IntRange(0, 5).Draw(t, "key")) },
			"": func(t *rapid.T) {
				sum := 0
				for element := c.order.Front(); element != nil; element = element.Next() {
					sum += element.Value.(*entry[int, int]).size
				}
				values, size := c.Len()
				require.Equal(t, sum, size)
				require.LessOrEqual(t, size, 20)
				require.Equal(t, c.order.Len(), values)
			},
		})
	})
}
