//! Issues that gain attention, and issues that teach a skill.

use kernel::Timestamp;

use crate::model::{IssueFacts, NotedAttention, Opportunity, Person};

/// The days after which an event counts half.
const HALF_LIFE: f64 = 3.0;

/// Something that happened to an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueEvent {
    /// Someone reacted to it.
    Reaction,
    /// Someone commented on it.
    Comment,
    Opening,
}

impl IssueEvent {
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Reaction => 1.0,
            Self::Comment => 2.0,
            Self::Opening => 3.0,
        }
    }
}

/// Returns the attention that an issue gains: its events, each of which counts half after three days. Those in the future
/// count as new.
#[must_use]
pub fn trend(events: &[(IssueEvent, Timestamp)], now: Timestamp) -> f64 {
    events.iter().map(|(event, at)| event.weight() * faded(1.0, *at, now)).sum()
}

/// Returns the attention that an issue gains, as [`lasting`] keeps it. `before` is what was noted before; what is new
/// since counts at the time of the last activity. It stays the same while nothing new happens.
#[must_use]
pub fn noted(issue: &IssueFacts, before: Option<NotedAttention>) -> NotedAttention {
    let at = issue.active_at;
    let (since, value) = match before {
        Some(before) => (before, current(before.trend, at)),
        None => {
            let opening = trend(&[(IssueEvent::Opening, issue.opened_at)], at);
            (NotedAttention::default(), opening)
        }
    };
    let comments = (issue.comments - since.comments).max(0);
    let reactions = (issue.reactions - since.reactions).max(0);
    let new = comments as f64 * IssueEvent::Comment.weight()
        + reactions as f64 * IssueEvent::Reaction.weight();
    let trend = match before {
        Some(before) if new == 0.0 => before.trend,
        _ => lasting(value + new, at),
    };
    NotedAttention { trend, comments: issue.comments, reactions: issue.reactions }
}

/// Returns a number for an attention at an instant that is the same at any other instant while nothing new happens, so that it
/// can be stored and sorted by: thousandths of the days since 1970 at which the attention is 1.
#[must_use]
pub fn lasting(value: f64, at: Timestamp) -> i64 {
    let days = at.timestamp() as f64 / 86_400.0;
    ((days + HALF_LIFE * value.max(f64::MIN_POSITIVE).log2()) * 1_000.0).round() as i64
}

/// Returns the attention at an instant from the number of [`lasting`].
#[must_use]
pub fn current(lasting: i64, now: Timestamp) -> f64 {
    let days = now.timestamp() as f64 / 86_400.0;
    2.0_f64.powf((lasting as f64 / 1_000.0 - days) / HALF_LIFE)
}

/// Returns the attention that several issues gain together, each as [`lasting`] keeps it, in the same form. `None` without any.
#[must_use]
pub fn together(all: &[i64]) -> Option<i64> {
    let most = all.iter().copied().max()?;
    let parts = all.iter().map(|own| {
        let less = (own - most) as f64 / 1_000.0;
        2.0_f64.powf(less / HALF_LIFE)
    });
    let sum: f64 = parts.sum();
    Some(most + (HALF_LIFE * sum.log2() * 1_000.0).round() as i64)
}

fn faded(value: f64, at: Timestamp, now: Timestamp) -> f64 {
    let days = (now - at).num_seconds().max(0) as f64 / 86_400.0;
    value * 0.5_f64.powf(days / HALF_LIFE)
}

/// A skill that an issue teaches, next to one that the person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearningPick {
    /// The new skill.
    pub new: String,
    /// The known skill.
    pub next_to: String,
}

impl LearningPick {
    #[must_use]
    pub fn words(&self) -> String {
        format!("Learning pick: {}, next to your skill in {}.", self.new, self.next_to)
    }
}

