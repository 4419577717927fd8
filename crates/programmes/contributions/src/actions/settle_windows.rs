use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::model::ProjectId;
use chrono::TimeDelta;
use github::model::PullRequestId;
use kernel::{Month, Timestamp};
use platform::{
    Context,
    db::{DbError, Tx},
};
use recognition::{
    model::{Boards, EntryKind, GLOBAL, Source, month_board},
    rules::Key,
};
use uuid::Uuid;

use super::settle::Settled;
use crate::{
    rules::{
        Calculation, Entitlement, Explanation, Kind, Part, Pull, PullFacts, Reason, Window, settle,
    },
    store::{
        projects::Published,
        windows::{self, Calculated, Row, WindowKey},
    },
};

use crate::model::{SOURCE, project_board};

/// The windows to settle, and the pull requests that are in none because they have no author.
pub(super) struct Scope {
    pub(super) windows: BTreeSet<WindowKey>,
    pub(super) without_author: Vec<PullRequestId>,
}

/// Settles windows, except those that contain a pull request in `awaiting`, and updates the ledger and the
/// contributions.
pub(super) async fn settle_windows(
    tx: &Tx,
    context: &Context,
    scope: Scope,
    awaiting: &BTreeSet<PullRequestId>,
    published: &Published,
) -> Result<Settled, DbError> {
    let Scope {
        windows: mut keys,
        without_author,
    } = scope;
    if keys.is_empty() && without_author.is_empty() {
        return Ok(Settled::default());
    }
    let rows = windows::rows(tx, &keys).await?;
    for row in &rows {
        if awaiting.contains(&row.pull_request_id.into()) {
            for key in keys_of_row(row) {
                keys.remove(&key);
            }
        }
    }
    let pulls = read_pulls(&rows, published)?;
    let windows = fill(&keys, &rows, pulls, published);
    let by_pull: HashMap<Uuid, &Row> = rows.iter().map(|row| (row.pull_request_id, row)).collect();
    let as_of = context.now();
    let mut boards = BoardSets::default();
    let (mut wanted, mut changed) = (Vec::new(), Vec::new());
    let mut scope: Vec<Key> = without_author
        .iter()
        .flat_map(|id| all_keys(id.0))
        .collect();
    for window in &windows {
        for calculation in settle(window, as_of) {
            let Some(row) = by_pull.get(&calculation.pull_request_id.0) else {
                continue;
            };
            scope.extend(keys_of(calculation.pull_request_id.0, calculation.part));
            wanted.extend(
                calculation.entitlements.iter().map(|entitlement| {
                    claim(row, &calculation.explanation, entitlement, &mut boards)
                }),
            );
            changed.extend(changed_calculation(row, &calculation));
        }
    }
    let scored = changed
        .iter()
        .filter(|calculated| is_news(by_pull[&calculated.pull_request_id], calculated, as_of))
        .map(|calculated| calculated.pull_request_id)
        .collect();
    let reconciled = recognition::actions::reconcile(tx, context, &scope, wanted).await?;
    windows::write(tx, &changed, as_of).await?;
    windows::clear(tx, &without_author, as_of).await?;
    Ok(Settled {
        windows: windows.len(),
        entries: reconciled.entries,
        scored,
    })
}

/// The age after which a merge is not news, so that imports, replays and new rules notify no one.
const NEWS: TimeDelta = TimeDelta::days(2);

/// Returns whether a recent merge earns its first points.
fn is_news(row: &Row, new: &Calculated, now: Timestamp) -> bool {
    let since = row.merge_matures_at.or(row.merged_at);
    let is_first = new.part == Part::Merge && row.merge_points == 0 && new.points > 0;
    is_first && since.is_some_and(|since| now - since < NEWS)
}

fn read_pulls(rows: &[Row], published: &Published) -> Result<Vec<Arc<Pull>>, DbError> {
    let read = |row: &Row| {
        let facts: PullFacts = serde_json::from_str(&row.facts).map_err(|error| {
            sea_orm::DbErr::Type(format!(
                "cannot read the stored facts of a contribution: {error}"
            ))
        })?;
        let project = row.project_id.into();
        let month = Month::of(facts.created_at);
        Ok(Arc::new(Pull {
            rules: published.in_force(project, facts.created_at),
            frequency_rules: published.in_force(project, month.start()),
            openings_24h: u32::try_from(row.openings).unwrap_or(u32::MAX),
            facts,
        }))
    };
    rows.iter().map(read).collect()
}

