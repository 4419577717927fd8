use uuid::Uuid;

use super::is_about;
use crate::model::{Opportunity, Person, WorkKind};

/// The language of an issue, as a person knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KnownLanguage {
    /// The issue has none.
    Absent,
    /// It is not one of theirs.
    Other,
    /// The number of their merged pull requests in it.
    Known(i64),
}

/// An issue as a person sees it: each of its words is looked up in what they know. Dismissals and topics are named by their
/// indices in [`Person`].
pub(super) trait SeenIssue {
    /// Returns its skills, each with the number of merged pull requests that show it, if the person has it.
    fn skills(&self) -> impl Iterator<Item = Option<i64>>;
    /// Returns the language in which the work is done.
    fn language(&self) -> KnownLanguage;
    /// Returns the first excluded topic that it is about.
    fn excluded(&self) -> Option<usize>;
    /// Returns the first of the person's topics that it is about, and whether it is about another one.
    fn interest(&self) -> Option<(usize, bool)>;
    /// Returns the person's merged pull requests in its repository.
    fn merged_here(&self) -> i64;
    /// Returns whether it is of the repository of a dismissed issue.
    fn shares_repository(&self, dismissal: usize) -> bool;
    /// Returns whether it has the language of a dismissed issue.
    fn shares_language(&self, dismissal: usize) -> bool;
    /// Returns the number of its skills that a dismissed issue has too.
    fn shared_skills(&self, dismissal: usize) -> usize;
    fn kind(&self) -> WorkKind;
    /// Returns the difficulty.
    fn complexity(&self) -> f64;
    fn impact(&self) -> f64;
    /// Returns the estimated hours, from and to.
    fn hours(&self) -> (f64, f64);
    /// Returns whether it suits a first contribution.
    fn is_good_first(&self) -> bool;
    /// Returns the health of its repository.
    fn health(&self) -> u8;
}

/// One issue, whose words are compared as texts.
#[derive(Clone, Copy)]
pub(super) struct PlainIssue<'a> {
    pub(super) person: &'a Person,
    pub(super) opportunity: &'a Opportunity,
}

impl PlainIssue<'_> {
    fn repository_of(self, dismissal: usize) -> Option<Uuid> {
        Some(self.person.dismissed.get(dismissal)?.repository)
    }
}

impl SeenIssue for PlainIssue<'_> {
    fn skills(&self) -> impl Iterator<Item = Option<i64>> {
        let all = self.opportunity.skills.iter();
        all.map(|skill| self.person.skills.get(skill).copied())
    }

    fn language(&self) -> KnownLanguage {
        let Some(language) = &self.opportunity.language else {
            return KnownLanguage::Absent;
        };
        let known = self.person.languages.get(language);
        known.map_or(KnownLanguage::Other, |merged| KnownLanguage::Known(*merged))
    }

    fn excluded(&self) -> Option<usize> {
        let mut topics = self.person.excluded.iter();
        topics.position(|topic| is_about(self.opportunity, topic))
    }

    fn interest(&self) -> Option<(usize, bool)> {
        let topics = self.person.interests.iter().enumerate();
        let mut followed = topics.filter(|(_, topic)| is_about(self.opportunity, topic));
        let (first, _) = followed.next()?;
        Some((first, followed.next().is_some()))
    }

    fn merged_here(&self) -> i64 {
        let merged = self.person.merged_in.get(&self.opportunity.repository);
        merged.copied().unwrap_or_default()
    }

    fn shares_repository(&self, dismissal: usize) -> bool {
        self.repository_of(dismissal) == Some(self.opportunity.repository)
    }

    fn shares_language(&self, dismissal: usize) -> bool {
        let language = self.person.dismissed.get(dismissal);
        let language = language.and_then(|own| own.language.as_ref());
        language.is_some() && language == self.opportunity.language.as_ref()
    }

    fn shared_skills(&self, dismissal: usize) -> usize {
        let Some(dismissed) = self.person.dismissed.get(dismissal) else {
            return 0;
        };
        let skills = self.opportunity.skills.iter();
        skills.filter(|own| dismissed.skills.contains(own)).count()
    }

    fn kind(&self) -> WorkKind {
        self.opportunity.kind
    }

    fn complexity(&self) -> f64 {
        self.opportunity.complexity
    }

    fn impact(&self) -> f64 {
        self.opportunity.impact
    }

    fn hours(&self) -> (f64, f64) {
        self.opportunity.hours
    }

    fn is_good_first(&self) -> bool {
        self.opportunity.is_good_first
    }

    fn health(&self) -> u8 {
        self.opportunity.health
    }
}
