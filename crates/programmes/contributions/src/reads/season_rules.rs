//! Queries for the rules of a season in its projects.

use identity::model::{Role, UserId, Viewer};
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{RulesVersion, SeasonView, current_rules, maintains, season_projects};
use crate::{
    model::{ProjectId, SeasonId},
    rules::{
        RulesDocument,
        rule_words::{RuleChange, changes_between},
    },
};

/// The effect of publishing the rules of a season in one of its projects.
#[derive(Clone, Debug)]
pub struct RulesPlan {
    pub slug: String,
    pub name: String,
    /// The current version of the project's rules.
    pub version: i64,
    /// True if the maintainers published rules that are not the usual ones.
    pub has_own: bool,
    pub(crate) changes: Vec<RuleChange>,
    /// Why nothing is published there, if so.
    pub bar: Option<&'static str>,
}

impl RulesPlan {
    /// Returns whether the rules are published there unless projects are chosen.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.bar.is_none() && !self.has_own
    }
}

/// Lists what publishing the rules of a season would do in each of its projects, by slug. A command has no viewer.
pub async fn rules_plans(
    db: &impl Sql,
    viewer: Option<&Viewer>,
    season: &SeasonView,
) -> Result<Vec<RulesPlan>, DbError> {
    let rules = RulesDocument::parse(&season.rules).unwrap_or_default();
    // The first version of a project, which earlier releases wrote as the former.
    let usual = [RulesDocument::default(), RulesDocument::newest()];
    let mut plans = Vec::new();
    for project in season_projects(db, SeasonId::new(season.id)).await? {
        let id = ProjectId::new(project.id);
        let current = current_rules(db, id).await?;
        let before = current.rules();
        let changes = changes_between(&before, &rules);
        let maintained = match viewer {
            Some(viewer) if !viewer.acts_as(Role::Admin) => {
                maintains(db, id, viewer.user_id).await?
            }
            _ => true,
        };
        plans.push(RulesPlan {
            slug: project.slug,
            name: project.name,
            version: current.version,
            has_own: !usual.contains(&before)
                && before != rules
                && season_of_current(db, id).await?.is_none(),
            bar: if !maintained {
                Some("Only maintainers of the project can publish its rules.")
            } else if project.archived_at.is_some() {
                Some("The project is archived.")
            } else if before == rules {
                Some("The project has these rules already.")
            } else {
                None
            },
            changes,
        });
    }
    Ok(plans)
}

/// Returns the season whose organizers published the current rules of a project; `None` if its maintainers did.
async fn season_of_current(db: &impl Sql, project: ProjectId) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        season_id: Option<Uuid>,
    }
    let sql =
        "SELECT season_id FROM project_rules WHERE project_id = $1 ORDER BY version DESC LIMIT 1";
    let found: Option<Row> = db.one(db.statement(sql, [project.into()])).await?;
    Ok(found.and_then(|row| row.season_id))
}

/// A version of a project's rules that the organizers of a season published.
#[derive(Clone, Debug)]
pub struct SeasonRulesVersion {
    pub project_id: Uuid,
    pub season_id: Uuid,
    pub published_by: Option<UserId>,
    pub rules: RulesVersion,
    pub before: Option<RulesVersion>,
}

/// Finds a version of a project's rules that the organizers of a season published, by its row.
pub async fn season_rules_version(
    db: &impl Sql,
    row: Uuid,
) -> Result<Option<SeasonRulesVersion>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        project_id: Uuid,
        season_id: Uuid,
        published_by_id: Option<Uuid>,
        version: i64,
        document: String,
        published_at: Timestamp,
    }
    let sql = "SELECT project_id, season_id, published_by_id, version, document, published_at FROM project_rules \
               WHERE id = $1 AND season_id IS NOT NULL";
    let Some(found): Option<Row> = db.one(db.statement(sql, [row.into()])).await? else {
        return Ok(None);
    };
    let sql = "SELECT version, document, published_at FROM project_rules \
               WHERE project_id = $1 AND version = $2";
    let values = [found.project_id.into(), (found.version - 1).into()];
    let before = db.one(db.statement(sql, values)).await?;
    Ok(Some(SeasonRulesVersion {
        project_id: found.project_id,
        season_id: found.season_id,
        published_by: found.published_by_id.map(UserId::new),
        rules: RulesVersion {
            version: found.version,
            document: found.document,
            published_at: found.published_at,
        },
        before,
    }))
}
