/// Defects that honest people correct.
pub(super) const DEFECTS: &[&str] = &[
    "panic on empty input",
    "off-by-one in paging",
    "race at shutdown",
    "leaked file handle",
    "wrong status code",
    "stale entries after a restart",
    "daylight saving time",
    "unescaped quotes",
    "timeout on slow networks",
    "double free of buffers",
    "sorting of equal keys",
    "overflow of the counter",
    "missing null check",
    "flicker on resize",
    "wrong default",
    "broken link to settings",
    "memory growth under load",
    "rounding of totals",
    "encoding of file names",
    "typo",
    "flaky test",
    "deadlock when the queue is full",
    "regression from last release",
];

/// Things that honest people add.
pub(super) const ADDITIONS: &[&str] = &[
    "support for wildcards",
    "dry run",
    "keyboard shortcuts",
    "metrics",
    "retries with backoff",
    "dark theme",
    "export as CSV",
    "examples",
    "a limit for uploads",
    "filters",
    "a progress bar",
    "tests",
    "caching",
    "configuration by environment",
    "docs for plugins",
    "typed errors",
    "undo",
    "benchmarks",
    "tracing",
    "support for ARM",
    "a health check",
    "screen reader labels",
    "pagination",
    "bulk delete",
];

/// Chores that honest people do.
pub(super) const CHORES: &[&str] = &[
    "split the module",
    "remove dead code",
    "raise the minimum version",
    "rename for clarity",
    "update dependencies",
    "fix lint",
    "move to the new API",
    "simplify the state machine",
    "update README",
    "clean up",
    "format",
    "drop the legacy path",
    "use the shared client",
    "inline the wrapper",
    "refactor",
];

/// Details with which titles end.
pub(super) const DETAILS: &[&str] = &[
    " on Windows",
    " for guests",
    " when offline",
    " behind a proxy",
    " for large files",
    " at midnight",
    " after login",
    " with two monitors",
    " on ARM",
    " in the worker",
    " for admins",
    " during upgrades",
    " with old clients",
    " in read-only mode",
];

/// Reasons that honest people give.
pub(super) const REASONS: &[&str] = &[
    "The old code assumed that the list is never empty, which stopped being true when filters were added.",
    "Users on slow connections saw the spinner forever. Now the request is given up after ten seconds.",
    "This came up in the support channel three times this month, so here is a small fix.",
    "Profiling shows that half of the time went into copying; this keeps one buffer.",
    "As agreed in the last call, this is the first half. The rest follows when the schema has landed.",
    "I could reproduce it on two machines with the steps from the issue. The new test fails without the change.",
    "No change of behavior is intended.",
    "Small thing I noticed while reading the code.",
    "Makes the next change easier to read.",
    "Not sure about the name, suggestions welcome.",
    "Screenshots below. I kept the old look behind the setting, for those who prefer it.",
    "The upstream library removed this call in its last version.",
];

/// Texts of honest approvals.
pub(super) const APPROVALS: &[&str] = &[
    "",
    "",
    "",
    "LGTM",
    "lgtm, thanks!",
    "Looks good to me",
    "Thanks!",
    ":+1:",
    "Nice, thank you.",
    "Good catch. I would have put the check one level higher, but this is fine.",
    "Tested locally on a large file, works.",
    "Thanks for the test! Merging when the pipeline is green.",
    "Great first contribution, welcome!",
    "Ship it",
];

/// Texts of honest requests for changes.
pub(super) const REQUESTS: &[&str] = &[
    "Could you add a test for the empty case?",
    "Please split the rename from the fix.",
    "This breaks the public API, we need a fallback.",
    "The name is misleading, see the style guide.",
    "Please rebase, the pipeline is red.",
    "I do not think that the lock is held here.",
];

/// Texts with which people approve without reading.
pub(super) const STAMPS: &[&str] = &[
    "",
    "",
    "LGTM",
    "lgtm",
    "LGTM!",
    "looks good",
    "Nice work!",
    "good job bro",
    "Approved",
    "great work 🚀",
    "👍",
    "Looks good to me, merging.",
    "thanks for contributing",
];

/// Descriptions with which gamers ask for points.
pub(super) const BEGGING: &[&str] = &[
    "",
    "",
    "",
    "Please merge this PR and add the label",
    "Kindly review and merge sir",
    "I am participating in the season, please accept my PR.",
    "Hi, I fixed this. Please assign me and merge 🙏",
    "added",
    "Please check",
    "Improves readability.",
    "This PR improves the documentation.",
];
