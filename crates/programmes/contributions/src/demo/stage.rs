//! The people and pull requests of the demo's season, as the server knows them.

use std::collections::BTreeMap;

use anyhow::Context as _;
use github::model::PullRequestId;
use identity::{
    actions::know_accounts,
    model::{Authority, DemoPeople, GithubAccount, Role, UserId},
};
use kernel::ProblemKind;
use platform::{ActionError, Context, audit::Actor, module::Services};
use testkit::{
    highlights::{Highlight, Highlights},
    payloads::Account,
    season::Season,
};

use super::people::account_of;

/// The number of people who take part in seasons and other acts, besides those of the highlights.
const ACTIVE: usize = 40;

/// The season on a server that has received it.
pub(super) struct DemoSeason<'a> {
    pub(super) context: &'a Context,
    pub(super) season: &'a Season,
    pub(super) highlights: &'a Highlights,
    /// People by GitHub ID.
    people: BTreeMap<i64, UserId>,
    /// The organizer of hackathons whom visitors can sign in as; `None` if no one can sign in as others.
    pub(super) organizer: Option<UserId>,
}

impl<'a> DemoSeason<'a> {
    /// Finds the maintainers, the most active people, the people of the highlights and the organizer of hackathons.
    pub(super) async fn of(
        services: &'a Services,
        season: &'a Season,
        highlights: &'a Highlights,
    ) -> anyhow::Result<Self> {
        let context = &services.context;
        let visitors = services.extensions.get::<DemoPeople>().cloned().unwrap_or_default();
        let organizer = visitors.0.iter().find(|person| person.part == "organizer");
        let organizer = organizer.map(|person| person.account.clone());
        let id = organizer.as_ref().map(|account| account.github_id);
        let mut accounts = well_known(season);
        accounts.extend(highlights.people().into_iter().map(|account| account_of(account, season)));
        accounts.extend(organizer);
        let tx = context.begin().await?;
        let known = know_accounts(&tx, context, Authority::Github, accounts).await?;
        tx.commit().await?;
        let people = known.into_iter().map(|(id, known)| (id, known.user_id));
        let people: BTreeMap<i64, UserId> = people.collect();
        let organizer = id.and_then(|id| people.get(&id).copied());
        Ok(Self { context, season, highlights, people, organizer })
    }

    pub(super) fn person(&self, account: &Account) -> anyhow::Result<UserId> {
        let known = self.people.get(&account.id).copied();
        known.with_context(|| format!("{} is unknown", account.login))
    }

    /// Returns one of the three maintainers of the first project.
    pub(super) fn maintainer(&self, place: usize) -> &'a Account {
        &self.season.projects[0].maintainers[place]
    }

    /// Returns the most active people who maintain nothing.
    pub(super) fn others(&self) -> Vec<&'a Account> {
        self.season.others().take(ACTIVE).collect()
    }

    /// Returns one of these people.
    pub(super) fn other(&self, place: usize) -> anyhow::Result<&'a Account> {
        let mut others = self.season.others();
        others.nth(place).context("the season has too few people")
    }

    /// Returns the first highlight with a tag.
    pub(super) fn highlight(&self, tag: &str) -> anyhow::Result<&'a Highlight> {
        let mut pulls = self.highlights.pulls.iter();
        let found = pulls.find(|pull| pull.tag == tag);
        found.with_context(|| format!("no pull request has the tag {tag}"))
    }

    pub(super) async fn pull(&self, highlight: &Highlight) -> anyhow::Result<PullRequestId> {
        let (name, number) = (highlight.repo.full_name(), highlight.number);
        let found = github::reads::pull_request(&self.context.db, &name, number).await?;
        let found = found.with_context(|| format!("{name} #{number} is unknown"))?;
        Ok(PullRequestId::new(found.id))
    }

    /// Returns the moderator whom visitors can sign in as; `None` if no one can sign in as others.
    pub(super) async fn moderator(&self) -> anyhow::Result<Option<UserId>> {
        self.with_role(1, Role::Moderator).await
    }

    /// Returns the admin whom visitors can sign in as; `None` if no one can sign in as others.
    pub(super) async fn admin(&self) -> anyhow::Result<Option<UserId>> {
        self.with_role(2, Role::Admin).await
    }

    async fn with_role(&self, place: usize, role: Role) -> anyhow::Result<Option<UserId>> {
        let person = self.person(self.other(place)?)?;
        let held = identity::reads::role(&self.context.db, person).await?;
        Ok((held == Some(role)).then_some(person))
    }
}

/// Returns the maintainers and the most active people of a season.
pub(super) fn well_known(season: &Season) -> Vec<GithubAccount> {
    let maintainers = season.projects.iter().flat_map(|project| &project.maintainers);
    let everyone = maintainers.chain(season.others().take(ACTIVE));
    everyone.map(|account| account_of(account, season)).collect()
}

/// Returns the actor of a decision: a person, or an operator where there is none.
pub(super) fn actor(person: Option<UserId>) -> Actor {
    person.map_or(Actor::Operator, |person| Actor::Person(person.0))
}

/// Returns the result of an action; `None` if it was taken before, or its time is over: an interrupted demo may be continued
/// weeks later.
pub(super) fn unless_over<T>(result: Result<T, ActionError>) -> anyhow::Result<Option<T>> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(ActionError::Refused(problem)) if problem.kind == ProblemKind::Conflict => Ok(None),
        Err(error) => Err(error.into()),
    }
}