/// Fills each window with the pull requests that have a part in it.
fn fill(
    keys: &BTreeSet<WindowKey>,
    rows: &[Row],
    pulls: Vec<Arc<Pull>>,
    published: &Published,
) -> Vec<Window> {
    let mut filled: BTreeMap<WindowKey, (ProjectId, Vec<Pull>)> = BTreeMap::new();
    for (row, pull) in rows.iter().zip(pulls) {
        for key in keys_of_row(row) {
            if keys.contains(&key) {
                let window = filled
                    .entry(key)
                    .or_insert_with(|| (row.project_id.into(), Vec::new()));
                window.1.push((*pull).clone());
            }
        }
    }
    let window = |((_, _, month), (project, pulls)): (WindowKey, (ProjectId, Vec<Pull>))| Window {
        month,
        rules: published.in_force(project, month.start()),
        pulls,
    };
    filled.into_iter().map(window).collect()
}

/// Returns the windows that contain a contribution.
fn keys_of_row(row: &Row) -> BTreeSet<WindowKey> {
    let months = [Some(row.opening_at), row.merged_at].into_iter().flatten();
    months
        .map(|at| {
            (
                row.author_id.into(),
                row.repository_id.into(),
                Month::of(at),
            )
        })
        .collect()
}

fn source(pull_request_id: Uuid) -> Source {
    Source {
        kind: SOURCE,
        id: pull_request_id,
    }
}

/// Returns the keys of everything that a part of a pull request can earn. All of them are in scope, whether
/// earned or not.
fn keys_of(pull_request_id: Uuid, part: Part) -> impl Iterator<Item = Key> {
    let reasons: &[Reason] = match part {
        Part::Opening => &[Reason::PrOpened, Reason::Spam],
        Part::Merge => &[Reason::PrMerged, Reason::SizeBonus],
    };
    let source = source(pull_request_id);
    reasons.iter().map(move |reason| (source, reason.code()))
}

fn all_keys(pull_request_id: Uuid) -> impl Iterator<Item = Key> {
    [Part::Opening, Part::Merge]
        .into_iter()
        .flat_map(move |part| keys_of(pull_request_id, part))
}

/// The boards of a month and project, shared by the entitlements of a batch.
#[derive(Default)]
struct BoardSets(BTreeMap<(Month, Uuid), Boards>);

impl BoardSets {
    fn of(&mut self, at: Timestamp, project: Uuid) -> Boards {
        let month = Month::of(at);
        let boards = || {
            Arc::from([
                GLOBAL.to_owned(),
                month_board(month),
                project_board(project.into()),
            ])
        };
        Arc::clone(self.0.entry((month, project)).or_insert_with(boards))
    }
}

fn claim(
    row: &Row,
    explanation: &Explanation,
    entitlement: &Entitlement,
    boards: &mut BoardSets,
) -> recognition::model::Entitlement {
    recognition::model::Entitlement {
        user_id: row.author_id.into(),
        identity_id: row.author_identity_id.into(),
        source: source(row.pull_request_id),
        reason: entitlement.reason.code(),
        kind: match entitlement.kind {
            Kind::Award => EntryKind::Award,
            Kind::Bonus => EntryKind::Bonus,
            Kind::Penalty => EntryKind::Penalty,
        },
        points: entitlement.points,
        occurred_at: entitlement.at,
        boards: boards.of(entitlement.at, row.project_id),
        explanation: of_reason(explanation, entitlement.reason),
    }
}

/// Returns the explanation of an entry: that of its part, with only the awards of its reason.
fn of_reason(explanation: &Explanation, reason: Reason) -> String {
    let mut own = explanation.clone();
    own.awards.retain(|award| award.reason == reason);
    serde_json::to_string(&own).unwrap_or_default()
}

/// Returns the calculation to write, if it differs from the stored one.
fn changed_calculation(row: &Row, calculation: &Calculation) -> Option<Calculated> {
    let sum = |entitlements: &[Entitlement]| entitlements.iter().map(|e| e.points).sum();
    let new = Calculated {
        pull_request_id: row.pull_request_id,
        part: calculation.part,
        points: sum(&calculation.entitlements),
        pending: sum(&calculation.pending),
        matures_at: calculation
            .pending
            .iter()
            .map(|pending| pending.matures_at)
            .min(),
        explanation: serde_json::to_string(&calculation.explanation).unwrap_or_default(),
    };
    let (points, explanation, matures_at) = match calculation.part {
        Part::Opening => (
            row.opening_points,
            &row.opening_explanation,
            row.opening_matures_at,
        ),
        Part::Merge => (
            row.merge_points,
            &row.merge_explanation,
            row.merge_matures_at,
        ),
    };
    let is_same = points == new.points
        && explanation.as_deref() == Some(&new.explanation)
        && matures_at == new.matures_at;
    (!is_same).then_some(new)
}
