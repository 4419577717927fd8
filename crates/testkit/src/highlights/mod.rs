//! The part of the demo's season that is written instead of drawn: pull requests in which each rule of scoring has an
//! effect, others that wait for a review in each state, and work that looks like gaming. They belong to two repositories
//! of their own, and their changed files are known.

mod gaming;
mod queue;
mod scoring;
mod script;

use std::{collections::BTreeMap, slice, sync::Arc, vec};

use kernel::Timestamp;

use crate::{
    delivery::Delivery,
    fake_github::ChangedFile,
    payloads::{Account, Label, PullState, Repo, Verdict},
    rng::Rng,
    season::{Season, SeasonProject},
    story::{Act, Diff, NewReview, Story},
};
use script::{Script, ScriptCast, ScriptDeed};

/// GitHub's IDs of the repositories, which no repository of a season has.
const MAIN: i64 = 81_200_009;
const JUNK: i64 = 81_200_049;

/// GitHub's IDs before those of the pull requests and the reviews.
const PULLS: i64 = 2_100_000_000;
const REVIEWS: i64 = 1_600_000_000;

/// The number of IDs for the reviews of a pull request.
const REVIEWS_EACH: i64 = 16;

#[derive(Clone, Debug)]
pub struct HighlightRepo {
    pub project: String,
    pub repo: Arc<Repo>,
}

/// A pull request.
#[derive(Clone, Debug)]
pub struct Highlight {
    /// The name by which it is found, which several can share; empty for those that are not looked for.
    pub tag: &'static str,
    pub repo: Arc<Repo>,
    pub number: i64,
    pub author: Account,
    pub files: Vec<ChangedFile>,
    /// Its place among all highlights.
    place: i64,
    seed: u64,
    script: Script,
}

#[derive(Clone, Debug)]
pub struct Highlights {
    /// A repository of the first project, with most of them.
    pub main: HighlightRepo,
    /// A repository that was made to earn points.
    pub junk: HighlightRepo,
    /// The pull requests, in order of opening.
    pub pulls: Vec<Highlight>,
}

impl Highlights {
    /// Writes the highlights of a season with at least 60 people. The same season has the same ones.
    #[must_use]
    pub fn new(season: &Season) -> Self {
        let cast = ScriptCast::of(season);
        let mut scripts = scoring::scripts(&cast);
        scripts.extend(queue::scripts(&cast));
        scripts.extend(gaming::scripts(&cast));
        // The sort is stable, so that pull requests of the same second stay in order.
        scripts.sort_by_key(|script| script.opened_at);
        let projects = &season.projects;
        let main = repository(season, &projects[0], MAIN, "web");
        let junk = repository(season, &projects[4 % projects.len()], JUNK, "stickers");
        let mut numbers: BTreeMap<i64, i64> = BTreeMap::new();
        let mut pulls = Vec::with_capacity(scripts.len());
        for (place, script) in (1..).zip(scripts) {
            let home = if script.is_junk { &junk } else { &main };
            let number = numbers.entry(home.repo.id).or_default();
            *number += 1;
            pulls.push(Highlight {
                tag: script.tag,
                repo: Arc::clone(&home.repo),
                number: *number,
                author: script.author.clone(),
                files: script.files.clone(),
                place,
                seed: season.spec.seed,
                script,
            });
        }
        Self { main, junk, pulls }
    }

    /// Returns the pull requests with a tag, in order of opening.
    pub fn tagged<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a Highlight> {
        self.pulls.iter().filter(move |pull| pull.tag == tag)
    }

    /// Returns each person who acts in them once, by GitHub's ID.
    #[must_use]
    pub fn people(&self) -> Vec<&Account> {
        let mut people: BTreeMap<i64, &Account> = BTreeMap::new();
        for pull in &self.pulls {
            people.insert(pull.author.id, &pull.author);
            for step in &pull.script.steps {
                people.insert(step.by.id, &step.by);
            }
        }
        people.into_values().collect()
    }

