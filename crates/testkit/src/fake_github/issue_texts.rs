//! The texts of generated issues.

use crate::rng::Rng;

/// The labels of generated issues, in some of their spellings.
pub(super) const LABELS: [&str; 14] = [
    "good first issue",
    "Good-First-Issue",
    "help wanted",
    "bug",
    "type: bug",
    "enhancement",
    "documentation",
    "kind/docs",
    "difficulty: easy",
    "E-medium",
    "question",
    "needs triage",
    "performance",
    "a11y",
];

const VERBS: [&str; 8] =
    ["Sort", "Cache", "Document", "Fix the crash in", "Translate", "Test", "Speed up", "Rename"];

const THINGS: [&str; 10] = [
    "the list of stations",
    "the parser of dates",
    "the settings page",
    "the export to CSV",
    "the login form",
    "the worker's retries",
    "the search box",
    "the release notes",
    "the SQL of reports",
    "the keyboard shortcuts",
];

const SENTENCES: [&str; 8] = [
    "The order is different each time.",
    "It happens on Linux and on Windows, since version 2.3.",
    "See docs/usage.md and src/lib.rs for the present behavior.",
    "It should be stated in the documentation.",
    "Large inputs take minutes, which is too long.",
    "A test that fails would be a good start.",
    "The message names no file, so that people cannot find it.",
    "Only the first of several values is used.",
];

pub(super) fn title(rng: &mut Rng) -> String {
    let (verb, thing) = (rng.pick(&VERBS), rng.pick(&THINGS));
    format!("{verb} {thing}, part {}", rng.between(1, 400))
}

/// Returns a description: none, a few sentences, or a filled-in template.
pub(super) fn body(rng: &mut Rng) -> Option<String> {
    if rng.chance(5) {
        return None;
    }
    let count = rng.between(1, 12);
    let sentences: Vec<&str> = (0..count).map(|_| *rng.pick(&SENTENCES)).collect();
    let said = sentences.join(" ");
    Some(match rng.below(3) {
        0 => said,
        1 => format!(
            "## Steps to reproduce\n\n1. Start it\n2. {said}\n\n## Expected\n\nIt works.\n\n```\nerror: line {}\n```",
            rng.between(1, 9_000)
        ),
        _ => format!("### Proposal\n\n{said}\n\n- [ ] code\n- [ ] tests"),
    })
}
