use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::TimeDelta;
use github::model::PullRequestId;
use identity::model::UserId;
use kernel::{Month, Timestamp};
use platform::{
    Context, crash,
    db::{DbError, Sql, Tx},
};
use recognition::{
    model::{Boards, EntryKind, GLOBAL, Source, month_board},
    rules::EntitlementKey,
};
use uuid::Uuid;

use super::{
    fill_windows::{fill, opening},
    settle::{Settlement, TouchedWindows},
};
use crate::{
    model::{ProjectId, SOURCE, project_board},
    rules::{AwardKind, AwardPart, Entitlement, EntryReason, Explanation, PartCalculation, settle},
    store::{
        contributions::{self, Contribution, StoredContribution},
        reviews,
        windows::{self, Openings, PartResult, Results, Row, WindowKey},
    },
};

/// Pull requests that are settled because something was stated about them.
pub(super) struct SettlementBatch {
    /// Their contributions with the stored results.
    contributions: Vec<(Contribution, Results)>,
    /// Pull requests that have a contribution and no longer belong to a project.
    gone: Vec<PullRequestId>,
}

impl SettlementBatch {
    pub(super) fn new(
        contributions: Vec<Contribution>,
        mut stored: HashMap<PullRequestId, StoredContribution>,
    ) -> Self {
        let with_results = |contribution: Contribution| {
            let stored = stored.remove(&contribution.facts.pull_request_id);
            (contribution, stored.map(|stored| stored.results).unwrap_or_default())
        };
        let contributions = contributions.into_iter().map(with_results).collect();
        let mut gone: Vec<_> = stored.into_keys().collect();
        gone.sort_unstable();
        Self { contributions, gone }
    }

