//! Pull requests in which each rule of scoring has an effect.

use chrono::TimeDelta;

use super::script::{Script, ScriptCast, ScriptDeed, file};

/// The parts that one person adds in a month.
const PARTS: [&str; 10] = [
    "timeline",
    "histogram",
    "sidebar",
    "bookmark",
    "export",
    "minimap",
    "palette",
    "tooltip",
    "breadcrumb",
    "shortcut",
];

pub(super) fn scripts(cast: &ScriptCast<'_>) -> Vec<Script> {
    let mut all = month_of_large_changes(cast);
    all.extend(rated(cast));
    all.extend(of_maintainers(cast));
    all.extend(of_little_value(cast));
    all
}

/// Returns merges of one person in one month, which diminishing returns and then the cap reduce.
fn month_of_large_changes(cast: &ScriptCast<'_>) -> Vec<Script> {
    let (begin, author) = (cast.last_month(), cast.active(0));
    let large = |(place, part): (usize, &&str)| {
        let place = place as i64;
        let files = vec![
            file(format!("src/{part}.rs"), 960 + 13 * place, 40 + place),
            file(format!("tests/{part}.rs"), 130 - place, 0),
        ];
        let opened_at = begin + TimeDelta::days(2 * place);
        let script = Script::new(author, opened_at, format!("feat(web): Add the {part}"), files);
        let script = script.merged(5, cast.maintainer(1), cast.maintainer(2));
        if place == 0 { script.tag("large") } else { script }
    };
    PARTS.iter().enumerate().map(large).collect()
}

/// Returns merges of the last days, which maintainers can still rate.
fn rated(cast: &ScriptCast<'_>) -> Vec<Script> {
    let contributor = cast.contributor();
    let [first, second, third] = [0, 1, 2].map(|place| cast.maintainer(place));
    vec![
        Script::new(
            contributor,
            cast.ago(150),
            "feat(web): Draw a query as a graph",
            vec![
                file("src/graph.rs", 420, 12),
                file("src/query.rs", 60, 8),
                file("tests/graph.rs", 130, 0),
            ],
        )
        .tag("rated-twice")
        .merged(6, second, first),
        Script::new(
            contributor,
            cast.ago(100),
            "fix(web): Keep the cursor when results arrive",
            vec![file("src/results.rs", 36, 9), file("docs/results.md", 14, 2)],
        )
        .tag("with-docs")
        .merged(9, first, third),
        Script::new(
            cast.active(1),
            cast.ago(90),
            "refactor(web): Split the panel into parts",
            vec![
                file("src/panel/frame.rs", 180, 330),
                file("src/panel/list.rs", 120, 0),
                file("tests/panel.rs", 44, 6),
                file("docs/panel.md", 12, 3),
            ],
        )
        .tag("refactoring")
        .merged(12, second, first),
        Script::new(
            cast.active(2),
            cast.ago(80),
            "feat(web): Search within a result",
            vec![file("src/search.rs", 180, 4)],
        )
        .tag("untested")
        .merged(4, third, second),
        Script::new(
            cast.active(3),
            cast.ago(70),
            "fix(web): Correct the list of time zones",
            vec![file("src/zones.rs", 22, 20)],
        )
        .tag("careless")
        .merged(8, first, second),
        Script::new(
            contributor,
            cast.ago(30),
            "test(web): Cover empty results",
            vec![file("tests/empty.rs", 88, 0)],
        )
        .tag("tests-only")
        .merged(3, second, third),
    ]
}

/// Returns merges by maintainers of their own work: without a review, and after one.
fn of_maintainers(cast: &ScriptCast<'_>) -> Vec<Script> {
    let [second, third] = [1, 2].map(|place| cast.maintainer(place));
    let alone = Script::new(
        second,
        cast.ago(48),
        "chore(web): Pin the formatter",
        vec![file("rustfmt.toml", 4, 4), file("src/main.rs", 9, 9)],
    );
    let by_second = Script::new(
        second,
        cast.ago(46),
        "fix(web): Load fonts after the first paint",
        vec![file("src/fonts.rs", 31, 12)],
    );
    let by_third = Script::new(
        third,
        cast.ago(44),
        "fix(web): Remember the width of columns",
        vec![file("src/columns.rs", 48, 5), file("tests/columns.rs", 20, 0)],
    );
    vec![
        alone.tag("self-merged").then(20, second, ScriptDeed::Merge),
        by_second.tag("of-second").merged(2, third, third),
        by_third.tag("of-third").merged(3, second, second),
    ]
}

/// Returns a correction of a typo, a renewed lock file, and spam.
fn of_little_value(cast: &ScriptCast<'_>) -> Vec<Script> {
    let [first, second] = [0, 1].map(|place| cast.maintainer(place));
    let typo = Script::new(
        cast.rare(5),
        cast.ago(60),
        "docs(web): Fix a typo in the help",
        vec![file("docs/help.md", 2, 2)],
    );
    let lock_file = Script::new(
        cast.active(4),
        cast.ago(55),
        "chore(web): Renew the lock file",
        vec![file("src/main.rs", 3, 1), file("Cargo.lock", 3_900, 3_700)],
    );
    let labeled =
        Script::new(cast.rare(6), cast.ago(40), "Update README.md", vec![file("README.md", 1, 0)]);
    let marked =
        Script::new(cast.rare(6), cast.ago(26), "Add my name", vec![file("AUTHORS.md", 1, 0)]);
    vec![
        typo.tag("typo").merged(2, second, second),
        lock_file.merged(5, first, second),
        labeled.then(30, first, ScriptDeed::Label("spam")).then(1, first, ScriptDeed::Close),
        marked.tag("spam"),
    ]
}
