//! Work that looks like gaming, which moderators find in their queue.

use chrono::TimeDelta;

use super::script::{Script, ScriptCast, ScriptDeed, file};

/// The hours of a day.
const DAY: i64 = 24;

/// The files that one person changes, and another copies.
const COPIED: [&str; 4] = ["units", "ranges", "colors", "dates"];

/// The stickers of the repository that was made to earn points.
const STICKERS: [&str; 9] = ["owl", "fox", "hare", "newt", "wren", "moth", "seal", "lynx", "crab"];

pub(super) fn scripts(cast: &ScriptCast<'_>) -> Vec<Script> {
    let mut all = refused_series(cast);
    all.extend(merged_series(cast));
    all.extend(copies(cast));
    all.extend(stickers(cast));
    all
}

/// Returns typos of one person within hours, all of which are closed.
fn refused_series(cast: &ScriptCast<'_>) -> Vec<Script> {
    let begin = cast.ago(9 * DAY);
    let typo = |number: i64| {
        let files = vec![file(format!("docs/chapter-{number}.md"), 1, 1)];
        let opened_at = begin + TimeDelta::minutes(25 * number);
        let title = format!("Fix typo in chapter {number}");
        Script::new(cast.rare(0), opened_at, title, files).tag("refused-series").then(
            20 * 60,
            cast.maintainer(0),
            ScriptDeed::Close,
        )
    };
    (1..=9).map(typo).collect()
}

/// Returns more small changes of one person within a day than count, most of which are merged without a review.
fn merged_series(cast: &ScriptCast<'_>) -> Vec<Script> {
    let begin = cast.ago(3 * DAY + 6);
    let sentence = |number: i64| {
        let files = vec![file(format!("docs/part-{number}.md"), 2, 2)];
        let opened_at = begin + TimeDelta::minutes(24 * number);
        let title = format!("Reword a sentence in part {number}");
        let end = if number > 8 { ScriptDeed::Close } else { ScriptDeed::Merge };
        Script::new(cast.rare(1), opened_at, title, files).tag("merged-series").then(
            12 * 60,
            cast.maintainer(2),
            end,
        )
    };
    (1..=12).map(sentence).collect()
}

/// Returns changes of one person, and the same ones by another, two days later.
fn copies(cast: &ScriptCast<'_>) -> Vec<Script> {
    let [second, third] = [1, 2].map(|place| cast.maintainer(place));
    let pair = |(place, part): (i64, &&str)| {
        let opened_at = cast.ago((16 - place) * DAY);
        let files = |more: i64| {
            vec![
                file(format!("src/format/{part}.rs"), 52 + place + more, 7),
                file(format!("tests/format/{part}.rs"), 24, 0),
            ]
        };
        let title = format!("feat(web): Format {part}");
        let original = Script::new(cast.active(13), opened_at, title, files(0));
        let title = format!("feat(web): Nicer {part}");
        let copied_at = opened_at + TimeDelta::days(2);
        let copy = Script::new(cast.rare(2), copied_at, title, files(1));
        [
            original.tag("original").merged(80, second, third),
            copy.tag("copy").then(9 * 60, third, ScriptDeed::Close),
        ]
    };
    (0..).zip(&COPIED).flat_map(pair).collect()
}

/// Returns merges without substance by three people, made at once by a fourth.
fn stickers(cast: &ScriptCast<'_>) -> Vec<Script> {
    let merger = cast.rare(9);
    let sticker = |(place, name): (i64, &&str)| {
        let author = cast.rare([3, 4, 8][place as usize % 3]);
        let opened_at = cast.ago(20 * DAY - 18 * place);
        let files = vec![file(format!("stickers/{name}.txt"), 3, 0)];
        Script::new(author, opened_at, format!("Add the {name}"), files).junk().tag("sticker").then(
            10,
            merger,
            ScriptDeed::Merge,
        )
    };
    (0..).zip(&STICKERS).map(sticker).collect()
}
