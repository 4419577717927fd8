//! Words that all kinds of software share.

/// Situations that distinguish changes of the same thing.
pub(super) const CASES: [&str; 22] = [
    "after a restart",
    "on Windows",
    "on slow disks",
    "when the input is empty",
    "with several users",
    "behind a proxy",
    "in read-only mode",
    "for old versions",
    "without a network",
    "at the end of a month",
    "with non-ASCII names",
    "under load",
    "in the first run",
    "when a file is missing",
    "with default settings",
    "during an upgrade",
    "in nested groups",
    "on small screens",
    "when the clock jumps",
    "with many workers",
    "after a timeout",
    "in the background",
];

/// Names of source files.
pub(super) const MODULES: [&str; 26] = [
    "reader", "writer", "cache", "session", "config", "errors", "format", "types", "client",
    "server", "queue", "router", "store", "model", "events", "state", "loader", "schema", "filter",
    "render", "parser", "layout", "metrics", "retry", "limits", "codec",
];

/// Names of pages of documentation.
pub(super) const PAGES: [&str; 14] = [
    "install",
    "quickstart",
    "configuration",
    "faq",
    "upgrading",
    "architecture",
    "plugins",
    "security",
    "performance",
    "testing",
    "glossary",
    "troubleshooting",
    "api",
    "deployment",
];

pub(super) const LOCALES: [&str; 14] =
    ["de", "fr", "es", "pt-BR", "ja", "ko", "zh-CN", "tr", "pl", "uk", "it", "nl", "cs", "ar"];

/// Names of organizations and of their first repository.
pub(super) const ROOTS: [&str; 42] = [
    "gaugewren",
    "tidelark",
    "mapfinch",
    "copperleaf",
    "saltspool",
    "windrook",
    "ploverkit",
    "shaleway",
    "fernloom",
    "birchline",
    "oxbowdb",
    "cragmark",
    "sedgebox",
    "marshlamp",
    "hollowpine",
    "kelpstack",
    "flintpath",
    "rimefall",
    "cloverdeck",
    "stonecurl",
    "ashbellow",
    "peatforge",
    "larchgrid",
    "dewpoint-ui",
    "siltbank",
    "gorsewire",
    "moorhenge",
    "cairnlog",
    "thornbyte",
    "reedmast",
    "loamfield",
    "brackenhub",
    "tarnbridge",
    "willowcast",
    "scarpline",
    "fellrunner",
    "becktrace",
    "sprucepipe",
    "hazelcore",
    "rushlight-js",
    "alderwatch",
    "heathbit",
];

/// Endings of the further repositories of an organization.
pub(super) const PARTS: [&str; 6] = ["docs", "cli", "web", "plugins", "examples", "agent"];
