/// The way in which a repository is laid out.
pub(super) struct Stack {
    /// GitHub's name of the language.
    pub(super) language: &'static str,
    pub(super) source: &'static str,
    pub(super) tests: &'static str,
    pub(super) extension: &'static str,
    pub(super) parts: &'static [&'static str],
}

/// The layouts of repositories.
pub(super) const STACKS: &[Stack] = &[
    Stack {
        language: "Go",
        source: "internal",
        tests: "internal/checks",
        extension: "go",
        parts: &[
            "ingest", "router", "quota", "ledger", "probe", "lease", "gossip", "snapshot", "dialer",
        ],
    },
    Stack {
        language: "TypeScript",
        source: "packages/app/src",
        tests: "packages/app/spec",
        extension: "ts",
        parts: &[
            "picker", "timeline", "drawer", "palette", "canvas", "toast", "wizard", "avatar",
            "layout",
        ],
    },
    Stack {
        language: "Python",
        source: "lib",
        tests: "tests",
        extension: "py",
        parts: &[
            "loader",
            "sampler",
            "grid",
            "kernel",
            "units",
            "plotting",
            "masks",
            "export",
            "windowing",
        ],
    },
    Stack {
        language: "Rust",
        source: "src",
        tests: "tests",
        extension: "rs",
        parts: &[
            "lexer",
            "arena",
            "resolver",
            "span",
            "lints",
            "driver",
            "interner",
            "fmt",
            "diagnostics",
        ],
    },
    Stack {
        language: "Java",
        source: "core/main",
        tests: "core/test",
        extension: "java",
        parts: &[
            "Broker", "Mapper", "Batch", "Session", "Outbox", "Retry", "Codec", "Schedule", "Audit",
        ],
    },
    Stack {
        language: "C++",
        source: "engine",
        tests: "engine/tests",
        extension: "cpp",
        parts: &[
            "mesh",
            "shader",
            "solver",
            "collision",
            "octree",
            "mixer",
            "input",
            "camera",
            "scene",
        ],
    },
    Stack {
        language: "PHP",
        source: "src/Shop",
        tests: "tests/Unit",
        extension: "php",
        parts: &[
            "Cart", "Invoice", "Coupon", "Shipping", "Catalog", "Refund", "Stock", "Tax", "Locale",
        ],
    },
];
