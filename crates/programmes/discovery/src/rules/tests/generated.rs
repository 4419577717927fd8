//! Labeled issues, written by a seeded generator: which ones a person can do is known from how they were made.

use std::collections::BTreeMap;

use chrono::Duration;
use kernel::Timestamp;

use super::{
    dice::Dice,
    doable_texts::{DOABLE, FREE_LABELS, Style},
    undoable_texts::{NOISE, SPAM, STOPPING_LABELS},
};
use crate::{
    model::{IssueFacts, RepositoryFacts},
    rules::doable::undoable,
};

/// An issue whose answer is known.
pub(super) struct Case {
    /// The kind, as the list of errors names it.
    pub(super) kind: String,
    /// True when a person can do it.
    pub(super) is_doable: bool,
    pub(super) issue: IssueFacts,
    pub(super) repository: RepositoryFacts,
}

/// Returns the instant at which the generated issues are read.
pub(in crate::rules) fn now() -> Timestamp {
    "2026-11-27T09:00:00Z".parse().expect("an instant")
}

fn repository(dice: &mut Dice, style: &Style) -> RepositoryFacts {
    let days = dice.range(0, 200);
    let languages = ["Rust", "Go", "Python", "TypeScript", "C++", "Ruby"];
    let language = (*dice.pick(&languages)).to_owned();
    RepositoryFacts {
        is_fork: dice.percent(5),
        description: dice.percent(80).then(|| dice.fill("A {part} for everyone")),
        topics: style.topics.iter().map(|&topic| topic.to_owned()).collect(),
        languages: vec![(language, dice.range(1, 900_000)), ("Shell".to_owned(), 100)],
        stars: dice.range(0, 3) * dice.range(0, 4_000),
        forks: dice.range(0, 300),
        has_contributing: dice.percent(60).then(|| dice.percent(50)),
        license: dice.percent(80).then(|| "mit".to_owned()),
        pushed_at: dice.percent(95).then(|| now() - Duration::days(days)),
        outside_pulls: (dice.range(0, 20), dice.range(0, 20)),
        answers: (0..dice.range(0, 9))
            .map(|_| dice.percent(70).then(|| dice.range(1, 20_000)))
            .collect(),
        ..RepositoryFacts::default()
    }
}

/// Writes an issue of a style that is open and free. Every tenth is old, with a recent comment.
fn issue(dice: &mut Dice, style: &Style) -> IssueFacts {
    let (title, body) = (*dice.pick(style.titles), *dice.pick(style.bodies));
    let opened = if dice.percent(10) { dice.range(800, 2_500) } else { dice.range(0, 300) };
    let active = dice.range(0, opened.min(300));
    let labels = (0..dice.range(0, 3)).map(|_| (*dice.pick(&FREE_LABELS)).to_owned());
    IssueFacts {
        labels: labels.collect(),
        title: dice.fill(title),
        body: dice.fill(body),
        is_closed: false,
        is_locked: false,
        assignees: 0,
        open_pulls: 0,
        author_is_bot: false,
        is_of_maintainer: dice.percent(30),
        comments: dice.range(0, 12),
        reactions: dice.range(0, 5) * dice.range(0, 8),
        opened_at: now() - Duration::days(opened),
        active_at: now() - Duration::days(active),
    }
}

/// A change that makes an issue undoable.
type Spoil = fn(&mut Dice, &mut IssueFacts, &mut RepositoryFacts);