    /// Returns the deliveries of all events, one pull request after the other. They are rendered while they are read.
    #[must_use]
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries { pulls: self.pulls.iter(), waiting: Vec::new().into_iter() }
    }
}

fn repository(season: &Season, project: &SeasonProject, id: i64, name: &str) -> HighlightRepo {
    let first = &project.repositories[0];
    let plain =
        Repo::new(id, first.owner.clone(), format!("{}-{name}", project.slug), season.spec.from);
    let repo = Repo {
        description: first.description.clone(),
        language: first.language.clone(),
        topics: first.topics.clone(),
        ..plain
    };
    HighlightRepo { project: project.slug.clone(), repo: Arc::new(repo) }
}

pub struct Deliveries<'a> {
    pulls: slice::Iter<'a, Highlight>,
    /// The deliveries of the pull request that was rendered last.
    waiting: vec::IntoIter<Delivery>,
}

impl Iterator for Deliveries<'_> {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        loop {
            if let Some(delivery) = self.waiting.next() {
                return Some(delivery);
            }
            let (_, deliveries) = self.pulls.next()?.play();
            self.waiting = deliveries.into_iter();
        }
    }
}

impl Highlight {
    /// Returns its whole story, and the deliveries of its events, oldest first.
    pub(crate) fn play(&self) -> (Story, Vec<Delivery>) {
        let Script { author, opened_at, steps, .. } = &self.script;
        let mut rng = Rng::part(self.seed, (PULLS + self.place).unsigned_abs());
        let mut story = Story::new(self.opened());
        let mut deliveries = Vec::with_capacity(1 + steps.len());
        let opened = act(&mut story, &mut rng, Act::Opened, author, *opened_at);
        deliveries.extend(opened);
        for (place, step) in (1..).zip(steps) {
            let deed = self.act(step.deed, place, &mut rng);
            deliveries.extend(act(&mut story, &mut rng, deed, &step.by, step.at));
        }
        (story, deliveries)
    }

    fn opened(&self) -> PullState {
        let (repo, author) = (Arc::clone(&self.repo), self.author.clone());
        let (number, id) = (self.number, PULLS + self.place);
        let at = self.script.opened_at;
        let [additions, deletions, changed_files] = self.size();
        PullState {
            title: self.script.title.clone(),
            draft: self.script.is_draft,
            additions,
            deletions,
            changed_files,
            ..PullState::opened(repo, number, id, author, at)
        }
    }

    /// Returns the numbers of added lines, deleted lines and changed files.
    fn size(&self) -> [i64; 3] {
        let additions: i64 = self.files.iter().map(|file| file.additions).sum();
        let deletions: i64 = self.files.iter().map(|file| file.deletions).sum();
        [additions, deletions, self.files.len() as i64]
    }

    fn act(&self, deed: ScriptDeed, place: i64, rng: &mut Rng) -> Act {
        match deed {
            ScriptDeed::Label(name) => Act::Labeled(Label::named(name)),
            ScriptDeed::Review(verdict) => Act::Reviewed(NewReview {
                id: REVIEWS + REVIEWS_EACH * self.place + place,
                verdict,
                body: words(verdict),
                association: "MEMBER",
                bare: false,
            }),
            ScriptDeed::Push => {
                let [additions, deletions, changed_files] = self.size();
                Act::Synchronized(Diff { additions, deletions, changed_files, head_sha: rng.sha() })
            }
            ScriptDeed::Merge => Act::Merged,
            ScriptDeed::Close => Act::Closed,
        }
    }
}

/// Returns the text of a review.
fn words(verdict: Verdict) -> Option<String> {
    (verdict == Verdict::Approved).then(|| String::from("Read and tried."))
}

/// Acts on a pull request, and returns the delivery of the event; `None` when GitHub would refuse it.
fn act(
    story: &mut Story,
    rng: &mut Rng,
    act: Act,
    by: &Account,
    at: Timestamp,
) -> Option<Delivery> {
    let event = story.act(act, by, at)?;
    Some(event.delivered(rng, at))
}

#[cfg(test)]
mod tests;
