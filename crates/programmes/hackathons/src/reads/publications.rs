//! Queries for results that wait to be published, for what keeps them, and for what becomes public.

use std::collections::BTreeSet;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use super::{
    ApprovedPoints, HackathonView, JudgedResult, PrizeAwardPart, PrizeAwardView, PrizeView,
    SubmissionPart, SubmissionView, approved_points, counts, coverage, judged_people,
    judging_results, prize_awards, prizes, submissions, ties,
};
use crate::{
    model::{HackathonId, ResultBlocker},
    rules::publication::{Blocking, Override, TiedProject, is_decisive},
};

/// The maximum number of awards and of submissions of a hackathon that are read.
const MOST: i64 = 100_000;

/// The results of a hackathon that organizers wrote.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PublicationView {
    /// The results, as Markdown.
    pub results: String,
    /// When they become public, or did; `None` while they are a draft.
    pub due_at: Option<Timestamp>,
    /// When something kept them from being published.
    pub held_at: Option<Timestamp>,
    requested_by_id: Option<Uuid>,
}

impl PublicationView {
    /// Returns the person who ordered the publication; `None` for an operator.
    #[must_use]
    pub fn requested_by(&self) -> Option<Uuid> {
        self.requested_by_id
    }
}

/// Finds the results that organizers of a hackathon wrote.
pub async fn publication(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Option<PublicationView>, DbError> {
    let sql = "SELECT p.results, p.due_at, p.held_at, p.requested_by_id FROM result_publications p \
               WHERE p.hackathon_id = $1";
    db.one(db.statement(sql, [hackathon.into()])).await
}

/// Lists the slugs of the hackathons whose results become public by an instant, earliest first.
pub async fn due_publications(db: &impl Sql, now: Timestamp) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        slug: String,
    }
    let sql = "SELECT h.slug FROM result_publications p JOIN hackathons h ON h.id = p.hackathon_id \
               WHERE p.due_at <= $1 AND h.results_published_at IS NULL AND h.canceled_at IS NULL \
               ORDER BY p.due_at, h.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [now.into()])).await?;
    Ok(rows.into_iter().map(|row| row.slug).collect())
}

/// A blocker that an organizer overrode.
#[derive(Clone, Debug)]
pub struct OverrideView {
    pub blocker: ResultBlocker,
    /// The reason; empty once it is removed.
    pub reason: String,
    /// The login of the organizer; `None` if an operator decided.
    pub decided_by: Option<String>,
    pub decided_at: Timestamp,
}

impl OverrideView {
    #[must_use]
    pub fn rule(&self) -> Override {
        Override { blocker: self.blocker, reason: self.reason.clone() }
    }
}