const SPOILS: [(&str, Spoil); 11] = [
    ("closed", |_, issue, _| issue.is_closed = true),
    ("locked", |_, issue, _| issue.is_locked = true),
    ("assigned", |dice, issue, _| {
        issue.assignees = dice.range(1, 4);
    }),
    ("linked", |dice, issue, _| {
        issue.open_pulls = dice.range(1, 3);
    }),
    ("stale", |dice, issue, _| {
        issue.opened_at = now() - Duration::days(dice.range(1_000, 3_000));
        issue.active_at = now() - Duration::days(dice.range(400, 999));
    }),
    ("archived", |_, _, repository| repository.is_archived = true),
    ("hidden", |_, _, repository| repository.is_hidden = true),
    ("dead", |dice, _, repository| {
        repository.pushed_at = Some(now() - Duration::days(dice.range(400, 3_000)));
    }),
    ("stopped by a label", |dice, issue, _| {
        let at = dice.range(0, issue.labels.len() as i64) as usize;
        issue.labels.insert(at, (*dice.pick(&STOPPING_LABELS)).to_owned());
    }),
    ("stopped by a label", |dice, issue, _| {
        issue.labels = vec![(*dice.pick(&STOPPING_LABELS)).to_owned()];
    }),
    ("of a bot", |_, issue, _| issue.author_is_bot = true),
];

/// Writes issues of every style, and undoable ones of every kind.
pub(super) fn cases(seed: u64, of_each: usize) -> Vec<Case> {
    let mut dice = Dice(seed);
    let mut cases = Vec::new();
    for _ in 0..of_each {
        for style in DOABLE {
            cases.push(case(&mut dice, style, true, style.name.to_owned()));
        }
        for (kind, spoil) in SPOILS {
            let style = dice.pick(DOABLE);
            let mut case = case(&mut dice, style, false, kind.to_owned());
            spoil(&mut dice, &mut case.issue, &mut case.repository);
            cases.push(case);
        }
        for style in SPAM.iter().chain(NOISE) {
            let mut case = case(&mut dice, style, false, style.name.to_owned());
            case.issue.is_of_maintainer &= NOISE.iter().any(|noise| noise.name == style.name);
            cases.push(case);
        }
    }
    cases
}

fn case(dice: &mut Dice, style: &Style, is_doable: bool, kind: String) -> Case {
    let repository = repository(dice, style);
    let issue = issue(dice, style);
    Case { kind, is_doable, issue, repository }
}

/// Counts errors by kind, with some of their titles and the reasons.
fn confusion(cases: &[Case]) -> String {
    let mut by_kind: BTreeMap<(bool, &str), (usize, usize, Vec<String>)> = BTreeMap::new();
    for case in cases {
        let answer = undoable(&case.issue, &case.repository, now());
        let (all, wrong, shown) = by_kind.entry((case.is_doable, &case.kind)).or_default();
        *all += 1;
        if answer.is_none() != case.is_doable {
            *wrong += 1;
            let labels = &case.issue.labels;
            let error =
                format!("{answer:?} {:?} {:?} {labels:?}", case.issue.title, case.issue.body);
            if shown.len() < 12 && !shown.contains(&error) {
                shown.push(error);
            }
        }
    }
    let mut text = String::new();
    for ((is_doable, kind), (all, wrong, shown)) in by_kind {
        let error = if is_doable { "dropped" } else { "kept" };
        text += &format!("{kind}: {wrong} of {all} {error}\n");
        shown.iter().for_each(|shown| text += &format!("    {shown}\n"));
    }
    text
}

#[test]
fn undoable_issues_are_dropped_and_doable_ones_kept() {
    for seed in [1, 20_261_127] {
        let cases = cases(seed, 150);
        assert!(cases.len() >= 4_000);
        let is_kept = |case: &&Case| undoable(&case.issue, &case.repository, now()).is_none();
        let (doable, undoable): (Vec<&Case>, Vec<&Case>) =
            cases.iter().partition(|case| case.is_doable);
        let kept = undoable.iter().filter(|case| is_kept(case)).count();
        let dropped = doable.iter().filter(|case| !is_kept(case)).count();
        let few = dropped * 50 <= doable.len();
        assert!(
            kept == 0 && few,
            "{kept} kept, {dropped} of {} dropped\n{}",
            doable.len(),
            confusion(&cases)
        );
    }
}

