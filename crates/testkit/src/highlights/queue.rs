//! Open pull requests, which wait for reviews.

use super::script::{Script, ScriptCast, ScriptDeed, file};
use crate::payloads::Verdict;

/// The hours of a day.
const DAY: i64 = 24;

pub(super) fn scripts(cast: &ScriptCast<'_>) -> Vec<Script> {
    let mut all = recent(cast);
    all.extend(waiting(cast));
    all.extend(rejected(cast));
    all
}

/// Returns pull requests of the last days, on which maintainers work here.
fn recent(cast: &ScriptCast<'_>) -> Vec<Script> {
    let contributor = cast.contributor();
    let open = |author, hours, tag, title: &str, files| {
        Script::new(author, cast.ago(hours), title, files).tag(tag)
    };
    vec![
        open(
            contributor,
            5,
            "fresh",
            "feat(web): Pin a query to the top",
            vec![file("src/pins.rs", 64, 3), file("tests/pins.rs", 30, 0)],
        ),
        open(
            contributor,
            12,
            "draft",
            "feat(web): Try a dark theme",
            vec![file("src/theme.rs", 210, 18), file("assets/theme.css", 90, 4)],
        )
        .draft(),
        open(
            cast.active(5),
            20,
            "started",
            "feat(web): Group results by host",
            vec![file("src/groups.rs", 140, 22)],
        ),
        open(
            cast.active(6),
            30,
            "changes",
            "fix(web): Do not lose the filter on reload",
            vec![file("src/filter.rs", 28, 7)],
        ),
        open(
            cast.active(7),
            50,
            "approved",
            "perf(web): Render only visible rows",
            vec![file("src/rows.rs", 260, 190), file("tests/rows.rs", 70, 8)],
        ),
        open(
            cast.active(8),
            75,
            "conflict",
            "feat(web): Store the layout per person",
            vec![file("src/layout.rs", 310, 44), file("docs/layout.md", 26, 1)],
        ),
        open(
            cast.active(9),
            28,
            "discussed",
            "fix(web): Open links in the same tab",
            vec![file("src/links.rs", 12, 12)],
        ),
    ]
}

/// Returns a pull request with commits after its approval, and two without activity for a long time.
fn waiting(cast: &ScriptCast<'_>) -> Vec<Script> {
    let changed = Script::new(
        cast.active(10),
        cast.ago(96),
        "feat(web): Show the source of a field",
        vec![file("src/source.rs", 95, 10)],
    );
    let stale = Script::new(
        cast.active(11),
        cast.ago(34 * DAY),
        "feat(web): Import saved searches",
        vec![file("src/import.rs", 400, 0)],
    );
    let abandoned = Script::new(
        cast.active(12),
        cast.ago(70 * DAY),
        "feat(web): Speak results aloud",
        vec![file("src/speech.rs", 150, 0)],
    );
    let (reviewer, author) = (cast.maintainer(0), cast.active(10));
    vec![
        changed.tag("changed").then(600, reviewer, ScriptDeed::Review(Verdict::Approved)).then(
            1_200,
            author,
            ScriptDeed::Push,
        ),
        stale.tag("stale"),
        abandoned.tag("abandoned"),
    ]
}

/// Returns pull requests of one person that a maintainer rejects here.
fn rejected(cast: &ScriptCast<'_>) -> Vec<Script> {
    let plugin = |(place, name): (i64, &str)| {
        let files = vec![file(format!("src/plugins/{name}.rs"), 60 + place, 0)];
        let title = format!("feat(web): Add a plugin for {name}");
        Script::new(cast.rare(7), cast.ago(60 - 2 * place), title, files).tag("rejected")
    };
    (0..).zip(["weather", "horoscopes", "tides"]).map(plugin).collect()
}
