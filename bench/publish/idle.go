package publish

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
)

// farTargets is how many targets the memory row schedules.
const farTargets = 100_000

// memoryRow compares a worker beside a hundred thousand targets that are due
// next week with itself before, and answers what it takes more.
func memoryRow() measure.Row {
	return measure.Row{
		Name: "memory of behalf work, 100,000 targets more",
		Bars: []measure.Bar{{Unit: "MB", Limit: 20, AtMost: true, Absolute: true}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			p, err := openPlant(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			outlets, err := p.found(ctx, perWorkspace)
			if err != nil {
				return measure.Sides{}, err
			}
			work, err := p.run(ctx, "--sweep=2s")
			if err != nil {
				return measure.Sides{}, err
			}
			settle := min(15*time.Second, 15*bench.Each) // several sweeps
			before := 0.0
			return measure.Sides{
				Pairs: 1,
				Reference: func(ctx context.Context) (_ []float64, err error) {
					measure.Pause(ctx, settle)
					before, err = memory(work.Process.Pid)
					return []float64{before}, err
				},
				Measured: func(ctx context.Context) ([]float64, error) {
					if err := p.scheduleFar(ctx, outlets, min(farTargets, bench.Events)); err != nil {
						return nil, err
					}
					measure.Pause(ctx, settle)
					after, err := memory(work.Process.Pid)
					return []float64{after - before}, err
				},
			}, nil
		},
	}
}

// scheduleFar has posts due next week, in the log and in the views.
func (p *plant) scheduleFar(ctx context.Context, outlets []outlet, number int) error {
	at := time.Now().Add(7 * 24 * time.Hour).UTC()
	err := together(number, func(i int) error {
		on := outlets[i%len(outlets)]
		_, err := on.team.Write(ctx, p.store, post.Stream(domain.PostID(eventstore.Fresh())), 0,
			post.WrittenPlain{Workspace: on.team.Workspace, Author: on.team.Owner, Text: team.Text, Targets: []post.Place{{Account: on.id}}},
			post.Scheduled{Revision: 1, At: at})
		return err
	})
	if err != nil {
		return err
	}
	return p.caughtUp(ctx)
}

// memory is what a process holds of the machine's, in MB.
func memory(pid int) (float64, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if size, is := strings.CutPrefix(line, "VmRSS:"); is {
			kilobytes, err := strconv.Atoi(strings.Fields(size)[0])
			return float64(kilobytes) / 1024, err
		}
	}
	return 0, fmt.Errorf("process %d says nothing of its memory", pid)
}

// idleRow takes the processor time of everything while nothing is to be done:
// the API, the views, a worker, Postgres and Redis. The reference is one core.
func idleRow() measure.Row {
	return measure.Row{
		Name: "CPU of everything idle",
		Bars: []measure.Bar{{Unit: "% of a core", Limit: 3, AtMost: true, Absolute: true}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			p, err := openPlant(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.found(ctx, perWorkspace); err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.start(ctx, "serve", "--listen=127.0.0.1:0"); err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.run(ctx); err != nil {
				return measure.Sides{}, err
			}
			return measure.Sides{
				Pairs: 1,
				Measured: func(ctx context.Context) ([]float64, error) {
					measure.Pause(ctx, 10*time.Second) // what starting asks for is done
					before, err := spent(os.Getpid())
					if err != nil {
						return nil, err
					}
					begun := time.Now()
					measure.Pause(ctx, max(10*time.Second, 60*bench.Each)) // a sweep of every kind in it
					after, err := spent(os.Getpid())
					took := time.Since(begun).Seconds()
					for name := range after {
						fmt.Fprintf(os.Stderr, "%44s %.2f %%\n", name, 100*(after[name]-before[name])/took)
					}
					return []float64{100 * (total(after) - total(before)) / took}, err
				},
				Reference: func(context.Context) ([]float64, error) { return []float64{100}, nil },
			}, nil
		},
	}
}

func total(spent map[string]float64) (sum float64) {
	for _, seconds := range spent {
		sum += seconds
	}
	return sum
}

// spent is the processor time, in seconds, of all processes below one, of
// those too that they have waited for, by what they are.
func spent(root int) (map[string]float64, error) {
	parents, names, times := map[int]int{}, map[int]string{}, map[int]float64{}
	found, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, file := range found {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			return nil, err
		}
		parents[pid], times[pid], err = stat(string(content))
		if err != nil {
			return nil, err
		}
		command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		names[pid] = what(strings.Split(string(command), "\x00"))
	}
	sums := map[string]float64{}
	for pid := range parents {
		for up := parents[pid]; up > 0; up = parents[up] {
			if up == root {
				sums[names[pid]] += times[pid]
				break
			}
		}
	}
	return sums, nil
}

// ticks of the kernel's clock are a hundredth of a second, on every Linux that
// Go runs on.
const ticks = 100

// stat reads /proc/…/stat: the parent, and the time in seconds.
func stat(line string) (parent int, seconds float64, err error) {
	fields := strings.Fields(line[strings.LastIndex(line, ")")+1:])
	if parent, err = strconv.Atoi(fields[1]); err != nil {
		return 0, 0, err
	}
	for _, field := range fields[11:15] { // of itself and of its children, in both modes
		spent, err := strconv.Atoi(field)
		if err != nil {
			return 0, 0, err
		}
		seconds += float64(spent) / ticks
	}
	return parent, seconds, nil
}

// what a process is, for people.
func what(command []string) string {
	name := filepath.Base(command[0])
	if name == "behalf" && len(command) > 1 {
		return "behalf " + command[1]
	}
	name, _, _ = strings.Cut(name, ":")
	name, _, _ = strings.Cut(name, " ")
	return name
}