/// Issues in other words than those of the generator, read by hand.
#[test]
fn issues_of_other_projects_are_known() {
    let seen = |title: &str, body: &str| {
        let (mut dice, style) = (Dice(7), &DOABLE[0]);
        let repository = RepositoryFacts { pushed_at: Some(now()), ..repository(&mut dice, style) };
        let issue = IssueFacts {
            title: title.to_owned(),
            body: body.to_owned(),
            labels: Vec::new(),
            is_of_maintainer: false,
            ..issue(&mut dice, style)
        };
        undoable(&issue, &repository, now()).is_none()
    };
    let dropped = DOABLE_BY_HAND.iter().filter(|(title, body)| !seen(title, body));
    let kept = UNDOABLE_BY_HAND.iter().filter(|(title, body)| seen(title, body));
    let wrong: Vec<&str> = dropped.chain(kept).map(|(title, _)| *title).collect();
    assert_eq!(wrong, [] as [&str; 0]);
}

const DOABLE_BY_HAND: [(&str, &str); 20] = [
    (
        "Coupon field: apply discount twice",
        "Open the shop, order now with the coupon, and the discount is applied twice.",
    ),
    (
        "Add Telegram notifications",
        "Users should be able to contact us on Telegram. Use the bot API.",
    ),
    ("Phone numbers such as +44 20 7946 0958 are rejected", "libphonenumber accepts them."),
    ("Bump MSRV to 1.80", "We need LazyLock."),
    ("Update dependencies section of the README", ""),
    ("Release builds are 40 MB", "Strip symbols."),
    ("Failed build leaves temporary files behind", "Run a build that fails: the folder stays."),
    (
        "Nightly build is missing for ARM",
        "There is no nightly build for ARM at https://example.org/builds/latest.",
    ),
    ("Error 500", "The list of users answers with an error 500 if there are none yet."),
    ("Support", "The tool should support several files at once, so that a shell glob works."),
    ("Question mark in the title breaks the link", ""),
    ("Test", "The tests of the importer need a fixture with an empty line, so add one."),
    ("a11y: missing alt text", ""),
    ("gRPC", "Offer a gRPC interface next to the HTTP one, see the proposal in docs."),
    ("Hi, the download page has a broken link", "The link to the Windows version does not work."),
    (
        "Star ratings are off by one",
        "Three stars are shown as four. Please star the first correctly.",
    ),
    ("Follow me button does nothing", "On a profile the button does nothing."),
    ("Bitcoin payments: show confirmations", "The wallet shows no number of confirmations."),
    ("v2 API: release of locks", "A lock is kept after the request ended."),
    (
        "crash",
        "```
thread main panicked
```",
    ),
];

const UNDOABLE_BY_HAND: [(&str, &str); 16] = [
    ("Cheap essay writing for students", "Visit our website https://essays.example and order now"),
    (
        "Play Teen Patti and win real cash",
        "Register now at https://patti.example, bonus for new players, play now",
    ),
    (
        "QuickBooks customer service number",
        "Call 1-855-555-0199 for QuickBooks support phone number USA",
    ),
    ("Get 10k Instagram followers", "Buy real followers cheap https://boost.example"),
    (
        "Your account won a reward",
        "Congratulations, you were selected. Claim your reward at https://reward.example",
    ),
    ("xxxxxxx", "xxxxx"),
    ("fghfghfgh", ""),
    ("bug", "please help"),
    (
        "[Feature]: <enter a title>",
        "### Problem
_No response_
### Solution
_No response_",
    ),
    ("Bump the npm group from 1.0.0 to 1.2.0", ""),
    ("chore(deps-dev): bump vite from 5.0.0 to 5.0.1", ""),
    ("Release 3.0 checklist", "- [ ] tag"),
    ("Scheduled pipeline failed", "https://gitlab.example/x/-/pipelines/88"),
    ("Broken links found", "This issue was automatically generated by the link checker."),
    ("Please assign me any issue", "I am new and want to work on this for Hacktoberfest"),
    ("Earn money online with crypto", "Guaranteed profit. Contact us on WhatsApp +1 202 555 0147"),
];