/// Returns the skill that an issue teaches: of its first four skills one is new and the others are known, and it is not much
/// harder than the person's newest merged issues.
#[must_use]
pub fn learning_pick(person: &Person, opportunity: &Opportunity) -> Option<LearningPick> {
    let skills = || opportunity.skills.iter().take(4);
    let mut new = skills().filter(|skill| !person.skills.contains_key(*skill));
    let only_new = new.next().filter(|_| new.next().is_none())?;
    let known = skills().filter(|skill| person.skills.contains_key(*skill));
    let next_to = known.max_by_key(|skill| person.skills.get(*skill))?;
    let usual =
        person.recent_complexities.iter().take(5).copied().fold(f64::NEG_INFINITY, f64::max);
    let most = if usual.is_finite() { usual + 1.5 } else { 5.0 };
    let pick = LearningPick { new: only_new.clone(), next_to: next_to.clone() };
    (opportunity.complexity <= most).then_some(pick)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::{model::WorkKind, rules::tests::now};

    fn opportunity(skills: &[&str]) -> Opportunity {
        Opportunity {
            repository: Uuid::nil(),
            repository_name: "tideline".to_owned(),
            kind: WorkKind::Feature,
            skills: skills.iter().map(|&skill| skill.to_owned()).collect(),
            language: None,
            topics: Vec::new(),
            labels: Vec::new(),
            complexity: 2.0,
            impact: 5.0,
            confidence: 0.6,
            hours: (1.0, 2.0),
            is_good_first: false,
            health: 50,
        }
    }

    #[test]
    fn events_fade() {
        let days = |days: i64| now() - TimeDelta::days(days);
        assert_eq!(trend(&[], now()), 0.0);
        assert_eq!(
            trend(&[(IssueEvent::Comment, now()), (IssueEvent::Reaction, days(3))], now()),
            2.5
        );
        assert_eq!(trend(&[(IssueEvent::Opening, days(-9))], now()), 3.0);
    }

    #[test]
    fn a_lasting_number_is_the_attention_at_any_time() {
        let kept = lasting(4.0, now());
        for (days, value) in [(0, 4.0), (3, 2.0), (6, 1.0), (-3, 8.0)] {
            let found = current(kept, now() + TimeDelta::days(days));
            assert!((found - value).abs() < 0.01, "{found} after {days} days");
        }
    }

    #[test]
    fn issues_gain_attention_together() {
        let kept = |value| lasting(value, now());
        let found = together(&[kept(4.0), kept(1.0), kept(3.0)]).expect("some");
        assert!((current(found, now()) - 8.0).abs() < 0.01);
        assert_eq!(together(&[kept(2.0)]), Some(kept(2.0)));
        assert_eq!(together(&[]), None);
        assert_eq!(together(&[kept(2.0), -400_000_000]), Some(kept(2.0)));
    }

    #[test]
    fn only_new_comments_and_reactions_add_attention() {
        let issue = |comments, reactions, days| IssueFacts {
            comments,
            reactions,
            opened_at: now(),
            active_at: now() + TimeDelta::days(days),
            ..IssueFacts::default()
        };
        let first = noted(&issue(0, 0, 0), None);
        assert!((current(first.trend, now()) - 3.0).abs() < 0.01);
        let same = noted(&issue(0, 0, 5), Some(first));
        assert_eq!(same, first);
        let more = noted(&issue(2, 1, 3), Some(first));
        let found = current(more.trend, now() + TimeDelta::days(3));
        assert!((found - 6.5).abs() < 0.01, "{found}");
        let fewer = noted(&issue(0, 0, 4), Some(more));
        assert_eq!(fewer.trend, more.trend);
    }

    #[test]
    fn a_learning_pick_has_one_new_skill() {
        let person = Person {
            skills: [("error messages".to_owned(), 6), ("databases".to_owned(), 1)].into(),
            ..Person::default()
        };
        let words =
            |skills: &[&str]| learning_pick(&person, &opportunity(skills)).map(|pick| pick.words());
        let expected = "Learning pick: command line, next to your skill in error messages.";
        assert_eq!(
            words(&["databases", "command line", "error messages"]).as_deref(),
            Some(expected)
        );
        assert_eq!(words(&["command line"]), None);
        assert_eq!(words(&["databases"]), None);
        assert_eq!(words(&["command line", "networking", "databases"]), None);
        let hard = Opportunity { complexity: 5.5, ..opportunity(&["command line", "databases"]) };
        assert_eq!(learning_pick(&person, &hard), None);
    }
}
