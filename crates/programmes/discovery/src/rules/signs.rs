//! Phrases that hint at the size and the type of the work.

use std::sync::LazyLock;

use super::phrases::{Phrases, Text};
use crate::model::WorkKind;

/// A hint in the words of an issue, with its effect on the difficulty, the impact and the urgency, in that order.
pub(crate) struct WeightedSign {
    pub(crate) complexity: f64,
    pub(crate) impact: f64,
    pub(crate) urgency: f64,
    pub(crate) words: &'static str,
    phrases: &'static str,
}

const fn sign(of: (f64, f64, f64), words: &'static str, phrases: &'static str) -> WeightedSign {
    let (complexity, impact, urgency) = of;
    WeightedSign { complexity, impact, urgency, words, phrases }
}

pub(crate) const SIGNS: [WeightedSign; 29] = [
    sign(
        (-1.0, -0.25, 0.0),
        "It is about the words of a text",
        "clarify, clarification, wording, reword, rephrase, editorial, nit, mention, docstring, comments in",
    ),
    sign(
        (-0.5, 0.0, 0.0),
        "It is about a small part of a page",
        "tooltip, color, colour, icon, button, padding, margin, alignment, aligned, placeholder, favicon",
    ),
    sign(
        (-0.5, 0.0, 0.0),
        "It is about a message",
        "error message, error messages, log message, warning message, help text",
    ),
    sign(
        (-0.5, 0.0, 0.0),
        "It asks to remove something",
        "remove, removing, delete the, drop support, unused",
    ),
    sign(
        (0.5, 0.0, 0.0),
        "It leaves a decision open",
        "consider, should we, discuss, decide, brainstorm, thoughts, tradeoffs, trade offs, alternatives",
    ),
    sign(
        (0.5, 0.25, 0.0),
        "It joins several systems",
        "integrate, integration, integrate with, interoperability, synchronize, sync with",
    ),
    sign(
        (0.75, 0.25, 0.0),
        "It needs special knowledge",
        "protocol, algorithm, algorithms, distributed, scheduler, kernel, cryptography, encryption, simd, gpu, embedded, numerical, consensus",
    ),
    sign(
        (-2.0, -0.75, 0.0),
        "It is about a typo",
        "typo, typos, misspelled, misspelling, spelling, spelling mistake, grammar mistake",
    ),
    sign(
        (-1.5, -0.25, 0.0),
        "It is about a link that no longer works",
        "dead link, dead links, broken link, broken links, link rot",
    ),
    sign(
        (-1.5, 0.0, 0.0),
        "It says that one line is enough",
        "one liner, one line change, single line change, one line fix",
    ),
    sign(
        (-0.75, 0.0, 0.0),
        "It says that it is simple",
        "simple fix, easy fix, trivial, trivially, straightforward, should be easy, easy to fix, quick fix, low hanging fruit",
    ),
    sign((-1.0, -0.25, 0.0), "It is about a name", "rename, renaming, renamed"),
    sign(
        (-0.5, 0.0, 0.0),
        "It asks for tests",
        "add test, add tests, add a test, missing test, missing tests, write tests, unit tests for, test coverage",
    ),
    sign(
        (1.0, 0.0, 0.0),
        "It asks for refactoring",
        "refactor, refactoring, restructure, decouple, clean up the code",
    ),
    sign(
        (2.0, 0.5, 0.0),
        "It asks for a rewrite",
        "rewrite, redesign, reimplement, overhaul, from scratch, rework",
    ),
    sign(
        (2.0, 0.25, 0.0),
        "It is about architecture",
        "architecture, architectural, system design, design document",
    ),
    sign(
        (2.0, 0.5, 0.5),
        "It is about concurrency",
        "race condition, race conditions, data race, deadlock, deadlocks, concurrency, thread safety, thread safe, not deterministic, intermittent, intermittently",
    ),
    sign((1.5, 0.25, 0.0), "It asks for a migration", "migrate, migration, migrate to, migrating"),
    sign(
        (1.5, 0.25, 0.0),
        "It asks for a port",
        "port to, porting to, port the, windows support, arm support",
    ),
    sign(
        (1.5, 0.75, 0.5),
        "It is about memory",
        "memory leak, memory leaks, segfault, segmentation fault, use after free, buffer overflow, stack overflow, undefined behavior",
    ),
    sign(
        (1.0, 1.5, 2.0),
        "It is about security",
        "security, vulnerability, xss, csrf, sql injection, remote code execution, privilege escalation, cve, path traversal",
    ),
    sign(
        (0.75, 0.5, 0.0),
        "It is about speed",
        "performance, slow, slowness, latency, optimize, quadratic, high cpu, cpu usage, too long to",
    ),
    sign(
        (0.75, 0.0, 0.0),
        "It needs knowledge of languages",
        "compiler, type inference, code generation, abstract syntax tree, garbage collector",
    ),
    sign(
        (1.0, 0.25, 0.0),
        "It changes an interface that others use",
        "breaking change, breaking changes, backwards incompatible, backward compatibility",
    ),
    sign(
        (0.5, 0.0, 0.0),
        "It concerns several platforms",
        "cross platform, all platforms, windows and macos, linux and windows, macos and linux",
    ),
    sign(
        (0.0, 0.75, 1.0),
        "The program crashes",
        "crash, crashes, crashed, crashing, panic, panics, panicked, hangs, freezes, unusable",
    ),
    sign(
        (0.5, 1.5, 1.5),
        "Data is lost",
        "data loss, loses data, lost data, corrupt, corrupts, corrupted, corruption",
    ),
    sign(
        (-0.25, 0.5, 1.0),
        "It worked before",
        "regression, used to work, worked in, since the last release, since the update, no longer works",
    ),
    sign(
        (-0.75, 0.0, 0.0),
        "It says how to begin",
        "how to fix, the fix is, to fix this, mentoring instructions, happy to mentor, happy to help, implementation notes, good place to start, \
         should be changed to, see how, similar to how, pointers",
    ),
];

