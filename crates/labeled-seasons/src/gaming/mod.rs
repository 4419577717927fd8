//! A labeled season of honest people and of people who game the programme, to judge detectors of gaming by data that
//! their authors have not seen. Every person, repository and pull request has its truth beside it: [`PersonKind`],
//! [`Purpose`], [`PullScene`]. The season is also a stream of webhook deliveries ([`Season::deliveries`]), and
//! [`Season::serve`] gives it to the fake GitHub for an import. Names are invented.
//! Deliveries state neither labels nor dates of creation of accounts; account IDs grow with time, as on GitHub.
//!
//! **Gamers.** Three in five are [`Care::Sloppy`], the others [`Care::Careful`]; members of a group are alike. All do
//! some honest work, careful ones more ([`PullScene::Cover`]).
//! - [`PersonKind::Farmer`]: one-line edits in bursts, or one to three small changes a day with plausible texts.
//! - [`PersonKind::RingMember`]: three to five people with write access to a real project approve and merge each other's
//!   small changes within minutes. Careful rings wait hours, sometimes ask for changes, and review outsiders too.
//! - [`PersonKind::JunkOwner`], [`PersonKind::JunkContributor`]: repositories of copied beginners' programs, merged within three
//!   minutes by the owner or the author. Careful clusters approve first and wait.
//! - [`PersonKind::TypoSpammer`]: one or two lines in the README of ten to eighteen projects, in sessions or spread out.
//! - [`PersonKind::Copycat`]: one file that fits everywhere in many projects, and others' open changes opened again. Careful
//!   ones change words and a line or two.
//! - [`PersonKind::Alternate`]: new accounts of one person take turns in two projects. Sloppy ones resemble each other in
//!   login and style, were created within days and approve each other; careful ones were created over weeks.
//!
//! **Honest people who look like gamers.** [`Habit`] names them: teams that review each other within minutes,
//! maintainers who merge within minutes, writers of many small changes of documentation, translators with equal files
//! and sizes, sprint days, students with accounts of the same week, bots, the same deprecated call in ten repositories,
//! first typos, self-merges in projects of one person. So do some scenes: shared files that maintainers change in all
//! their repositories, backports, changes split on request, two people with the same fix, entries of curated lists, a
//! repository for practice, and newcomers who take a junk repository for a real one.
//!
//! **Shares.** Gamers are 12 % of people, and 15 % of pull requests are gaming. The statistics of Hacktoberfest 2023
//! (github.com/MattIPv4/hacktoberfest-data) count 14.9 % of pull requests in repositories that were excluded for low
//! effort, but only 0.12 % that were labeled as spam: most gaming is not labeled, so that such labels are rare here too,
//! although less rare. The same statistics show 11.2 files per accepted pull request, with a very long tail, and 61.5 %
//! students among those who registered. Only 44 % of pull requests were accepted there; here three in four are merged,
//! because the maintainers registered their repositories themselves. The forms of gaming are those that Hacktoberfest's
//! rules name (scripted typos and whitespace, taking others' branches, repositories that collect names) and that GSSoC's
//! guidelines discourage (series of superficial changes). The shares of kinds among gamers, of careful ones, of outcomes
//! and of delays come from experience with open-source projects and are not measured.

mod ages;
mod assemble;
mod cast;
mod changes;
mod deliveries;
mod founding;
mod gamers;
mod honest;
mod ids;
mod life;
mod model;
mod names;
mod outcomes;
mod people;
mod phrases;
mod places;
mod scale;
mod served;
mod sizes;
mod stage;
mod themes;
mod vocabulary;

use std::collections::HashSet;

pub use deliveries::Deliveries;
pub use model::{PullRequest, PullScene, PullStep, Purpose, Repository, Review};
pub use people::{Care, Habit, Person, PersonKind};
pub use scale::Scale;

use assemble::Assembly;
use founding::RepositoryBuilder;
use names::Namer;
use stage::{Sketch, SketchStage};
use testkit::rng::Rng;

/// People, repositories and pull requests, with the truth about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Season {
    pub seed: u64,
    pub scale: Scale,
    /// Everyone, in random order.
    pub people: Vec<Person>,
    pub repositories: Vec<Repository>,
    /// The pull requests in the order of their openings.
    pub pull_requests: Vec<PullRequest>,
}

impl Season {
    /// Generates a season: the same from the same seed and scale on every machine.
    #[must_use]
    pub fn generate(seed: u64, scale: Scale) -> Self {
        let scale = scale.raised();
        let mut namer = Namer::default();
        let people = cast::people(&mut Rng::part(seed, 1), &scale, &mut namer);
        let repositories = RepositoryBuilder {
            rng: &mut Rng::part(seed, 2),
            scale: &scale,
            namer: &mut namer,
            people: &people,
            ids: HashSet::new(),
            made: Vec::new(),
        }
        .build();
        let sketches = sketches(seed, &scale, &people, &repositories);
        let assembly = Assembly::new(seed, scale.until, &people, &repositories);
        Self { seed, scale, pull_requests: assembly.pull_requests(sketches), people, repositories }
    }

    /// Returns the season as webhook deliveries, oldest first. They are generated while they are read: only the pull
    /// requests in progress are in memory.
    #[must_use]
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries::new(self)
    }

    /// Returns the person whose account has this GitHub ID.
    #[must_use]
    pub fn person(&self, id: i64) -> Option<&Person> {
        self.people.iter().find(|person| person.account.id == id)
    }

    /// Returns the repository with this GitHub ID.
    #[must_use]
    pub fn repository(&self, id: i64) -> Option<&Repository> {
        self.repositories.iter().find(|own| own.repo.id == id)
    }

    /// Returns the pull request with this GitHub ID.
    #[must_use]
    pub fn pull_request(&self, id: i64) -> Option<&PullRequest> {
        let place = self.pull_requests.binary_search_by_key(&id, |pull| pull.id);
        place.ok().map(|place| &self.pull_requests[place])
    }
}

/// Draws all scenes, each with its own random numbers, so that a change of one does not affect the others' numbers.
fn sketches(
    seed: u64,
    scale: &Scale,
    people: &[Person],
    repositories: &[Repository],
) -> Vec<Sketch> {
    let mut stage = SketchStage {
        seed,
        scale,
        people,
        repositories,
        rng: Rng::part(seed, 3),
        sketches: Vec::new(),
    };
    let mut scenes: Vec<fn(&mut SketchStage<'_>)> = Vec::new();
    scenes.extend(honest::SCENES);
    scenes.extend(gamers::SCENES);
    scenes.push(honest::first);
    scenes.extend(honest::ECHOES);
    scenes.extend(gamers::ECHOES);
    scenes.push(honest::last);
    for (part, scene) in scenes.into_iter().enumerate() {
        stage.rng = Rng::part(seed, 10 + part as u64);
        scene(&mut stage);
    }
    stage.sketches
}

#[cfg(test)]
mod tests;
