/// Logins, reused after a person is renamed.
pub(super) const LOGINS: [&str; 12] = [
    "octavia",
    "hexacat",
    "sudocat",
    "monalise",
    "quillfox",
    "bitwren",
    "palimpsest",
    "tinkerbee",
    "nullstone",
    "loomcat",
    "driftowl",
    "emberjay",
];

/// Names of repositories, reused after a rename.
pub(super) const NAMES: [&str; 8] =
    ["lantern", "harbor", "beacon", "ferry", "compass", "anchor", "tide", "quay"];

/// Titles: all types, low-value changes, spam, and text that naive columns cannot store.
pub(super) const TITLES: [&str; 14] = [
    "feat: Search by topic",
    "fix(api): Answer 404 for unknown people",
    "docs: Say how to start",
    "test: Cover the empty list",
    "refactor!: One way to read dates",
    "chore(deps): Raise the parser",
    "Fix typo in README",
    "Whitespace",
    "formatting only",
    "Add my name",
    "fix: a\u{0}b",
    "feat: Grüße, 世界 🦀",
    "FEAT : shout",
    " ",
];

/// Labels in common spellings.
pub(super) const LABELS: [&str; 12] = [
    "bug",
    "Type: Feature",
    "type/docs",
    "documentation",
    "tests",
    "refactor",
    "chore",
    "Level-1",
    "level 2",
    "spam",
    "invalid",
    "good first issue",
];

/// Line counts on both sides of every size limit.
pub(super) const LINES: [i64; 10] = [0, 1, 12, 19, 20, 99, 100, 499, 500, 1200];
