use std::collections::{BTreeMap, BTreeSet};

use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::ProjectId,
    rules::{Skill, skills_of},
};

/// Lists the skills of all projects, which are their tags, with the projects of each.
pub(crate) async fn skills(db: &impl Sql) -> Result<BTreeMap<Skill, BTreeSet<ProjectId>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        tags: String,
    }
    let rows: Vec<Row> =
        db.all(db.statement("SELECT id, tags FROM projects ORDER BY slug", [])).await?;
    let mut skills: BTreeMap<Skill, BTreeSet<ProjectId>> = BTreeMap::new();
    for row in rows {
        let tags: Vec<String> = serde_json::from_str(&row.tags).unwrap_or_default();
        for skill in skills_of(&tags) {
            skills.entry(skill).or_default().insert(row.id.into());
        }
    }
    Ok(skills)
}
