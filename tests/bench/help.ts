/** What `npm run bench -- --help` prints. */
export const HELP = `npm run bench -- [NAME...] [OPTION...]

Benchmarks; without a name all of them, in more than an hour:
  start-up   a function's first answer and that of a bare Hono function, 3 minutes
  diracx     Spinor and the official DiracX side by side, 10 minutes
  quick      the checkout and its last commit, or that commit and its parent, 2 minutes
  growth     statements among 10,000 and 1,000,000 jobs, what a job costs in calls of 1 to 1,000, 10 minutes
  sustained  the rates of writes that are held, also by two processes and by DiracX, 50 minutes

Options:
  --workload NAME   of diracx and quick: this one only (again for more)
  --database NAME   of diracx: mariadb or sqlite
  --across-vos      of diracx: ours shows the jobs of every VO to all, as DiracX does
  --only NAME       of sustained: ours, ours2 or diracx2 (again for more)
  --rate N          of sustained: this rate, in writes a second, and no search
  --minutes N       of sustained: how long a rate must hold
  --jobs N          rows to begin with, 5,000 at least
  --clients N       that ask at the same time (16)
  --rounds N        in which the servers take turns
  --seconds N       of a round, or of a step to the rate that is held
  --json            figures for programs
  --help, -h        this text
`
