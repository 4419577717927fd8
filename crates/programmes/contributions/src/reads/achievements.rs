use std::collections::HashMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{Db, DbError, Kind, Sql, ids};
use recognition::{
    model::{Achievement, Champion, MERGED, Share},
    rules::badges::champions,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::rules::{CountedMerge, Explanation};

/// A merged pull request as [`MERGE`] selects it.
#[derive(Deserialize)]
struct Merge(Option<Uuid>, Uuid, Uuid, i64, Timestamp, Option<String>);

const MERGE: &str = "c.author_id, c.project_id, c.pull_request_id, c.github_id, c.merged_at, \
                     c.merge_explanation";

const COLUMNS: [(&str, Kind); 6] = [
    ("author_id", Kind::Uuid),
    ("project_id", Kind::Uuid),
    ("pull_request_id", Kind::Uuid),
    ("github_id", Kind::Int),
    ("merged_at", Kind::At),
    ("merge_explanation", Kind::Text),
];

impl Merge {
    /// Returns how it counts. One without an explanation was not settled yet.
    fn counted(&self) -> Option<CountedMerge> {
        Explanation::read(self.5.as_deref()?).ok()?.counted_merge()
    }
}

/// Lists the merged pull requests of people that count toward badges, and those that turned out to be spam.
pub(crate) async fn achievements(
    db: &impl Sql,
    people: &[UserId],
) -> Result<Vec<Achievement>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "r");
    let sql = format!(
        "SELECT {MERGE} FROM {rows} JOIN contributions c ON c.author_id = r.id \
         WHERE c.merged_at IS NOT NULL"
    );
    let merges: Vec<Merge> = db.documents(query.documents(&COLUMNS, &sql)).await?;
    let achievement = |merge: Merge| {
        let counted = merge.counted()?;
        Some(Achievement {
            user_id: merge.0?.into(),
            metric: MERGED,
            at: merge.4,
            order: merge.3,
            amount: 1,
            rating: counted.rating,
            is_void: counted.is_spam,
        })
    };
    Ok(merges.into_iter().filter_map(achievement).collect())
}

/// The number of pull requests that are read at once.
const PAGE: usize = 10_000;

/// A project's merges that count: the author, the time and GitHub's ID.
type Merges = Vec<(Option<UserId>, Timestamp, i64)>;

/// Finds the people who at some time had a share of a project's merges that count.
pub(crate) async fn project_champions(db: &Db, share: Share) -> Result<Vec<Champion>, DbError> {
    let mut projects: HashMap<Uuid, Merges> = HashMap::new();
    let mut after = Uuid::nil();
    loop {
        let page = merges_after(db, after).await?;
        let Some(last) = page.last() else { break };
        after = last.2;
        for merge in page {
            if merge.counted().is_some_and(|counted| !counted.is_spam) {
                let author = merge.0.map(UserId::from);
                let merges = projects.entry(merge.1).or_default();
                merges.push((author, merge.4, merge.3));
            }
        }
    }
    let names = super::projects::names(db).await?;
    let mut found = Vec::new();
    for (project, mut merges) in projects {
        let name = names.get(&project).map_or("", String::as_str);
        found.extend(champions(name, &mut merges, share));
    }
    Ok(found)
}

/// Lists merged pull requests after an ID, ordered by ID.
async fn merges_after(db: &Db, after: Uuid) -> Result<Vec<Merge>, DbError> {
    let mut query = db.query();
    let (after, limit) = (query.bind(after), query.bind(PAGE as i64));
    let sql = format!(
        "SELECT {MERGE} FROM contributions c WHERE c.pull_request_id > {after} \
         AND c.merged_at IS NOT NULL ORDER BY c.pull_request_id LIMIT {limit}"
    );
    let mut merges: Vec<Merge> = db.documents(query.documents(&COLUMNS, &sql)).await?;
    merges.sort_unstable_by_key(|merge| merge.2);
    Ok(merges)
}
