package limit

// Kept is how many buckets are in memory.
func (l *Limiter) Kept() (kept int) {
	for i := range l.local.shards {
		kept += len(l.local.shards[i].full)
	}
	return kept
}
