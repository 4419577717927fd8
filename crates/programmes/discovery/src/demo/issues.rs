pub(super) struct Repository {
    pub(super) owner: &'static str,
    pub(super) name: &'static str,
    pub(super) maintainer: &'static str,
    pub(super) description: &'static str,
    pub(super) language: &'static str,
    pub(super) topics: &'static [&'static str],
    pub(super) stars: i64,
    /// The days since the last push.
    pub(super) quiet_days: i64,
    pub(super) has_guidelines: bool,
}

impl Repository {
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

pub(super) struct Issue {
    /// The index of its repository.
    pub(super) repository: usize,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    pub(super) labels: &'static [&'static str],
    pub(super) hours_ago: i64,
    pub(super) reactions: i64,
    pub(super) is_assigned: bool,
}

pub(super) const REPOSITORIES: [Repository; 5] = [
    Repository {
        owner: "tide-tools",
        name: "almanac",
        maintainer: "petra-dune",
        description: "Tide tables for harbors on the command line",
        language: "Rust",
        topics: &["command-line", "tides", "databases"],
        stars: 2100,
        quiet_days: 2,
        has_guidelines: true,
    },
    Repository {
        owner: "reef-maps",
        name: "contour",
        maintainer: "owen-strait",
        description: "Draws sea charts in the browser",
        language: "TypeScript",
        topics: &["maps", "accessibility", "css"],
        stars: 860,
        quiet_days: 5,
        has_guidelines: true,
    },
    Repository {
        owner: "beacon-net",
        name: "semaphore",
        maintainer: "lena-fjord",
        description: "Sends harbor messages over slow networks",
        language: "Go",
        topics: &["networking", "protocols"],
        stars: 430,
        quiet_days: 60,
        has_guidelines: true,
    },
    Repository {
        owner: "kelp-lab",
        name: "plankton",
        maintainer: "amir-cove",
        description: "Analyzes measurements of buoys",
        language: "Python",
        topics: &["data-science", "statistics"],
        stars: 1250,
        quiet_days: 1,
        has_guidelines: true,
    },
    Repository {
        owner: "old-lighthouse",
        name: "foghorn",
        maintainer: "ruth-sound",
        description: "A clock that plays the hours",
        language: "C",
        topics: &["audio"],
        stars: 75,
        quiet_days: 200,
        has_guidelines: false,
    },
];

/// Issues of the season's projects, each in the first repository of a project. The index is that of the project.
pub(super) const OWN: [Issue; 3] = [
    Issue {
        repository: 0,
        title: "Say which file a query skipped",
        body: r"When a segment cannot be read, the query goes on without it and says nothing. Name the file and the
reason after the last row.

The segments are listed in `src/query/plan.rs`; a test with one broken file is enough.",
        labels: &["bug", "good first issue"],
        hours_ago: 26,
        reactions: 5,
        is_assigned: false,
    },
    Issue {
        repository: 2,
        title: "Keep the zoom of the map after a reload",
        body: r"The garden map opens at its smallest zoom each time. Store the zoom and the center with the plan, next
to the beds in `src/map/state.ts`.",
        labels: &["enhancement", "good first issue"],
        hours_ago: 44,
        reactions: 3,
        is_assigned: false,
    },
    Issue {
        repository: 4,
        title: "Name the glyph that a font lacks",
        body: r"A missing glyph prints an empty box without a word. Print the character, its code point and the font.
`quillbox/fonts.py`, function `measure`.",
        labels: &["bug", "good first issue"],
        hours_ago: 68,
        reactions: 4,
        is_assigned: false,
    },
];

