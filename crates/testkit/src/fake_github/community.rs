//! A large community: many repositories, most of them small and some with pages of issues, as GitHub has them.

use std::sync::Arc;

use axum::{body::Bytes, extract::State};
use chrono::TimeDelta;
use kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    issue_texts::{LABELS, body, title},
    world::{HostedPull, Issue, Role, World},
};
use crate::{
    payloads::{Account, IssueState, Label, PullState, Repo},
    rng::Rng,
    story::{Act, Story},
};

/// A community to create.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct Community {
    /// Repositories to create in addition: guild-N/NAME-N, most of them with few issues.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub repositories: usize,
    /// Open issues of these repositories in all. For each ten of a repository, it has one that is closed.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub issues: usize,
}

const MOST: Community = Community { repositories: 10_000, issues: 200_000 };

const OF_ORGANIZATION: usize = 10;

/// The people who open issues.
const PEOPLE: usize = 40;

const LANGUAGES: [Option<&str>; 6] =
    [Some("Rust"), Some("TypeScript"), Some("Python"), Some("Go"), Some("C++"), None];

const NAMES: [&str; 8] =
    ["lantern", "anvil", "quill", "compass", "loom", "beacon", "ferry", "orchard"];

/// `POST /_community` with `{"repositories": N, "issues": N, "seed": N}`: creates a community, and returns its repositories with
/// their numbers of open issues.
pub(super) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let mut wanted: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let seed = wanted.as_object_mut().and_then(|fields| fields.remove("seed"));
    let seed = seed.and_then(|seed| seed.as_u64()).unwrap_or(1);
    let wanted = serde_json::from_value(wanted);
    let wanted: Community = wanted.map_err(|error| Refusal::invalid(error.to_string()))?;
    let created = shared.world().settle(wanted, seed)?;
    let created = created.iter().map(
        |(full_name, open_issues)| json!({ "full_name": full_name, "open_issues": open_issues }),
    );
    let created: Vec<Value> = created.collect();
    Ok(Reply::created(json!({ "repositories": created }).to_string()))
}

impl World {
    /// Creates a community, which a seed determines but for the present time. Returns its repositories with their numbers of open
    /// issues.
    pub(super) fn settle(
        &mut self,
        wanted: Community,
        seed: u64,
    ) -> Result<Vec<(String, usize)>, Refusal> {
        if wanted.repositories > MOST.repositories || wanted.issues > MOST.issues {
            let message = format!(
                "Set repositories to at most {} and issues to at most {}.",
                MOST.repositories, MOST.issues
            );
            return Err(Refusal::invalid(message));
        }
        if wanted.repositories > 0 && self.person(&organization(0)).is_ok() {
            return Err(Refusal::invalid("There is a community already."));
        }
        let mut rng = Rng::part(seed, 0);
        let people: Vec<Account> =
            (0..PEOPLE).map(|number| self.new_person(&format!("guild-member-{number}"))).collect();
        let sizes = sizes(wanted, &mut rng);
        let mut created = Vec::with_capacity(sizes.len());
        for (number, size) in sizes.into_iter().enumerate() {
            let mut rng = Rng::part(seed, number as u64 + 1);
            let place = self.add_guild_repo(number, &mut rng);
            let acts = IssueOpenings::draw(size, self.now(), &mut rng);
            self.fill(place, &acts, &people, &mut rng);
            created.push((self.places[place].repo.full_name(), size));
        }
        Ok(created)
    }

    fn add_guild_repo(&mut self, number: usize, rng: &mut Rng) -> usize {
        let login = organization(number / OF_ORGANIZATION);
        let owner = self.person(&login).cloned();
        let owner = owner.unwrap_or_else(|_| {
            let owner = Account::organization(self.id(), login);
            self.people.push(owner.clone());
            owner
        });
        let (id, now) = (self.id(), self.now());
        let name = rng.pick(&NAMES);
        let mut repo = Repo::new(id, owner, format!("{name}-{number}"), ago(now, 2_000, rng));
        repo.language = rng.pick(&LANGUAGES).map(str::to_owned);
        repo.description = Some(format!("A {name} for the workshop, number {number}"));
        repo.topics = vec![(*name).to_owned(), format!("topic-{}", rng.below(40))];
        repo.license = rng.chance(70).then(|| "MIT".to_owned());
        repo.stars = rng.between(0, 3_000);
        // Some are no longer maintained.
        let quiet = if rng.chance(6) { 600 } else { 40 };
        repo.pushed_at = ago(now, rng.between(0, quiet), rng);
        repo.archived = rng.chance(2);
        let has_guidelines = rng.chance(60);
        self.add_repo(repo).has_guidelines = has_guidelines;
        self.places.len() - 1
    }

