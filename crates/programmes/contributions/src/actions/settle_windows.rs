use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::TimeDelta;
use github::model::PullRequestId;
use kernel::{Month, Timestamp};
use platform::{
    Context, crash,
    db::{DbError, Tx},
};
use recognition::{
    model::{Boards, EntryKind, GLOBAL, Source, month_board},
    rules::Key,
};

use super::{
    fill_windows::{fill, opening},
    settle::{Except, Projects, Settled},
};
use crate::{
    model::{ProjectId, SOURCE, project_board},
    rules::{Calculation, Entitlement, Explanation, Kind, Part, Reason, settle},
    store::{
        contributions::{self, Contribution, Stored},
        windows::{self, PartResult, Results, Row, WindowKey},
    },
};

/// Pull requests that are settled because something was stated about them.
pub(super) struct Batch {
    /// Their contributions with the stored results.
    contributions: Vec<(Contribution, Results)>,
    /// Pull requests that have a contribution and no longer belong to a project.
    gone: Vec<PullRequestId>,
}

impl Batch {
    pub(super) fn new(
        contributions: Vec<Contribution>,
        mut stored: HashMap<PullRequestId, Stored>,
    ) -> Self {
        let with_results = |contribution: Contribution| {
            let stored = stored.remove(&contribution.facts.pull_request_id);
            (
                contribution,
                stored.map(|stored| stored.results).unwrap_or_default(),
            )
        };
        let contributions = contributions.into_iter().map(with_results).collect();
        let mut gone: Vec<_> = stored.into_keys().collect();
        gone.sort_unstable();
        Self {
            contributions,
            gone,
        }
    }

    fn is_empty(&self) -> bool {
        self.contributions.is_empty() && self.gone.is_empty()
    }

    fn pulls(&self) -> impl Iterator<Item = PullRequestId> {
        let pulls = self.contributions.iter();
        let pulls = pulls.map(|(contribution, _)| contribution.facts.pull_request_id);
        pulls.chain(self.gone.iter().copied())
    }

    /// Returns the pull requests that earn nothing: those without an author, and those of no project.
    fn without_points(&self) -> impl Iterator<Item = PullRequestId> {
        let all = self
            .contributions
            .iter()
            .map(|(contribution, _)| contribution);
        let without = all.filter(|contribution| contribution.author.is_none());
        let without = without.map(|contribution| contribution.facts.pull_request_id);
        without.chain(self.gone.iter().copied())
    }

    /// Returns the rows of the contributions with an author. Others are in no window.
    fn rows(&self) -> impl Iterator<Item = Row> {
        let contributions = self.contributions.iter();
        contributions.filter_map(|(contribution, results)| {
            Some(Row {
                project_id: contribution.project_id,
                repository_id: contribution.repository_id,
                author: contribution.author?,
                facts: contribution.facts.clone(),
                results: results.clone(),
            })
        })
    }
}

/// Settles windows, except those that contain a pull request that awaits settlement, and updates the ledger and the
/// contributions. The contributions of `batch` are written with their results, each once; a check writes none.
pub(super) async fn settle_windows(
    tx: &Tx,
    context: &Context,
    batch: Batch,
    mut keys: BTreeSet<WindowKey>,
    except: &Except,
    projects: &Projects,
) -> Result<Settled, DbError> {
    if batch.is_empty() {
        return Ok(Settled::default());
    }
    let mut rows = windows::rows(tx, &keys, batch.pulls()).await?;
    for row in &mut rows {
        // The repository may belong to another project since they were stored.
        row.project_id = projects.of(row.repository_id).unwrap_or(row.project_id);
    }
    let stored = rows.len();
    rows.extend(batch.rows());
    for row in &rows {
        if except.awaiting.contains(&row.facts.pull_request_id) {
            for key in row.windows() {
                keys.remove(&key);
            }
        }
    }
    let mut openings = windows::openings(tx, &rows, batch.pulls()).await?;
    for row in &rows[stored..] {
        let key = (row.author.user_id, row.repository_id);
        openings.entry(key).or_default().insert(opening(&row.facts));
    }
    let as_of = context.now();
    let windows = fill(&keys, &rows, &openings, &projects.published);
    let by_pull: HashMap<PullRequestId, &Row> = rows
        .iter()
        .map(|row| (row.facts.pull_request_id, row))
        .collect();
    let mut boards = BoardSets::default();
    let (mut wanted, mut changed) = (Vec::new(), HashMap::new());
    let mut scope: Vec<Key> = batch.without_points().flat_map(all_keys).collect();
    let mut scored = Vec::new();
    for window in &windows {
        for calculation in settle(window, as_of) {
            let id = calculation.pull_request_id;
            let Some(row) = by_pull.get(&id) else {
                continue;
            };
            scope.extend(keys_of(id, calculation.part));
            wanted.extend(
                calculation.entitlements.iter().map(|entitlement| {
                    claim(row, &calculation.explanation, entitlement, &mut boards)
                }),
            );
            let result = result_of(&calculation);
            if result == *row.results.of(calculation.part) {
                continue;
            }
            if is_news(row, calculation.part, &result, as_of) {
                scored.push(id.0);
            }
            let results = changed.entry(id).or_insert_with(|| row.results.clone());
            *results.of_mut(calculation.part) = result;
        }
    }
    let reconciled = recognition::actions::reconcile(tx, context, &scope, wanted).await?;
    crash::point("settle.mid");
    let settled = Settled {
        windows: windows.len(),
        entries: reconciled.entries,
        scored,
    };
    if !except.is_check {
        write(tx, context, batch, changed).await?;
    }
    Ok(settled)
}