/// Lists the blockers that organizers of a hackathon overrode when they last published its results.
pub async fn result_overrides(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<OverrideView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        blocker: ResultBlocker,
        reason: String,
        decided_by_id: Option<Uuid>,
        created_at: Timestamp,
    }
    let sql = "SELECT o.blocker, o.reason, o.decided_by_id, o.created_at FROM result_overrides o \
               WHERE o.hackathon_id = $1 ORDER BY o.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    let people = rows.iter().filter_map(|row| row.decided_by_id);
    let logins = identity::reads::logins(db, people.map(UserId::new)).await?;
    let view = |row: Row| OverrideView {
        blocker: row.blocker,
        reason: row.reason,
        decided_by: (row.decided_by_id)
            .map(|person| logins.get(&person.into()).cloned().unwrap_or_default()),
        decided_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Exports the blockers of results that a person overrode.
pub(super) async fn export_overrides(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("blocker", Kind::Text),
        ("reason", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, o.blocker, o.reason, o.created_at FROM result_overrides o \
               JOIN hackathons h ON h.id = o.hackathon_id WHERE o.decided_by_id = $1 ORDER BY o.id";
    own_rows(db, person.0, &columns, sql).await
}

/// The data that becomes public with the results of a hackathon, besides their text.
#[derive(Clone, Debug)]
pub struct ResultsPreview {
    /// The submissions that count and are chosen by the jury, winners first.
    pub chosen: Vec<SubmissionView>,
    /// The prizes with the awards that become public.
    pub prizes: Vec<(PrizeView, Vec<PrizeAwardView>)>,
    /// The number of projects that have scores.
    pub scored: usize,
    /// The number of people with a result.
    pub people: usize,
    /// The sum of the points that they get; `None` without the approval of an admin.
    pub points: Option<Points>,
    /// The number of people who get an email.
    pub recipients: i64,
}

/// Everything of a hackathon that decides about its results, read once.
#[derive(Debug)]
pub struct Decided {
    submissions: Vec<SubmissionView>,
    prizes: Vec<PrizeView>,
    awards: Vec<PrizeAwardView>,
    results: Vec<JudgedResult>,
}

impl Decided {
    pub async fn of(db: &impl Sql, id: HackathonId) -> Result<Self, DbError> {
        let part = PrizeAwardPart::Open;
        Ok(Self {
            submissions: submissions(db, id, SubmissionPart::Submitted, None, MOST).await?,
            prizes: prizes(db, id).await?,
            awards: prize_awards(db, id, part, None, MOST).await?,
            results: judging_results(db, id).await?,
        })
    }

    fn submission(&self, id: Uuid) -> Option<&SubmissionView> {
        self.submissions.iter().find(|it| it.id == id)
    }

    fn won(&self, project: Uuid) -> Vec<Uuid> {
        let own = self.awards.iter().filter(|it| it.submission_id == project);
        own.map(|it| it.prize_id).collect()
    }

    /// Lists the awards that could not be made any longer.
    fn invalid_awards(&self) -> Vec<String> {
        let is_valid = |award: &PrizeAwardView| {
            let prize = self.prizes.iter().find(|it| it.id == award.prize_id);
            let submission = self.submission(award.submission_id);
            prize
                .zip(submission)
                .is_some_and(|(prize, it)| it.facts().is_judged() && prize.is_for(it))
        };
        let wrong = self.awards.iter().filter(|award| !is_valid(award));
        wrong.map(|award| format!("{} for {}", award.name, award.project)).collect()
    }

    /// Lists the open ties that decide a prize or a choice of the jury.
    fn decisive_ties(&self) -> Vec<String> {
        let tied = |it: &JudgedResult| {
            let own = self.submission(it.result.project);
            let open_to =
                self.prizes.iter().filter(|prize| own.is_some_and(|own| prize.is_for(own)));
            TiedProject {
                won: self.won(it.result.project),
                open_to: open_to.map(|prize| prize.id).collect(),
                outcome: own.and_then(|own| own.facts().outcome),
            }
        };
        let open = ties(&self.results).into_iter().filter(|tie| !tie.is_decided);
        let decisive =
            open.filter(|tie| is_decisive(&tie.projects.iter().map(tied).collect::<Vec<_>>()));
        decisive
            .map(|tie| {
                let titles: Vec<&str> = tie.projects.iter().map(|it| it.title.as_str()).collect();
                titles.join(" and ")
            })
            .collect()
    }

    fn without_winner(&self) -> Vec<String> {
        let open = self.prizes.iter().filter(|it| it.awarded < it.count);
        open.map(|it| match it.count {
            1 => it.name.clone(),
            count => format!("{} ({} of {count} awarded)", it.name, it.awarded),
        })
        .collect()
    }

    fn appeals(&self) -> Vec<String> {
        let appealed = |it: &&SubmissionView| {
            it.appeal.is_some() && it.facts().is_disqualified && !it.facts().is_withdrawn
        };
        self.submissions.iter().filter(appealed).map(|it| it.title.clone()).collect()
    }
}

/// Lists what keeps the results of a hackathon from being published, the kinds in their order.
pub async fn result_blockers(
    db: &impl Sql,
    hackathon: &HackathonView,
    decided: &Decided,
) -> Result<Vec<Blocking>, DbError> {
    let id = hackathon.key();
    let missing =
        if hackathon.timeline().has_judging() { missing_scores(db, id).await? } else { Vec::new() };
    let found = [
        (ResultBlocker::InvalidAward, decided.invalid_awards()),
        (ResultBlocker::OpenTie, decided.decisive_ties()),
        (ResultBlocker::PrizeWithoutWinner, decided.without_winner()),
        (ResultBlocker::MissingScores, missing),
        (ResultBlocker::CountedConflict, counted_conflicts(db, id).await?),
        (ResultBlocker::OpenAppeal, decided.appeals()),
    ];
    let some = found.into_iter().filter(|(_, things)| !things.is_empty());
    Ok(some.map(|(blocker, things)| Blocking { blocker, things }).collect())
}

/// Lists the projects of the last round that fewer judges judged than planned. Without judges and looks, judging is not done here.
async fn missing_scores(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<String>, DbError> {
    let coverage = coverage(db, hackathon, None).await?;
    if coverage.judges.is_empty() {
        return Ok(Vec::new());
    }
    let looks = coverage.settings.looks;
    let missing = coverage.projects.into_iter().filter(|it| it.judged < looks);
    Ok(missing.map(|it| format!("{} ({} of {looks} judges)", it.title, it.judged)).collect())
}

/// Lists the projects with a score of a judge who declared a conflict of interest with them, as after an earlier round.
async fn counted_conflicts(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        title: String,
        user_id: Uuid,
    }
    let sql = "SELECT DISTINCT s.title, a.user_id FROM judging_assignments a \
               JOIN judging_conflicts c ON c.submission_id = a.submission_id AND c.user_id = a.user_id \
               JOIN submissions s ON s.id = a.submission_id \
               WHERE a.hackathon_id = $1 AND a.status = 'judged' AND s.withdrawn_at IS NULL \
               AND s.disqualified_at IS NULL ORDER BY s.title, a.user_id";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    let people: BTreeSet<UserId> = rows.iter().map(|row| row.user_id.into()).collect();
    let logins = identity::reads::logins(db, people).await?;
    let name = |row: Row| {
        let login = logins.get(&row.user_id.into()).cloned().unwrap_or_default();
        format!("{} by {login}", row.title)
    };
    Ok(rows.into_iter().map(name).collect())
}

/// Returns what becomes public with the results of a hackathon.
pub async fn results_preview(
    db: &impl Sql,
    hackathon: HackathonId,
    decided: &Decided,
) -> Result<ResultsPreview, DbError> {
    let mut chosen: Vec<SubmissionView> = (decided.submissions.iter())
        .filter(|it| it.facts().is_judged() && it.facts().outcome.is_some())
        .cloned()
        .collect();
    chosen.sort_by(|a, b| (b.facts().outcome, &a.title).cmp(&(a.facts().outcome, &b.title)));
    let awards = |prize: &PrizeView| {
        let own = decided.awards.iter().filter(|it| it.prize_id == prize.id && it.counts());
        own.cloned().collect()
    };
    let prizes = decided.prizes.iter().map(|prize| (prize.clone(), awards(prize))).collect();
    let judged = judged_people(db, hackathon).await?;
    let approved = approved_points(db, [hackathon]).await?;
    let values = approved.first().map(ApprovedPoints::values);
    Ok(ResultsPreview {
        chosen,
        prizes,
        scored: decided.results.len(),
        people: judged.len(),
        points: values.map(|values| judged.iter().map(|it| values.total(it.outcome, false)).sum()),
        recipients: counts(db, hackathon).await?.accepted,
    })
}
