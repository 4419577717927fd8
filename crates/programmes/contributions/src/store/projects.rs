use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::model::{Inactive, InactiveState, ProjectId, SeasonId};
use github::{model::RepositoryId, rules::own_repository::Allowed};
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, Tx, ids},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use crate::rules::{Candidate, ProjectTexts, RulesDocument, VersionedRules, review::IdleDays};

/// Inserts a project with the default rules as their first version.
pub(crate) async fn insert(
    tx: &Tx,
    id: ProjectId,
    slug: &str,
    texts: &ProjectTexts,
    rules_id: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO projects (id, slug, name, name_folded, description, tags, difficulty, created_at, updated_at) \
               VALUES ($1, $2, $3, $8, $4, $5, $6, $7, $7)";
    let values = [
        id.into(),
        slug.into(),
        texts.name.as_str().into(),
        texts.description.as_str().into(),
        json!(texts.tags).to_string().into(),
        texts.difficulty.clone().into(),
        now.into(),
        FoldedText::of(&texts.name).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "INSERT INTO project_rules (id, project_id, version, document, published_at, created_at) \
               VALUES ($1, $2, 1, $4, $3, $3)";
    let document = Candidate::newest().text;
    let values = [rules_id.into(), id.into(), now.into(), document.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A version of a project's rules that is published.
pub(crate) struct RulesRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) project: ProjectId,
    pub(crate) version: i64,
    pub(crate) document: &'a str,
    pub(crate) published_at: Timestamp,
    pub(crate) published_by: Option<Uuid>,
    /// The season whose organizers publish it.
    pub(crate) season: Option<SeasonId>,
}

pub(crate) async fn insert_rules(tx: &Tx, rules: &RulesRow<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO project_rules (id, project_id, version, document, published_at, published_by_id, \
               season_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $5)";
    let values = [
        rules.id.into(),
        rules.project.into(),
        rules.version.into(),
        rules.document.into(),
        rules.published_at.into(),
        rules.published_by.into(),
        rules.season.map(|it| it.0).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Adds a repository to a project.
pub(crate) async fn add_repository(
    tx: &Tx,
    id: Uuid,
    project: ProjectId,
    repository: RepositoryId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO project_repositories (id, project_id, repository_id, created_at) \
               VALUES ($1, $2, $3, $4)";
    let values = [id.into(), project.into(), repository.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes a repository from a project; returns whether it belonged to it.
pub(crate) async fn remove_repository(
    tx: &Tx,
    project: ProjectId,
    repository: RepositoryId,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM project_repositories WHERE project_id = $1 AND repository_id = $2";
    let values = [project.into(), repository.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Returns the state of a repository in its project, if it is inactive.
pub(crate) async fn inactive(
    db: &impl Sql,
    repository: RepositoryId,
) -> Result<Option<Inactive>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        inactive_state: InactiveState,
        inactive_since: Timestamp,
    }
    let sql = "SELECT inactive_state, inactive_since FROM project_repositories \
               WHERE repository_id = $1 AND inactive_state IS NOT NULL";
    let found: Option<Row> = db.one(db.statement(sql, [repository.into()])).await?;
    Ok(found.map(|row| Inactive { state: row.inactive_state, since: row.inactive_since }))
}

/// Makes a repository inactive in its project, or active again.
pub(crate) async fn set_inactive(
    tx: &Tx,
    repository: RepositoryId,
    inactive: Option<Inactive>,
) -> Result<(), DbError> {
    let sql = "UPDATE project_repositories SET inactive_state = $1, inactive_since = $2 \
               WHERE repository_id = $3";
    let state = inactive.map(|it| it.state.as_str().to_owned());
    let since = inactive.map(|it| it.since);
    tx.run(tx.statement(sql, [state.into(), since.into(), repository.into()])).await?;
    Ok(())
}

/// Writes the texts of a project, and when it was archived.
pub(crate) async fn update(
    tx: &Tx,
    id: ProjectId,
    texts: &ProjectTexts,
    archived_at: Option<Timestamp>,
    idle: IdleDays,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE projects SET name = $1, description = $2, tags = $3, difficulty = $4, \
               archived_at = $5, updated_at = $6, stale_days = $8, abandoned_days = $9, \
               name_folded = $10 WHERE id = $7";
    let values = [
        texts.name.as_str().into(),
        texts.description.as_str().into(),
        json!(texts.tags).to_string().into(),
        texts.difficulty.clone().into(),
        archived_at.into(),
        now.into(),
        id.into(),
        idle.stale.into(),
        idle.abandoned.into(),
        FoldedText::of(&texts.name).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Sets whether abandoned pull requests of a project are closed on GitHub.
pub(crate) async fn set_closes_abandoned(
    tx: &Tx,
    id: ProjectId,
    closes: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE projects SET closes_abandoned = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [closes.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Notes the path and the description of a project's picture.
pub(crate) async fn set_picture(
    tx: &Tx,
    id: ProjectId,
    picture: Option<(&str, &str)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE projects SET picture = $1, picture_text = $2, updated_at = $3 WHERE id = $4";
    let (path, text) = picture.unzip();
    let (path, text) = (path.map(str::to_owned), text.map(str::to_owned));
    tx.run(tx.statement(sql, [path.into(), text.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Sets the kinds of repositories that a project allows.
pub(crate) async fn allow(
    tx: &Tx,
    id: ProjectId,
    allowed: Allowed,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql =
        "UPDATE projects SET allows_forks = $1, allows_private = $2, updated_at = $3 WHERE id = $4";
    let values = [allowed.forks.into(), allowed.private.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Lists all projects, archived ones too.
pub(crate) async fn all(db: &impl Sql) -> Result<BTreeSet<ProjectId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let rows: Vec<Row> = db.all(db.statement("SELECT id FROM projects", [])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Finds the project of each repository.
pub(crate) async fn of_repositories(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<HashMap<RepositoryId, ProjectId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
        project_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT p.repository_id, p.project_id FROM {rows} \
         JOIN project_repositories p ON p.repository_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.repository_id.into(), row.project_id.into())).collect())
}

/// Reads stored numbers of days.
pub(crate) fn idle_days(stale: i64, abandoned: i64) -> IdleDays {
    let days = |days: i64| u32::try_from(days).unwrap_or(u32::MAX);
    IdleDays { stale: days(stale), abandoned: days(abandoned) }
}

/// The published rules of some projects, and when those that are archived were.
#[derive(Clone, Debug, Default)]
pub(crate) struct Published {
    /// The versions, oldest first.
    versions: HashMap<ProjectId, Vec<(Timestamp, Arc<VersionedRules>)>>,
    archived: HashMap<ProjectId, Timestamp>,
    /// When the repositories that are inactive became so.
    inactive: HashMap<RepositoryId, Timestamp>,
    idle: HashMap<ProjectId, IdleDays>,
}

impl Published {
    /// Creates the rules of a project as if one version had applied since the start.
    pub(crate) fn only(&self, project: ProjectId, rules: VersionedRules) -> Self {
        let version = (Timestamp::MIN_UTC, Arc::new(rules));
        Self {
            versions: HashMap::from([(project, vec![version])]),
            archived: self.archived.clone(),
            inactive: self.inactive.clone(),
            idle: HashMap::new(),
        }
    }

    /// Iterates over all versions of all projects.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &RulesDocument> {
        let versions = self.versions.values().flatten();
        versions.map(|(_, rules)| &rules.document)
    }

    /// Returns when a project was archived; `None` while it is not.
    pub(crate) fn archived_at(&self, project: ProjectId) -> Option<Timestamp> {
        self.archived.get(&project).copied()
    }

    /// Returns when a repository was paused or archived in its project; `None` while it is not.
    pub(crate) fn inactive_since(&self, repository: RepositoryId) -> Option<Timestamp> {
        self.inactive.get(&repository).copied()
    }

    /// Returns the numbers of days after which a project's pull requests are idle.
    pub(crate) fn idle_days(&self, project: ProjectId) -> IdleDays {
        self.idle.get(&project).copied().unwrap_or_default()
    }

    /// Returns the version that applies at a time. A project's first version applies since the start.
    pub(crate) fn in_force(&self, project: ProjectId, at: Timestamp) -> Arc<VersionedRules> {
        let versions = self.versions.get(&project).map(Vec::as_slice).unwrap_or_default();
        let in_force = versions.iter().rev().find(|(published_at, _)| *published_at <= at);
        match in_force.or(versions.first()) {
            Some((_, rules)) => Arc::clone(rules),
            // Unreachable: a project is created together with its first version.
            None => Arc::new(VersionedRules { version: 0, document: RulesDocument::default() }),
        }
    }
}

/// Returns the longest time in days that points of any version of any project's rules mature.
pub(crate) async fn longest_maturing(db: &impl Sql) -> Result<u32, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        document: String,
    }
    let sql = "SELECT DISTINCT document FROM project_rules";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    let days = rows
        .iter()
        .filter_map(|row| RulesDocument::parse(&row.document).ok())
        .map(|document| document.maturing_days);
    Ok(days.max().unwrap_or(0))
}

pub(crate) async fn published(
    db: &impl Sql,
    projects: &BTreeSet<ProjectId>,
) -> Result<Published, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        project_id: Uuid,
        version: i64,
        document: String,
        published_at: Timestamp,
        archived_at: Option<Timestamp>,
        stale_days: i64,
        abandoned_days: i64,
    }
    let mut query = db.query();
    let rows = query.rows(ids(projects.iter().copied()), "r");
    let sql = format!(
        "SELECT p.project_id, p.version, p.document, p.published_at, j.archived_at, \
         j.stale_days, j.abandoned_days FROM {rows} \
         JOIN projects j ON j.id = r.id JOIN project_rules p ON p.project_id = r.id \
         ORDER BY p.project_id, p.version"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut published =
        Published { inactive: inactive_in(db, projects).await?, ..Published::default() };
    for row in rows {
        let document = RulesDocument::parse(&row.document).map_err(|errors| {
            sea_orm::DbErr::Type(format!(
                "version {} of a project's rules: {errors:?}",
                row.version
            ))
        })?;
        let rules =
            VersionedRules { version: i32::try_from(row.version).unwrap_or(i32::MAX), document };
        let idle = idle_days(row.stale_days, row.abandoned_days);
        published.idle.insert(row.project_id.into(), idle);
        if let Some(at) = row.archived_at {
            published.archived.insert(row.project_id.into(), at);
        }
        let versions = published.versions.entry(row.project_id.into()).or_default();
        versions.push((row.published_at, Arc::new(rules)));
    }
    Ok(published)
}

/// Returns when the repositories of projects that are paused or archived were.
async fn inactive_in(
    db: &impl Sql,
    projects: &BTreeSet<ProjectId>,
) -> Result<HashMap<RepositoryId, Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
        inactive_since: Timestamp,
    }
    let mut query = db.query();
    let rows = query.rows(ids(projects.iter().copied()), "r");
    // CROSS JOIN makes SQLite start with the set.
    let sql = format!(
        "SELECT p.repository_id, p.inactive_since FROM {rows} CROSS JOIN project_repositories p \
         WHERE p.project_id = r.id AND p.inactive_since IS NOT NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.repository_id.into(), row.inactive_since)).collect())
}