/// Writes the batch, and the results of other contributions that changed.
async fn write(
    tx: &Tx,
    context: &Context,
    batch: Batch,
    mut changed: HashMap<PullRequestId, Results>,
) -> Result<(), DbError> {
    let with_results = |(contribution, stored): (Contribution, Results)| {
        let results = match contribution.author {
            Some(_) => changed
                .remove(&contribution.facts.pull_request_id)
                .unwrap_or(stored),
            None => Results::default(),
        };
        (contribution, results)
    };
    let Batch {
        contributions,
        gone,
    } = batch;
    contributions::remove(tx, gone).await?;
    let contributions = contributions.into_iter().map(with_results).collect();
    contributions::upsert(tx, contributions, context.now()).await?;
    let mut changed: Vec<_> = changed.into_iter().collect();
    changed.sort_unstable_by_key(|(id, _)| *id);
    windows::write(tx, changed, context.now()).await
}

/// The age after which a merge is not news, so that imports, replays and new rules notify no one.
const NEWS: TimeDelta = TimeDelta::days(2);

/// Returns whether a recent merge earns its first points.
fn is_news(row: &Row, part: Part, new: &PartResult, now: Timestamp) -> bool {
    let before = &row.results.merge;
    let since = before.matures_at.or(row.facts.merged_at);
    let is_first = part == Part::Merge && before.points == 0 && new.points > 0;
    is_first && since.is_some_and(|since| now - since < NEWS)
}

fn source(pull_request_id: PullRequestId) -> Source {
    Source {
        kind: SOURCE,
        id: pull_request_id.0,
    }
}

/// Returns the keys of everything that a part of a pull request can earn. All of them are in scope, whether
/// earned or not.
fn keys_of(pull_request_id: PullRequestId, part: Part) -> impl Iterator<Item = Key> {
    let reasons: &[Reason] = match part {
        Part::Opening => &[Reason::PrOpened, Reason::Spam],
        Part::Merge => &[Reason::PrMerged, Reason::SizeBonus],
    };
    let source = source(pull_request_id);
    reasons.iter().map(move |reason| (source, reason.code()))
}

fn all_keys(pull_request_id: PullRequestId) -> impl Iterator<Item = Key> {
    [Part::Opening, Part::Merge]
        .into_iter()
        .flat_map(move |part| keys_of(pull_request_id, part))
}

/// The boards of a month and project, shared by the entitlements of a batch.
#[derive(Default)]
struct BoardSets(BTreeMap<(Month, ProjectId), Boards>);

impl BoardSets {
    fn of(&mut self, at: Timestamp, project: ProjectId) -> Boards {
        let month = Month::of(at);
        let boards = || {
            Arc::from([
                GLOBAL.to_owned(),
                month_board(month),
                project_board(project),
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
        user_id: row.author.user_id,
        identity_id: row.author.identity_id,
        source: source(row.facts.pull_request_id),
        reason: entitlement.reason.code(),
        kind: match entitlement.kind {
            Kind::Award => EntryKind::Award,
            Kind::Bonus => EntryKind::Bonus,
            Kind::Penalty => EntryKind::Penalty,
        },
        points: entitlement.points,
        occurred_at: entitlement.at,
        boards: boards.of(entitlement.at, row.project_id),
        explanation: explanation.stored_of(entitlement.reason),
    }
}

/// Returns the result of a calculation, to store.
fn result_of(calculation: &Calculation) -> PartResult {
    let sum = |entitlements: &[Entitlement]| entitlements.iter().map(|e| e.points).sum();
    let pending = &calculation.pending;
    PartResult {
        points: sum(&calculation.entitlements),
        pending: sum(pending),
        matures_at: pending.iter().map(|pending| pending.matures_at).min(),
        explanation: Some(calculation.explanation.stored()),
    }
}
