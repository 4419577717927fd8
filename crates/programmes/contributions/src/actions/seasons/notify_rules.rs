use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{SEASON_RULES, SeasonRules},
    reads,
    rules::rule_words::changes_between,
};

/// Notifies the maintainers of a project, except the person who did it, that the rules of a season became those of the project: what
/// changes, and from when on.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_season_rules(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    row: Uuid,
) -> Result<(), ActionError> {
    let Some(found) = reads::season_rules_version(tx, row).await? else {
        return Ok(());
    };
    let project = reads::project_by_id(tx, found.project_id.into()).await?;
    let season = reads::season_by_id(tx, found.season_id.into()).await?;
    let Some((project, season)) = project.zip(season) else {
        return Ok(());
    };
    let before = found.before.as_ref().map(reads::RulesVersion::rules).unwrap_or_default();
    let changes = changes_between(&before, &found.rules.rules()).into_iter();
    let email = SeasonRules {
        project: project.name,
        slug: project.slug,
        season: season.name,
        version: found.rules.version,
        since: found.rules.published_at.format("%-d %B %Y, %H:%M UTC").to_string(),
        changes: changes.map(|it| (it.rule.to_owned(), it.before, it.after)).collect(),
    };
    for maintainer in reads::maintainers(tx, found.project_id.into()).await? {
        if found.published_by == Some(maintainer.id) {
            continue;
        }
        let notice = Notice {
            kind: &SEASON_RULES,
            user_id: maintainer.id,
            object_id: row,
            occurrence: "",
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}
