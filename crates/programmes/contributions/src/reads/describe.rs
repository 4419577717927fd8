use std::collections::{BTreeSet, HashMap};

use github::{model::PullRequestId, reads::PullRequest};
use platform::db::{Db, DbError};
use recognition::{
    Targets,
    model::{EntryDescription, EntryWithExplanation, SourceLink},
};
use ui::format::{segment, with_real_minus};
use uuid::Uuid;

use crate::rules::{EntryReason, Explanation};

/// Describes entries, with links to the pages of their pull requests.
pub(crate) async fn describe(
    db: &Db,
    entries: &[EntryWithExplanation],
) -> Result<Vec<EntryDescription>, DbError> {
    let ids = entries.iter().map(|entry| PullRequestId::from(entry.source_id));
    let pulls = github::reads::pull_requests(db, ids).await?;
    let removed = removed(db, entries, &pulls).await?;
    Ok(entries
        .iter()
        .map(|entry| {
            let pull = pulls.get(&entry.source_id);
            description(entry, pull, !removed.contains(&entry.source_id))
        })
        .collect())
}

/// Finds the pull requests among `pulls` that belong to no project any more, and so have no page. Their entries are
/// reversed, so most lists need no query: a reversal is earned when its entry is, and so listed beside it.
async fn removed(
    db: &Db,
    entries: &[EntryWithExplanation],
    pulls: &HashMap<Uuid, PullRequest>,
) -> Result<BTreeSet<Uuid>, DbError> {
    let reversals = entries.iter().filter(|entry| entry.is_reversal());
    let mut reversed: BTreeSet<Uuid> = reversals.map(|entry| entry.source_id).collect();
    reversed.retain(|id| pulls.contains_key(id));
    if !reversed.is_empty() {
        let ids = reversed.iter().copied().map(PullRequestId::from);
        let states = super::states(db, ids).await?;
        reversed.retain(|id| !states.contains_key(id));
    }
    Ok(reversed)
}

/// Describes an entry. A pull request of no project has no page.
fn description(
    entry: &EntryWithExplanation,
    pull: Option<&PullRequest>,
    has_page: bool,
) -> EntryDescription {
    let source = pull.filter(|_| has_page).map(link);
    let hidden = match (pull, has_page) {
        (None, _) => Some("in a private repository"),
        (Some(_), false) => Some("in a repository that was removed"),
        (Some(_), true) => None,
    };
    let explanation = Explanation::read(&entry.explanation).ok();
    let awards = explanation.iter().flat_map(|own| &own.awards);
    let sentences = awards.map(|award| with_real_minus(&award.sentence())).collect();
    let explanation = explanation.and_then(|own| serde_json::to_value(own).ok());
    let Some(reason) = EntryReason::from_code(&entry.reason) else {
        return EntryDescription {
            source,
            hidden,
            sentences,
            explanation,
            ..EntryDescription::of_reason(&entry.reason)
        };
    };
    EntryDescription { reason: reason.word().to_owned(), source, hidden, sentences, explanation }
}

fn link(pull: &PullRequest) -> SourceLink {
    SourceLink {
        label: format!("{} #{}", pull.full_name, pull.number),
        address: pull_address(&pull.full_name, pull.number),
    }
}

/// Returns the path of the page of a pull request, whose repository is named `owner/name`.
pub(crate) fn pull_address(full_name: &str, number: i64) -> String {
    let name: Vec<String> = full_name.split('/').map(segment).collect();
    format!("/pull-requests/{}/{number}", name.join("/"))
}

/// Returns the names and pages of pull requests, for the audit log. Those of private repositories are left out.
pub(crate) async fn pull_targets(db: &Db, ids: &BTreeSet<Uuid>) -> Result<Targets, DbError> {
    let ids = ids.iter().copied().map(PullRequestId::from);
    let pulls = github::reads::pull_requests(db, ids).await?;
    let named = |(id, pull): (Uuid, PullRequest)| {
        let SourceLink { label, address } = link(&pull);
        (id, (label, address))
    };
    Ok(pulls.into_iter().map(named).collect())
}