    pub(super) fn contributions(&self) -> impl Iterator<Item = &Contribution> {
        self.contributions.iter().map(|(contribution, _)| contribution)
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
        let all = self.contributions.iter().map(|(contribution, _)| contribution);
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

pub(super) struct CalculatedWindows {
    windows: usize,
    /// The keys of everything that the windows' pull requests can earn.
    pub(super) scope: Vec<EntitlementKey>,
    pub(super) wanted: Vec<recognition::model::Entitlement>,
    changed: ChangedResults,
}

/// The results that differ from the stored ones.
#[derive(Default)]
struct ChangedResults {
    results: HashMap<PullRequestId, Results>,
    scored: Vec<Uuid>,
    merged: BTreeSet<UserId>,
}

impl ChangedResults {
    fn add(&mut self, row: &Row, calculation: &PartCalculation, as_of: Timestamp) {
        let (id, part) = (calculation.pull_request_id, calculation.part);
        let result = result_of(calculation);
        if result == *row.results.of(part) {
            return;
        }
        if part == AwardPart::Merge {
            self.merged.insert(row.author.user_id);
        }
        if is_news(row, part, &result, as_of) {
            self.scored.push(id.0);
        }
        let results = self.results.entry(id).or_insert_with(|| row.results.clone());
        *results.of_mut(part) = result;
    }
}

/// Settles windows, and updates the ledger and the contributions. The contributions of `batch` are written with their
/// results, each once.
pub(super) async fn settle_windows(
    tx: &Tx,
    context: &Context,
    batch: SettlementBatch,
    touched: TouchedWindows,
) -> Result<Settlement, DbError> {
    if batch.is_empty() {
        return Ok(Settlement::default());
    }
    let calculated = calculate(tx, &batch, &touched, context.now()).await?;
    let CalculatedWindows { scope, wanted, .. } = calculated;
    let reconciled = recognition::actions::reconcile(tx, context, &scope, wanted).await?;
    crash::point("settle.mid");
    let changed = calculated.changed;
    write(tx, context, batch, changed.results).await?;
    Ok(Settlement {
        windows: calculated.windows,
        entries: reconciled.entries,
        scored: changed.scored,
        merged: changed.merged,
        unread: BTreeSet::new(),
    })
}

/// Calculates what the pull requests of windows earn, except in those that contain a pull request that awaits settlement.
pub(super) async fn calculate(
    db: &impl Sql,
    batch: &SettlementBatch,
    touched: &TouchedWindows,
    as_of: Timestamp,
) -> Result<CalculatedWindows, DbError> {
    let mut rows = windows::rows(db, &touched.windows, batch.pulls()).await?;
    let projects = &touched.projects;
    for row in &mut rows {
        // The repository may belong to another project, or be excluded, since they were stored.
        if let Some(project) = projects.of(row.repository_id) {
            row.project_id = project;
            row.facts.repository_excluded = projects.excludes(row.repository_id);
        }
    }
    let stored = rows.len();
    rows.extend(batch.rows());
    let openings = openings(db, &rows, stored, batch).await?;
    let windows = fill(&settled(touched, &rows), &rows, &openings, &projects.published);
    let by_pull: HashMap<PullRequestId, &Row> =
        rows.iter().map(|row| (row.facts.pull_request_id, row)).collect();
    let mut boards = BoardSets::default();
    let mut calculated = CalculatedWindows {
        windows: windows.len(),
        scope: batch.without_points().flat_map(all_keys).collect(),
        wanted: Vec::new(),
        changed: ChangedResults::default(),
    };
    for calculation in windows.iter().flat_map(|window| settle(window, as_of)) {
        let id = calculation.pull_request_id;
        let Some(row) = by_pull.get(&id) else {
            continue;
        };
        calculated.scope.extend(keys_of(id, calculation.part));
        let claims = calculation.entitlements.iter();
        let explanation = &calculation.explanation;
        let claims = claims.map(|entitlement| claim(row, explanation, entitlement, &mut boards));
        calculated.wanted.extend(claims);
        calculated.changed.add(row, &calculation, as_of);
    }
    Ok(calculated)
}

/// Returns the windows without those that contain a pull request that awaits settlement.
fn settled(touched: &TouchedWindows, rows: &[Row]) -> BTreeSet<WindowKey> {
    let awaits = |row: &&Row| touched.awaiting.contains(&row.facts.pull_request_id);
    let left_out: BTreeSet<_> = rows.iter().filter(awaits).flat_map(Row::windows).collect();
    touched.windows.difference(&left_out).copied().collect()
}

/// Returns the openings that count toward the frequency of rows, of which those from `stored` on are the batch's.
async fn openings(
    db: &impl Sql,
    rows: &[Row],
    stored: usize,
    batch: &SettlementBatch,
) -> Result<Openings, DbError> {
    let mut openings = windows::openings(db, rows, batch.pulls()).await?;
    for row in &rows[stored..] {
        let key = (row.author.user_id, row.repository_id);
        openings.entry(key).or_default().insert(opening(&row.facts));
    }
    Ok(openings)
}

/// Writes the batch, and the results of other contributions that changed.
async fn write(
    tx: &Tx,
    context: &Context,
    batch: SettlementBatch,
    mut changed: HashMap<PullRequestId, Results>,
) -> Result<(), DbError> {
    let with_results = |(contribution, stored): (Contribution, Results)| {
        let results = match contribution.author {
            Some(_) => changed.remove(&contribution.facts.pull_request_id).unwrap_or(stored),
            None => Results::default(),
        };
        (contribution, results)
    };
    let SettlementBatch { contributions, gone } = batch;
    contributions::remove(tx, gone).await?;
    let contributions: Vec<_> = contributions.into_iter().map(with_results).collect();
    let reviewed = contributions.iter().map(|(contribution, _)| contribution);
    let reviewed = reviewed.filter(|contribution| contribution.is_reviewed);
    let reviewed: Vec<_> = reviewed.cloned().collect();
    contributions::upsert(tx, contributions, context.now()).await?;
    // A review locks its contribution before the reviews in progress, too.
    reviews::write_open(tx, &reviewed).await?;
    let mut changed: Vec<_> = changed.into_iter().collect();
    changed.sort_unstable_by_key(|(id, _)| *id);
    windows::write(tx, changed, context.now()).await
}

/// The age after which a merge is not news, so that imports, replays and new rules notify no one.
const NEWS: TimeDelta = TimeDelta::days(2);

/// Returns whether a recent merge earns its first points.
fn is_news(row: &Row, part: AwardPart, new: &PartResult, now: Timestamp) -> bool {
    let before = &row.results.merge;
    let since = before.matures_at.or(row.facts.merged_at);
    let is_first = part == AwardPart::Merge && before.points == 0 && new.points > 0;
    is_first && since.is_some_and(|since| now - since < NEWS)
}

fn source(pull_request_id: PullRequestId) -> Source {
    Source { kind: SOURCE, id: pull_request_id.0 }
}

/// Returns the keys of everything that a part of a pull request can earn. All of them are in scope, whether
/// earned or not.
fn keys_of(
    pull_request_id: PullRequestId,
    part: AwardPart,
) -> impl Iterator<Item = EntitlementKey> {
    let reasons: &[EntryReason] = match part {
        AwardPart::Opening => &[EntryReason::PrOpened, EntryReason::Spam],
        AwardPart::Merge => &[EntryReason::PrMerged, EntryReason::SizeBonus],
    };
    let source = source(pull_request_id);
    reasons.iter().map(move |reason| (source, reason.code()))
}

fn all_keys(pull_request_id: PullRequestId) -> impl Iterator<Item = EntitlementKey> {
    [AwardPart::Opening, AwardPart::Merge]
        .into_iter()
        .flat_map(move |part| keys_of(pull_request_id, part))
}

/// The boards of a month and project, shared by the entitlements of a batch.
#[derive(Default)]
struct BoardSets(BTreeMap<(Month, ProjectId), Boards>);

impl BoardSets {
    fn of(&mut self, at: Timestamp, project: ProjectId) -> Boards {
        let month = Month::of(at);
        let boards = || Arc::from([GLOBAL.to_owned(), month_board(month), project_board(project)]);
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
            AwardKind::Award => EntryKind::Award,
            AwardKind::Bonus => EntryKind::Bonus,
            AwardKind::Penalty => EntryKind::Penalty,
        },
        points: entitlement.points,
        occurred_at: entitlement.at,
        boards: boards.of(entitlement.at, row.project_id),
        explanation: explanation.stored_of(entitlement.reason),
    }
}

/// Returns the result of a calculation, to store.
fn result_of(calculation: &PartCalculation) -> PartResult {
    let sum = |entitlements: &[Entitlement]| entitlements.iter().map(|e| e.points).sum();
    let pending = &calculation.pending;
    PartResult {
        points: sum(&calculation.entitlements),
        pending: sum(pending),
        matures_at: pending.iter().map(|pending| pending.matures_at).min(),
        explanation: Some(calculation.explanation.stored()),
    }
}