    /// Adds the issues of a repository and pull requests, some of which would close them, without deliveries.
    fn fill(&mut self, place: usize, acts: &IssueOpenings, people: &[Account], rng: &mut Rng) {
        let maintainer = rng.pick(people).clone();
        self.places[place].roles.insert(maintainer.id, Role::Maintain);
        for opening in &acts.0 {
            let number = self.places[place].next_number();
            let author = rng.pick(people).clone();
            let issue = self.guild_issue(place, number, opening, &author, people, rng);
            let (linked, at) = (issue.state.closed_at.is_some(), issue.state.updated_at);
            self.places[place].issues.insert(number, issue);
            // A closed issue was closed by a merge; for some open ones, a pull request is under review.
            if linked || rng.chance(7) {
                let author = rng.pick(people).clone();
                let by = linked.then_some(&maintainer);
                self.add_pull(place, number, at, &author, by);
            }
        }
    }

    fn guild_issue(
        &mut self,
        place: usize,
        number: i64,
        opening: &IssueOpening,
        author: &Account,
        people: &[Account],
        rng: &mut Rng,
    ) -> Issue {
        let mut state =
            IssueState::opened(number, self.id(), author.clone(), title(rng), opening.at);
        state.association = self.places[place].association(author.id);
        state.body = body(rng);
        for _ in 0..rng.below(4) {
            let label = Label::named(*rng.pick(&LABELS));
            if state.labels.iter().all(|own| own.name != label.name) {
                state.labels.push(label);
            }
        }
        if rng.chance(12) {
            state.assignees.push(rng.pick(people).clone());
        }
        state.locked = rng.chance(2);
        state.reactions = rng.between(0, 9);
        let mut comments = Vec::new();
        for _ in 0..rng.below(6) {
            let at = between(opening.at, opening.last, rng);
            comments.push((at, *rng.pick(&["MEMBER", "CONTRIBUTOR", "NONE"])));
        }
        comments.sort_unstable();
        state.comments = comments.len() as i64;
        state.updated_at = opening.last;
        if opening.is_closed {
            (state.closed_at, state.state_reason) = (Some(opening.last), Some("completed"));
        }
        Issue { state, comments }
    }

    /// Adds a pull request that closes an issue: an open one, or one that a person merged.
    fn add_pull(
        &mut self,
        place: usize,
        issue: i64,
        at: Timestamp,
        author: &Account,
        merged_by: Option<&Account>,
    ) {
        let (id, target) = (self.id(), &mut self.places[place]);
        let (number, repo) = (target.next_number(), Arc::clone(&target.repo));
        let mut pull = PullState::opened(repo, number, id, author.clone(), at);
        pull.title = format!("fix: What issue {issue} describes");
        pull.body = Some(format!("Fixes #{issue}"));
        let mut story = Story::new(pull);
        // A new pull request allows both.
        let _ = story.act(Act::Opened, author, at);
        if let Some(by) = merged_by {
            let _ = story.act(Act::Merged, by, at);
        }
        target.pulls.insert(number, HostedPull { story, files: None, comments: Vec::new() });
    }
}

fn organization(number: usize) -> String {
    format!("guild-{number}")
}

/// Returns the numbers of open issues of repositories, in random order: a tenth has none, and of the others the n-th largest has
/// about an n-th of the largest.
fn sizes(wanted: Community, rng: &mut Rng) -> Vec<usize> {
    let with_issues = wanted.repositories - wanted.repositories / 10;
    let weights: Vec<f64> = (0..with_issues).map(|rank| 1.0 / (rank as f64 + 3.0)).collect();
    let whole: f64 = weights.iter().sum();
    let (mut sum, mut given, mut sizes) = (0.0, 0, vec![0; wanted.repositories]);
    for (size, weight) in sizes.iter_mut().zip(weights) {
        sum += weight;
        // Rounded sums, so that the sizes add up to what is wanted.
        let upto = (wanted.issues as f64 * sum / whole).round() as usize;
        (*size, given) = (upto - given, upto);
    }
    rng.shuffle(&mut sizes);
    sizes
}

struct IssueOpening {
    at: Timestamp,
    /// When something last happened to it.
    last: Timestamp,
    is_closed: bool,
}

/// The openings of the issues of a repository, oldest first.
struct IssueOpenings(Vec<IssueOpening>);

impl IssueOpenings {
    fn draw(open: usize, now: Timestamp, rng: &mut Rng) -> Self {
        let openings = (0..open + open / 10).map(|index| {
            let days = rng.between(0, 30) * rng.between(0, 30);
            let at = ago(now, days, rng);
            let last = ago(now, rng.between(0, days), rng).max(at);
            let is_closed = index >= open;
            IssueOpening { at, last, is_closed }
        });
        let mut openings: Vec<IssueOpening> = openings.collect();
        openings.sort_by_key(|own| (own.at, own.last, own.is_closed));
        Self(openings)
    }
}

/// Returns an instant some days ago, and six to eighteen hours more, so that the number of whole days stays the same for hours.
fn ago(now: Timestamp, days: i64, rng: &mut Rng) -> Timestamp {
    now - TimeDelta::days(days) - TimeDelta::seconds(rng.between(6 * 3_600, 18 * 3_600))
}

fn between(from: Timestamp, to: Timestamp, rng: &mut Rng) -> Timestamp {
    from + TimeDelta::seconds(rng.between(0, (to - from).num_seconds().max(0)))
}
