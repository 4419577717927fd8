//! The demo's people whom one can be: they come in through the doors that all people come by.

use contributions::actions::appoint_maintainer;
use identity::{
    actions::{grant_role, know_accounts},
    model::{AccountKind, DemoPeople, DemoPerson, GithubAccount, Role},
};
use platform::audit::Actor;
use testkit::{payloads::Account, season::Season};

use crate::App;

/// One person of the season for each part; the busy ones, so that there is something to see.
pub(super) fn of(season: &Season) -> DemoPeople {
    let maintains = |person: &&Account| {
        let mut all = season
            .projects
            .iter()
            .flat_map(|project| &project.maintainers);
        all.any(|own| own.id == person.id)
    };
    let maintainer = season
        .projects
        .iter()
        .flat_map(|project| &project.maintainers)
        .next();
    let mut others = season.people.iter().filter(|person| !maintains(person));
    let parts = [
        (
            "contributor",
            "Opens pull requests and earns points.",
            others.next(),
        ),
        ("maintainer", "Looks after a project.", maintainer),
        (
            "moderator",
            "Looks after people and disputes.",
            others.next(),
        ),
        ("admin", "May do everything.", others.next()),
    ];
    let person = |(part, what, account): (&'static str, &'static str, Option<&Account>)| {
        Some(DemoPerson {
            part,
            what,
            account: account_of(account?, season),
        })
    };
    DemoPeople(parts.into_iter().filter_map(person).collect())
}

/// As it was when the season began: whatever deliveries say later is newer.
fn account_of(account: &Account, season: &Season) -> GithubAccount {
    GithubAccount {
        github_id: account.id,
        login: account.login.clone(),
        kind: AccountKind::from_github(Some(account.kind.name()), &account.login),
        avatar_url: None,
        seen_at: season.spec.from,
    }
}

/// Makes them known, with the roles of their parts; what they have already is left.
pub(super) async fn let_in(app: &App, demo: &DemoPeople, season: &Season) -> anyhow::Result<()> {
    let context = &app.context;
    let tx = context.begin().await?;
    let accounts = demo.0.iter().map(|person| person.account.clone());
    let known = know_accounts(&tx, context, accounts).await?;
    tx.commit().await?;
    for person in demo.0.iter() {
        let Some(known) = known.get(&person.account.github_id) else {
            continue;
        };
        let login = &person.account.login;
        let role = match person.part {
            "admin" => Role::Admin,
            "moderator" => Role::Moderator,
            _ => Role::User,
        };
        if identity::reads::role(&context.db, known.user_id).await? != role.as_str() {
            grant_role(context, Actor::Operator, login, role).await?;
        }
        if let ("maintainer", Some(project)) = (person.part, season.projects.first()) {
            appoint_maintainer(context, Actor::Operator, &project.slug, login).await?;
        }
    }
    Ok(())
}