/// The issues. An assigned one cannot be done.
pub(super) const ISSUES: [Issue; 28] = [
    Issue {
        repository: 0,
        title: "Report which page failed its checksum",
        body: r#"`open()` returns "corrupt file" without the page number. Return the page, its offset and both
checksums.

## Steps to reproduce

1. Truncate a database with `truncate -s 8191 tides.db`
2. Run `almanac show`

## Expected

The message names the page and the offset. The check is in `src/page.rs`."#,
        labels: &["bug", "good first issue"],
        hours_ago: 90,
        reactions: 6,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Say which station has no tide data",
        body: r"When a station has no readings, the command prints an empty table. Print the station, the last
reading and what to try next.

The table is printed in `src/commands/show.rs`; a test with an empty station is enough.",
        labels: &["enhancement", "good first issue", "help wanted"],
        hours_ago: 40,
        reactions: 3,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Fix the typo in the help of `almanac import`",
        body: r#""seperated" should be "separated" in `src/commands/import.rs`."#,
        labels: &["documentation", "good first issue"],
        hours_ago: 12,
        reactions: 1,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Import readings faster by writing them in batches",
        body: r"Each reading is written in its own transaction. Importing a year of a station takes 40 s. Batches of
1,000 should take under a second.

Measure with `cargo bench import`.",
        labels: &["performance", "help wanted"],
        hours_ago: 300,
        reactions: 14,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Rewrite the storage format so that it can be shared between threads",
        body: r"The file is locked by one process at a time. We want several readers and one writer, with snapshots.
This needs a design first: page format, recovery after a crash, migration of existing files.",
        labels: &["enhancement", "architecture"],
        hours_ago: 700,
        reactions: 25,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Name the missing field in error messages",
        body: r#"A configuration without `station_id` fails with "invalid input". Name the field and the line.

- [ ] the field
- [ ] the line
- [ ] a test"#,
        labels: &["bug", "good first issue"],
        hours_ago: 150,
        reactions: 4,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Document the time zones of stations",
        body: r"The guide does not say whether times are local or UTC. Add a section to `docs/stations.md` with one
example for each.",
        labels: &["documentation", "help wanted"],
        hours_ago: 210,
        reactions: 2,
        is_assigned: false,
    },
    Issue {
        repository: 0,
        title: "Panic when a file ends in the middle of a reading",
        body: r"```
thread 'main' panicked at 'index out of bounds'
```

A truncated file should be an error with the offset. Reproduce with `head -c 100 year.csv | almanac
import -`.",
        labels: &["bug"],
        hours_ago: 60,
        reactions: 5,
        is_assigned: true,
    },
    Issue {
        repository: 1,
        title: "Escape headings in the legend",
        body: r"A heading with `<` or `&` appears unescaped in the legend. The renderer already has an escape
function in `src/text.ts`.",
        labels: &["bug", "good first issue"],
        hours_ago: 36,
        reactions: 2,
        is_assigned: false,
    },
    Issue {
        repository: 1,
        title: "Contrast of depth labels is too low in the dark theme",
        body: r"Labels of shallow water have a contrast of 2.9:1. WCAG asks for 4.5:1. The colors are in
`src/theme.css`.

Expected: all labels reach 4.5:1, checked by axe.",
        labels: &["accessibility", "good first issue"],
        hours_ago: 80,
        reactions: 7,
        is_assigned: false,
    },
    Issue {
        repository: 1,
        title: "Support the keyboard in the layer menu",
        body: r"The menu opens with a mouse only. Arrow keys should move, Enter should choose, Escape should close.
The pattern is the ARIA menu button.",
        labels: &["accessibility", "help wanted"],
        hours_ago: 160,
        reactions: 9,
        is_assigned: false,
    },
    Issue {
        repository: 1,
        title: "Render contours in a worker",
        body: r"Drawing a large chart blocks the page for two seconds. Move the marching squares to a web worker,
and send the result back as a transferable array.",
        labels: &["performance"],
        hours_ago: 400,
        reactions: 11,
        is_assigned: false,
    },
    Issue {
        repository: 1,
        title: "Translate the interface to Dutch",
        body: "All strings are in `locales/en.json`. Copy it to `nl.json` and translate the values.",
        labels: &["i18n", "good first issue"],
        hours_ago: 500,
        reactions: 3,
        is_assigned: false,
    },
    Issue {
        repository: 1,
        title: "Scale bar shows the wrong unit at zoom 3",
        body: "Steps: open any chart, zoom to level 3. Expected: kilometers. Actual: meters with five digits.",
        labels: &["bug"],
        hours_ago: 20,
        reactions: 1,
        is_assigned: false,
    },
    Issue {
        repository: 1,
        title: "Upgrade the build to the current compiler",
        body: r"The compiler is two major versions old. Several types have changed; the build prints 40 errors after
the upgrade.",
        labels: &["chore"],
        hours_ago: 330,
        reactions: 0,
        is_assigned: false,
    },
    Issue {
        repository: 2,
        title: "Retry with back-off when the link is lost",
        body: r"The client reconnects at once and floods the relay. Wait 1 s, 2 s, 4 s, up to a minute, with some
randomness. `internal/link/dial.go` has the loop.",
        labels: &["enhancement", "help wanted"],
        hours_ago: 240,
        reactions: 8,
        is_assigned: false,
    },
    Issue {
        repository: 2,
        title: "Check the header before reading the body",
        body: r"A truncated frame reads 64 KiB before it fails. The header already holds the length; compare it
first and return early.",
        labels: &["bug", "performance"],
        hours_ago: 900,
        reactions: 2,
        is_assigned: false,
    },
    Issue {
        repository: 2,
        title: "Race between close and send",
        body: r"`go test -race ./internal/link` reports a data race in one of ten runs. `Close` sets the connection
to nil while `Send` uses it.",
        labels: &["bug"],
        hours_ago: 120,
        reactions: 4,
        is_assigned: false,
    },
    Issue {
        repository: 2,
        title: "Write a guide for the first message",
        body: r"The README explains the protocol, but not how to send one message from one terminal to another. A
short guide with two commands is enough.",
        labels: &["documentation", "good first issue"],
        hours_ago: 70,
        reactions: 2,
        is_assigned: false,
    },
    Issue {
        repository: 2,
        title: "Add metrics for queued messages",
        body: "Expose the length of the queue and the age of its oldest message for Prometheus.",
        labels: &["enhancement"],
        hours_ago: 180,
        reactions: 3,
        is_assigned: false,
    },
    Issue {
        repository: 3,
        title: "Plot gaps in measurements as gaps",
        body: r"Missing values are drawn as a straight line, which looks like data. Break the line instead.
`plot.py`, function `series`.",
        labels: &["bug", "good first issue"],
        hours_ago: 55,
        reactions: 6,
        is_assigned: false,
    },
    Issue {
        repository: 3,
        title: "Read files with a semicolon as separator",
        body: r"Buoys from the north write CSV with semicolons and decimal commas. Detect them from the first line,
with a test for each form.",
        labels: &["enhancement", "help wanted"],
        hours_ago: 100,
        reactions: 5,
        is_assigned: false,
    },
    Issue {
        repository: 3,
        title: "Type hints for the public functions",
        body: "Add type hints to `plankton/api.py` and check them with mypy in CI.",
        labels: &["enhancement", "good first issue"],
        hours_ago: 260,
        reactions: 2,
        is_assigned: false,
    },
    Issue {
        repository: 3,
        title: "Speed up the rolling median",
        body: r"The median of a window of 10,000 values is sorted anew for every step. A pair of heaps takes O(log
n) a step.",
        labels: &["performance", "help wanted"],
        hours_ago: 350,
        reactions: 10,
        is_assigned: false,
    },
    Issue {
        repository: 3,
        title: "Explain the quality flags",
        body: r"The meaning of flags 1 to 9 is in a standard that costs money. A table in `docs/flags.md` with one
sentence each would help newcomers.",
        labels: &["documentation"],
        hours_ago: 30,
        reactions: 1,
        is_assigned: false,
    },
    Issue {
        repository: 3,
        title: "Warn about duplicate timestamps",
        body: "Two readings at the same time are averaged silently. Warn with the file, the line and both values.",
        labels: &["enhancement", "good first issue"],
        hours_ago: 140,
        reactions: 3,
        is_assigned: false,
    },
    Issue {
        repository: 4,
        title: "Play the quarter hours",
        body: "Only full hours are played. Add the quarters with one to three short tones.",
        labels: &["enhancement"],
        hours_ago: 2400,
        reactions: 1,
        is_assigned: false,
    },
    Issue {
        repository: 4,
        title: "Crackling at the end of each tone",
        body: "The tone is cut off. A short fade of 5 ms removes the click.",
        labels: &["bug"],
        hours_ago: 3000,
        reactions: 2,
        is_assigned: false,
    },
];
