//! The people whom visitors of the demo can sign in as. They are registered like everyone else.

use chrono::TimeDelta;
use identity::{
    actions::{grant_role, know_accounts},
    model::{AccountKind, Authority, DemoPerson, GithubAccount, Role},
};
use platform::{Context, audit::Actor, module::Services};
use testkit::{clock::as_of, fake_github::usual_creation, payloads::Account, season::Season};

use crate::actions::add_maintainer;

/// Picks an active person of the season for each role.
pub(super) fn of(season: &Season) -> Vec<DemoPerson> {
    let maintainer = season.projects.iter().flat_map(|project| &project.maintainers).next();
    let mut others = season.others();
    let parts = [
        (
            "contributor",
            "Points with their reasons, a claim that ends tomorrow, and a project to submit.",
            others.next(),
        ),
        (
            "maintainer",
            "Pull requests that need a review, most urgent first, and a season that ends soon.",
            maintainer,
        ),
        ("moderator", "Reports, flags and disputes that need a decision.", others.next()),
        (
            "admin",
            "What is stuck: an appeal, points to approve, an account to erase. All settings.",
            others.next(),
        ),
    ];
    let person = |(part, sees, account): (&'static str, &'static str, Option<&Account>)| {
        Some(DemoPerson { part, sees, account: account_of(account?, season) })
    };
    parts.into_iter().filter_map(person).collect()
}

/// Returns the account as of the season's start, so that every delivery is newer.
pub(super) fn account_of(account: &Account, season: &Season) -> GithubAccount {
    GithubAccount {
        github_id: account.id,
        login: account.login.clone(),
        kind: AccountKind::from_github(Some(account.kind.name()), &account.login),
        avatar_url: None,
        created_at: Some(usual_creation(account.id)),
        seen_at: season.spec.from,
    }
}

/// Lets the demo's people sign in once, and gives them their roles. Roles that they already have are not changed.
pub(super) async fn register(
    context: &Context,
    people: &[DemoPerson],
    season: &Season,
) -> anyhow::Result<()> {
    for person in people {
        let id = identity::demo::sign_in_once(context, person.account.clone()).await?;
        let login = &person.account.login;
        let role = match person.part {
            "admin" => Role::Admin,
            "moderator" => Role::Moderator,
            _ => Role::User,
        };
        if identity::reads::role(&context.db, id).await? != Some(role) {
            grant_role(context, Actor::Operator, login, role).await?;
        }
        if let ("maintainer", Some(project)) = (person.part, season.projects.first()) {
            add_maintainer(context, Actor::Operator, &project.slug, login).await?;
        }
    }
    Ok(())
}

/// Lets people say who they are. Those who did are left out.
pub(super) async fn introduce(
    context: &Context,
    accounts: Vec<GithubAccount>,
) -> anyhow::Result<()> {
    let logins: Vec<(i64, String)> =
        accounts.iter().map(|own| (own.github_id, own.login.clone())).collect();
    let tx = context.begin().await?;
    let known = know_accounts(&tx, context, Authority::Github, accounts).await?;
    tx.commit().await?;
    let person = |(id, login)| known.get(&id).map(|known| (known.user_id, login));
    let people = logins.into_iter().filter_map(person).collect();
    identity::demo::introduce(context, people).await?;
    Ok(())
}

/// Lets those who are known by their deliveries say who they are.
pub(super) async fn introduce_known(context: &Context, season: &Season) -> anyhow::Result<()> {
    let ids = season.people.iter().map(|account| account.id);
    let known = identity::reads::known(&context.db, ids).await?;
    let people = season.people.iter().filter_map(|account| {
        let known = known.get(&account.id)?;
        Some((known.user_id, account.login.clone()))
    });
    identity::demo::introduce(context, people.collect()).await?;
    Ok(())
}

/// An account of no one in the season. The number is no account on GitHub.
const LEAVER: (i64, &str) = (-50, "sable-wharf");

/// The days since its person closed it. Two are left until it is erased.
const CLOSED: TimeDelta = TimeDelta::days(28);

/// Lets a person close their account some weeks ago, unless they did.
pub(super) async fn leave(services: &Services, season: &Season) -> anyhow::Result<()> {
    let (id, login) = LEAVER;
    let seen_at = season.spec.from;
    let account = GithubAccount::new(id, login.to_owned(), AccountKind::User, seen_at);
    let earlier = as_of(&services.context, services.context.now() - CLOSED);
    identity::demo::close(services, &earlier, account).await?;
    Ok(())
}

/// Makes the season's maintainers maintainers of their projects. Those who are stay so.
pub(super) async fn appoint(context: &Context, season: &Season) -> anyhow::Result<()> {
    for project in &season.projects {
        for account in &project.maintainers {
            add_maintainer(context, Actor::Operator, &project.slug, &account.login).await?;
        }
    }
    Ok(())
}
