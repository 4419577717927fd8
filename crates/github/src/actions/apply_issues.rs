use std::collections::{BTreeMap, BTreeSet};

use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::{ISSUES_CHANGED, RepositoryId},
    rules::issues::StatedIssue,
    store::issues,
};

/// Records what is stated about issues of repositories, and wakes what follows those that changed.
pub(super) async fn apply_issues(
    tx: &mut Tx,
    context: &Context,
    stated: BTreeMap<RepositoryId, Vec<StatedIssue>>,
) -> Result<(), DbError> {
    let mut changed = BTreeSet::new();
    for (repository, stated) in stated {
        let newest = newest(stated);
        let ids = context.ids.as_ref();
        if issues::record(tx, ids, repository, &newest, context.now()).await? > 0 {
            changed.insert(repository.0);
        }
    }
    wake_issues(tx, context, changed).await
}

/// Wakes what follows the issues of repositories.
pub(super) async fn wake_issues(
    tx: &mut Tx,
    context: &Context,
    repositories: BTreeSet<uuid::Uuid>,
) -> Result<(), DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(ISSUES_CHANGED, repositories, ids, now).await
}

/// Returns the newest statement about each issue.
fn newest(stated: Vec<StatedIssue>) -> Vec<StatedIssue> {
    let mut newest: BTreeMap<i64, StatedIssue> = BTreeMap::new();
    for issue in stated {
        let age = |issue: &StatedIssue| (issue.changed_at, issue.rank.clone());
        let known = newest.get(&issue.number);
        if known.is_none_or(|known| age(known) < age(&issue)) {
            newest.insert(issue.number, issue);
        }
    }
    newest.into_values().collect()
}
