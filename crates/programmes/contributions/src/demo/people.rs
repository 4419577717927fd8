//! The people whom visitors of the demo can sign in as. They are registered like everyone else.

use identity::{
    actions::{grant_role, know_accounts},
    model::{AccountKind, Authority, DemoPerson, GithubAccount, Role},
};
use platform::{Context, audit::Actor};
use testkit::{fake_github::usual_creation, payloads::Account, season::Season};

use crate::actions::add_maintainer;

/// Picks an active person of the season for each role.
pub(super) fn of(season: &Season) -> Vec<DemoPerson> {
    let maintainer = season.projects.iter().flat_map(|project| &project.maintainers).next();
    let mut others = season.others();
    let parts = [
        ("contributor", "Opens pull requests and earns points.", others.next()),
        ("maintainer", "Maintains a project.", maintainer),
        ("moderator", "Decides on flags and disputes.", others.next()),
        ("admin", "Has full access.", others.next()),
    ];
    let person = |(part, what, account): (&'static str, &'static str, Option<&Account>)| {
        Some(DemoPerson { part, what, account: account_of(account?, season) })
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

/// Registers the demo's people with their roles. Roles that they already have are not changed.
pub(super) async fn register(
    context: &Context,
    people: &[DemoPerson],
    season: &Season,
) -> anyhow::Result<()> {
    let tx = context.begin().await?;
    let accounts = people.iter().map(|person| person.account.clone());
    let known = know_accounts(&tx, context, Authority::Github, accounts).await?;
    tx.commit().await?;
    for person in people {
        let Some(known) = known.get(&person.account.github_id) else {
            continue;
        };
        let login = &person.account.login;
        let role = match person.part {
            "admin" => Role::Admin,
            "moderator" => Role::Moderator,
            _ => Role::User,
        };
        if identity::reads::role(&context.db, known.user_id).await? != Some(role) {
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

/// Makes the season's maintainers maintainers of their projects. Those who are stay so.
pub(super) async fn appoint(context: &Context, season: &Season) -> anyhow::Result<()> {
    for project in &season.projects {
        for account in &project.maintainers {
            add_maintainer(context, Actor::Operator, &project.slug, &account.login).await?;
        }
    }
    Ok(())
}