/// Words that say the type of the work, wherever a title has them.
const KINDS: [(WorkKind, &str); 4] = [
    (
        WorkKind::Documentation,
        "docs, documentation, readme, typo, typos, docstring, docstrings, tutorial, changelog, translation, translations, wording, \
         broken link, dead link, dead links, glossary, editorial, erratum, clarify, guide",
    ),
    (
        WorkKind::Bug,
        "bug, bugs, crash, crashes, crashed, panic, panics, panicked, error, errors, error in, fails, failed, failing, failure, broken, wrong, \
         incorrect, incorrectly, regression, exception, hangs, freezes, not working, does not, doesn t, do not work, don t work, undefined, leak, \
         leaks, cannot, can t, unable to, unexpected, segfault, twice, no longer, not work, is not, isn t, are not, duplicated, stuck, \
         overflow, flaky, inconsistent, never",
    ),
    (
        WorkKind::Review,
        "test coverage, tests for, test for, benchmark, unit tests, integration tests",
    ),
    (
        WorkKind::Feature,
        "feature, feat, support for, enhancement, proposal, ability to, option to, feature request",
    ),
];

/// Words that say the type of the work at the beginning of a title.
const BEGINNINGS: [(WorkKind, &str); 4] = [
    (WorkKind::Documentation, "doc, document, explain, describe, translate, mention, spell"),
    (WorkKind::Bug, "fix, fixes, missing, error, invalid, failure, problem, issue"),
    (WorkKind::Review, "test, tests, testing, review, fuzz, cover"),
    (
        WorkKind::Feature,
        "add, support, allow, implement, improve, make, enable, provide, introduce, let, refactor, rename, replace, show, remove, use, extend, offer, \
         customize, upgrade, port, migrate, create, move, update, split, unify, reorder, consider, simplify, expose, include, build, set, change, convert, \
         switch, generate, return, accept, avoid, reduce, optimize, speed, drop, deprecate, merge, rewrite, redesign, automate, integrate, handle, validate, \
         need, request, idea, please, re, hide, display, print, warn, log, export, import, save, load, open, keep, separate, reuse, define, \
         increase, limit, prevent, ensure, check, detect, escape, sort, highlight, remember, ignore, compress, publish",
    ),
];

