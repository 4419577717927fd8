//! The contributor whom visitors can sign in as says what they look for, and claimed an issue some days ago.

use chrono::TimeDelta;
use identity::{
    actions::know_accounts,
    model::{Authority, DemoPeople, UserId},
};
use platform::{ActionError, module::Services};
use testkit::clock::as_of;

use super::issues::REPOSITORIES;
use crate::{
    actions::{claim, state_preferences},
    model::PERIOD,
    reads,
    rules::preferences::StatedPreferences,
};

/// The time that is left of the claim.
const LEFT: TimeDelta = TimeDelta::hours(22);

/// The place of the claimed issue among those for newcomers, without those of projects, which visitors see first.
const CLAIMED: usize = 4;
const READ: i64 = 12;

/// Lets the contributor state preferences and claim an issue, unless they did.
pub(super) async fn begin(services: &Services) -> anyhow::Result<()> {
    let context = &services.context;
    let Some(person) = find(services).await? else {
        return Ok(());
    };
    if reads::profiled(&context.db, person).await?.stated.is_some() {
        return Ok(());
    }
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let stated = StatedPreferences {
        skills: named(&["testing", "documentation"]),
        languages: named(&["Rust", "TypeScript"]),
        interests: named(&["command-line", "maps", "accessibility"]),
        level: Some("intermediate".to_owned()),
        hours_a_week: Some(6.0),
        ..StatedPreferences::default()
    };
    state_preferences(context, person, &stated).await?;
    let (issues, _) = reads::welcoming(&context.db, READ).await?;
    let issues = reads::opportunities(&context.db, &issues).await?;
    let is_apart = |name: &str| REPOSITORIES.iter().any(|own| own.full_name() == name);
    let mut apart = issues.iter().filter(|own| is_apart(&own.repository));
    let Some(issue) = apart.nth(CLAIMED).map(|own| own.id) else {
        return Ok(());
    };
    let earlier = as_of(context, context.now() - (PERIOD - LEFT));
    match claim(&earlier, person, issue).await {
        // Someone else was faster, or the issue was closed in the meantime.
        Ok(_) | Err(ActionError::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Finds the contributor; `None` if no one can sign in as others.
async fn find(services: &Services) -> anyhow::Result<Option<UserId>> {
    let people = services.extensions.get::<DemoPeople>().cloned().unwrap_or_default();
    let Some(person) = people.0.iter().find(|person| person.part == "contributor") else {
        return Ok(None);
    };
    let tx = services.context.begin().await?;
    let account = person.account.clone();
    let known = know_accounts(&tx, &services.context, Authority::Github, [account]).await?;
    tx.commit().await?;
    Ok(known.get(&person.account.github_id).map(|known| known.user_id))
}
