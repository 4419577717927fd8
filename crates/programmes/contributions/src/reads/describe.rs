use std::collections::HashMap;

use github::{model::PullRequestId, reads::PullRequest};
use platform::db::{Db, DbError};
use recognition::model::{EntryDescription, EntryWithExplanation, SourceLink};
use ui::format::{segment, with_real_minus};
use uuid::Uuid;

use crate::rules::{Explanation, Reason};

/// Describes entries, with links to the pages of their pull requests.
pub(crate) async fn describe(
    db: &Db,
    entries: &[EntryWithExplanation],
) -> Result<Vec<EntryDescription>, DbError> {
    let ids = entries
        .iter()
        .map(|entry| PullRequestId::from(entry.source_id));
    let pulls = github::reads::pull_requests(db, ids).await?;
    Ok(entries
        .iter()
        .map(|entry| description(entry, &pulls))
        .collect())
}

fn description(
    entry: &EntryWithExplanation,
    pulls: &HashMap<Uuid, PullRequest>,
) -> EntryDescription {
    let source = pulls.get(&entry.source_id).map(link);
    let hidden = source.is_none().then_some("in a private repository");
    let explanation = Explanation::read(&entry.explanation).ok();
    let awards = explanation.iter().flat_map(|own| &own.awards);
    let sentences = awards
        .map(|award| with_real_minus(&award.sentence()))
        .collect();
    let explanation = explanation.and_then(|own| serde_json::to_value(own).ok());
    let Some(reason) = Reason::from_code(&entry.reason) else {
        return EntryDescription {
            source,
            hidden,
            sentences,
            explanation,
            ..EntryDescription::of_reason(&entry.reason)
        };
    };
    EntryDescription {
        reason: reason.word().to_owned(),
        source,
        hidden,
        sentences,
        explanation,
    }
}

fn link(pull: &PullRequest) -> SourceLink {
    let name = pull.full_name.split('/').map(segment);
    let path = name.collect::<Vec<_>>().join("/");
    SourceLink {
        label: format!("{} #{}", pull.full_name, pull.number),
        address: format!("/pull-requests/{path}/{}", pull.number),
    }
}
