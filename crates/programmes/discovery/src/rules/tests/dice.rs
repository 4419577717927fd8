//! Seeded choices, so that every run makes the same issues.

/// A small generator of numbers (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Returns a number from `low` to `high`, both included.
    pub(super) fn range(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    /// Returns true in `percent` of a hundred cases.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.range(0, 99) < percent
    }

    /// Returns one of some values.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.range(0, of.len() as i64 - 1) as usize]
    }

    /// Replaces each `{name}` of a template by a word of its list.
    pub(super) fn fill(&mut self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').expect("a closed brace");
            text.push_str(before);
            let list: &[&str] = match name {
                "n" => &[],
                "part" => &PARTS,
                "does" => &DOES,
                "fails" => &FAILS,
                "when" => &WHEN,
                "file" => &FILES,
                "dep" => &DEPENDENCIES,
                "brand" => &BRANDS,
                "who" => &PEOPLE,
                other => panic!("no list called {other}"),
            };
            match list {
                [] => text.push_str(&self.range(2, 4_000).to_string()),
                list => text.push_str(self.pick::<&str>(list)),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

const PARTS: [&str; 24] = [
    "parser",
    "config loader",
    "tide table",
    "renderer",
    "command line",
    "sidebar",
    "search field",
    "export to CSV",
    "date picker",
    "login page",
    "retry loop",
    "cache",
    "websocket client",
    "migration runner",
    "plugin API",
    "dark theme",
    "tooltip",
    "HTTP client",
    "scheduler",
    "log formatter",
    "map view",
    "PDF export",
    "settings dialog",
    "upload queue",
];
const DOES: [&str; 14] = [
    "accept",
    "show",
    "escape",
    "validate",
    "highlight",
    "remember",
    "ignore",
    "sort",
    "translate",
    "compress",
    "log",
    "document",
    "test",
    "support",
];
const FAILS: [&str; 12] = [
    "panics",
    "crashes",
    "shows a blank page",
    "returns 500",
    "hangs",
    "loses the selection",
    "prints the wrong line",
    "ignores the setting",
    "overlaps the footer",
    "rounds down",
    "leaks a file handle",
    "is cut off",
];
const WHEN: [&str; 14] = [
    "on an empty file",
    "with two monitors",
    "when the name contains a space",
    "on Windows",
    "after the second click",
    "if the config is missing",
    "with Python 3.13",
    "at midnight UTC",
    "in Firefox",
    "when offline",
    "for negative numbers",
    "with a trailing slash",
    "under heavy load",
    "without a network",
];
const FILES: [&str; 8] = [
    "src/parser.rs",
    "lib/export.js",
    "docs/install.md",
    "cmd/serve.go",
    "app/models/user.rb",
    "README.md",
    "tests/test_io.py",
    "include/buffer.h",
];
const DEPENDENCIES: [&str; 10] = [
    "serde",
    "lodash",
    "tokio",
    "eslint",
    "actions/checkout",
    "pytest",
    "@types/node",
    "rails",
    "golang.org/x/net",
    "openssl",
];
const BRANDS: [&str; 8] = [
    "LuckySpin88",
    "BetKing",
    "CryptoMoon",
    "KetoFast",
    "EssayPro",
    "FollowBoost",
    "AirCash",
    "MegaSlot777",
];
const PEOPLE: [&str; 6] = ["alba-quist", "jtr", "marrow", "pellworm", "sunniva", "xi-chen"];
