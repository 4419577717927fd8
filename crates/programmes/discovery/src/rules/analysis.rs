//! The worth of an issue, from what GitHub states about it.

mod difficulty;
mod worth;

use chrono::TimeDelta;
use kernel::{Timestamp, first_words};

pub(crate) use self::difficulty::least_hours;
use self::{
    difficulty::{complexity, hours},
    worth::{confidence, impact, urgency},
};
use super::{
    body::{Body, weight},
    labels::{Meaning, meaning},
    phrases::{Text, bounded},
    signs::{WeightedSign, kind_of, signs},
    skills::skills,
};
use crate::model::{Analysis, Health, IssueFacts, Reason, RepositoryFacts, ScorePart, WorkKind};

/// The parts of an issue, read once.
struct Features<'a> {
    issue: &'a IssueFacts,
    repository: &'a RepositoryFacts,
    health: &'a Health,
    meanings: Vec<Meaning>,
    body: Body,
    prose: Text,
    kind: WorkKind,
    said: usize,
    signs: Vec<(&'static WeightedSign, bool)>,
    asks: bool,
    age: TimeDelta,
    quiet: TimeDelta,
}

impl Features<'_> {
    fn has(&self, meaning: Meaning) -> bool {
        self.meanings.contains(&meaning)
    }

    fn has_heading(&self, any: &[&str]) -> bool {
        let has = |text: &str| any.iter().any(|own| text.contains(own));
        self.body.headings.iter().any(|heading| has(heading))
    }
}

/// Returns the worth of an issue at an instant, with the reasons for each number.
#[must_use]
pub fn analyze(
    issue: &IssueFacts,
    repository: &RepositoryFacts,
    health: &Health,
    now: Timestamp,
) -> Analysis {
    let title = Text::read(&issue.title);
    let body = Body::read(&issue.body);
    let prose = Text::read(&body.prose);
    let meanings: Vec<Meaning> = issue.labels.iter().filter_map(|label| meaning(label)).collect();
    let features = Features {
        kind: kind(&meanings, bounded(&issue.title), &body),
        said: weight(&body.prose),
        signs: signs(&title, &prose),
        asks: is_question(&title),
        age: (now - issue.opened_at).max(TimeDelta::zero()),
        quiet: (now - issue.active_at).max(TimeDelta::zero()),
        issue,
        repository,
        health,
        meanings,
        body,
        prose,
    };
    let mut reasons = Vec::with_capacity(48);
    let complexity = complexity(&features, &mut reasons);
    let impact = impact(&features, &mut reasons);
    let confidence = confidence(&features, &mut reasons);
    let urgency = urgency(&features, &mut reasons);
    let hours = hours(&features, complexity, &mut reasons);
    let overall = overall(impact, complexity, confidence, urgency, &mut reasons);
    Analysis {
        kind: features.kind,
        complexity,
        impact,
        confidence,
        urgency,
        overall,
        hours,
        skills: skills(&issue.labels, &repository.topics, &title, &features.prose),
        language: language(&features),
        is_good_first: features.has(Meaning::GoodFirstIssue),
        is_help_wanted: features.has(Meaning::HelpWanted),
        reasons,
    }
}

/// Returns the type of the work: that of a label, of the title, or of the headings of the template.
fn kind(meanings: &[Meaning], title: &str, body: &Body) -> WorkKind {
    let of_labels = |kind: &WorkKind| meanings.contains(&Meaning::Type(*kind));
    let order = [
        WorkKind::Bug,
        WorkKind::Documentation,
        WorkKind::Review,
        WorkKind::Feature,
        WorkKind::Other,
    ];
    if let Some(kind) = order.into_iter().find(of_labels).or_else(|| kind_of(title)) {
        return kind;
    }
    let has_steps = |heading: &String| heading.contains("reproduc") || heading.contains("bug");
    if body.headings.iter().any(has_steps) { WorkKind::Bug } else { WorkKind::Other }
}

/// Returns whether a title asks how to use something, or why it is so.
fn is_question(title: &Text) -> bool {
    let is = |at: usize, any: &[&str]| any.contains(&title.word(at));
    let how = is(0, &["how"]) && is(1, &["to", "do", "can", "does", "should", "would"]);
    let why = is(0, &["why", "what", "where", "when", "which", "who"])
        && is(1, &["is", "are", "does", "do", "should", "can"]);
    let may =
        is(0, &["is", "can", "does", "are"]) && is(1, &["it", "i", "there", "this", "anyone"]);
    how || why || may || title.lower().trim_end().ends_with(['?', '？'])
}

fn language(features: &Features<'_>) -> Option<String> {
    let of_label = features.meanings.iter().find_map(|meaning| match meaning {
        Meaning::Language(language) => Some((*language).to_owned()),
        _ => None,
    });
    of_label.or_else(|| features.repository.languages.first().map(|(language, _)| language.clone()))
}

fn log2(count: i64) -> f64 {
    (count.max(0) as f64 + 1.0).log2()
}

/// Returns how much a sign counts: in the title as a whole, in the description half.
fn place(is_title: bool) -> f64 {
    if is_title { 1.0 } else { 0.5 }
}

fn overall(
    impact: f64,
    complexity: f64,
    confidence: f64,
    urgency: f64,
    reasons: &mut Vec<Reason>,
) -> f64 {
    let parts = [
        (0.3 * impact, format!("Impact {impact:.1} × 30 %")),
        (0.2 * (10.0 - complexity), format!("Ease {:.1} × 20 %", 10.0 - complexity)),
        (0.25 * (10.0 * confidence), format!("Confidence {confidence:.2} × 10 × 25 %")),
        (0.25 * urgency, format!("Urgency {urgency:.1} × 25 %")),
    ];
    let total = parts.iter().map(|(value, _)| value).sum();
    reasons.extend(parts.map(|(value, words)| Reason { part: ScorePart::Overall, value, words }));
    total
}

/// Returns the first paragraph of a description that says something, for lists: at most `most` characters.
#[must_use]
pub fn summary(body: &str, most: usize) -> String {
    let line = first_paragraph(bounded(body)).unwrap_or_default();
    if most == 0 { String::new() } else { first_words(&line, most) }
}

/// Returns the first paragraph that says something, on one line and without marks of code.
fn first_paragraph(body: &str) -> Option<String> {
    let mut paragraph = String::new();
    let mut is_code = false;
    for line in body.lines().chain([""]) {
        let trimmed = line.trim();
        is_code ^= trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if !trimmed.is_empty() || is_code {
            paragraph.push_str(line);
            paragraph.push('\n');
            continue;
        }
        let prose = Body::read(&paragraph).prose;
        if weight(&prose) >= 20 {
            let words: Vec<&str> = prose.split_whitespace().collect();
            return Some(words.join(" ").replace('`', ""));
        }
        paragraph.clear();
    }
    None
}