static SIGN_PHRASES: LazyLock<Phrases<usize>> =
    LazyLock::new(|| {
        let pairs = SIGNS.iter().enumerate();
        Phrases::of(pairs.flat_map(|(index, own)| {
            own.phrases.split(',').map(move |phrase| (phrase.trim(), index))
        }))
    });

static ANYWHERE: LazyLock<Phrases<WorkKind>> = LazyLock::new(|| phrases(&KINDS));
static FIRST: LazyLock<Phrases<WorkKind>> = LazyLock::new(|| phrases(&BEGINNINGS));

fn phrases(of: &[(WorkKind, &'static str)]) -> Phrases<WorkKind> {
    Phrases::of(
        of.iter()
            .flat_map(|(kind, list)| list.split(',').map(move |phrase| (phrase.trim(), *kind))),
    )
}

/// Returns the signs in a title and a description: for each its place in the list, and whether the title has it.
pub(crate) fn signs(title: &Text, body: &Text) -> Vec<(&'static WeightedSign, bool)> {
    let mut found = [None; SIGNS.len()];
    SIGN_PHRASES.find(body).for_each(|index| found[index] = Some(false));
    SIGN_PHRASES.find(title).for_each(|index| found[index] = Some(true));
    SIGNS.iter().zip(found).filter_map(|(sign, is_title)| Some((sign, is_title?))).collect()
}

/// Returns the type that the words of a title say: documentation wherever it occurs, else that of the first word, also
/// behind a scope such as `parser:`, else the first one that occurs.
pub(crate) fn kind_of(title: &str) -> Option<WorkKind> {
    let scoped = title.split([':', ']']).skip(1).take(2);
    let text = Text::read(title);
    let anywhere: Vec<WorkKind> = ANYWHERE.find(&text).collect();
    if anywhere.contains(&WorkKind::Documentation) {
        return Some(WorkKind::Documentation);
    }
    let first =
        FIRST.first(&text).or_else(|| scoped.map(Text::read).find_map(|part| FIRST.first(&part)));
    first.or_else(|| anywhere.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_the_type_of_work() {
        for (title, expected) in [
            ("Crash on an empty file", Some(WorkKind::Bug)),
            ("Fix typo in the guide", Some(WorkKind::Documentation)),
            ("feat: add a dark theme", Some(WorkKind::Feature)),
            ("Tests for the parser", Some(WorkKind::Review)),
            ("Add tests for the parser", Some(WorkKind::Feature)),
            ("Colors", None),
            ("Mask a document from the public view", None),
            ("Error in the example model", Some(WorkKind::Bug)),
            ("poc: Avoid shadowing names", Some(WorkKind::Feature)),
            ("[parser] rejects tabs, which is not expected", Some(WorkKind::Bug)),
        ] {
            assert_eq!(kind_of(title), expected, "{title}");
        }
    }

    #[test]
    fn a_sign_in_the_title_counts_as_such() {
        let found =
            signs(&Text::read("Typo in the README"), &Text::read("A typo, and a race condition."));
        let found: Vec<_> =
            found.into_iter().map(|(sign, is_title)| (sign.words, is_title)).collect();
        assert_eq!(found, [("It is about a typo", true), ("It is about concurrency", false)]);
    }

    #[test]
    fn half_of_each_value_is_exact() {
        for own in SIGNS {
            for value in [own.complexity, own.impact, own.urgency] {
                assert_eq!(value * 8.0, (value * 8.0).round(), "{}", own.words);
            }
        }
    }
}
