use std::collections::{BTreeSet, HashMap};

use github::reads::PullRequest;
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, code, ids};
use ui::Who;
use uuid::Uuid;

use super::{describe::pull_address, slugs_of, subjects::subjects};
use crate::{
    model::{DisputeKind, DisputePart, DisputeState, MessageKind, ProjectId},
    rules::disputes::{is_appealable, window_ends},
    store::disputes::{self, DISPUTE, Dispute, DisputeOutcome, DisputeRow},
};

/// A dispute, as shown on pages.
#[derive(Clone, Debug)]
pub struct DisputeView {
    pub id: Uuid,
    /// The number, as in D-12.
    pub number: i64,
    /// The kind of decision that it contests.
    pub kind: DisputeKind,
    pub opened_by_id: UserId,
    pub opened_by: String,
    /// That person as lists show them.
    pub who: Who,
    /// The ID of the pull request, the flag, the sanction or the ban.
    pub target_id: Uuid,
    /// The thing that it is about.
    pub subject: DisputeSubject,
    /// The project of the pull request.
    pub project_id: Option<ProjectId>,
    pub project: Option<String>,
    pub opened_at: Timestamp,
    /// The state and the decision.
    pub outcome: OutcomeView,
    pub appeal: Option<AppealView>,
}

/// The thing that a dispute is about.
#[derive(Clone, Debug, Default)]
pub struct DisputeSubject {
    /// Its name, such as "octo-org/lantern #7".
    pub label: String,
    /// The path of its page; absent if the person has none.
    pub address: Option<String>,
    /// The path of its page for moderators.
    pub staff_address: Option<String>,
    /// When it is over; absent if it is not a ban, or lasts until it is lifted.
    pub over_at: Option<Timestamp>,
}

/// The state of a dispute or an appeal.
#[derive(Clone, Debug)]
pub struct OutcomeView {
    pub state: DisputeState,
    /// The instant by which it is to be decided.
    pub due_at: Timestamp,
    /// The login of who decided; absent if it is open or closed.
    pub decided_by: Option<String>,
    /// When it was decided or closed.
    pub decided_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct AppealView {
    pub id: Uuid,
    pub opened_at: Timestamp,
    /// The state and the decision.
    pub outcome: OutcomeView,
}

impl DisputeView {
    /// Returns whether someone still has to decide on it or on its appeal.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let appeal = self.appeal.as_ref().map(|appeal| appeal.outcome.state);
        self.outcome.state == DisputeState::Open || appeal == Some(DisputeState::Open)
    }

    /// Returns the last instant for an appeal; `None` if there is none to make. A ban that is over leaves nothing to appeal.
    #[must_use]
    pub fn appealable_until(&self) -> Option<Timestamp> {
        let is_appealable = is_appealable(self.kind, self.outcome.state);
        let decided_at = self.outcome.decided_at.filter(|_| is_appealable)?;
        let ends = [Some(window_ends(decided_at)), self.subject.over_at];
        let until = ends.into_iter().flatten().min();
        until.filter(|_| self.appeal.is_none())
    }

    /// Returns whether it contests a ban that is over at an instant.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.subject.over_at.is_some_and(|over| over <= now)
    }

    /// Returns the instant by which the step that is open is to be decided.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let appeal = self.appeal.as_ref().map(|appeal| &appeal.outcome);
        let open = [Some(&self.outcome), appeal].into_iter().flatten();
        let mut open = open.filter(|outcome| outcome.state == DisputeState::Open);
        open.next().map(|outcome| outcome.due_at)
    }

    /// Returns the final outcome so far.
    #[must_use]
    pub fn state(&self) -> DisputeState {
        let appeal = self.appeal.as_ref().map(|appeal| appeal.outcome.state);
        appeal.unwrap_or(self.outcome.state)
    }
}

pub async fn dispute(db: &impl Sql, number: i64) -> Result<Option<DisputeView>, DbError> {
    let found = disputes::numbered(db, number).await?;
    Ok(views(db, found.into_iter().collect()).await?.pop())
}

/// Lists the disputes that a person opened before a position (exclusive), newest first.
pub async fn own_disputes(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<DisputeView>, DbError> {
    let mut query = db.query();
    let (person, limit) = (query.bind(person), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        let (at, id) = (query.bind(at), query.bind(id));
        format!("AND (d.created_at, d.id) < ({at}, {id})")
    });
    let sql = format!(
        "SELECT {DISPUTE} WHERE d.opened_by_id = {person} {earlier} \
         ORDER BY d.created_at DESC, d.id DESC LIMIT {limit}"
    );
    let rows: Vec<DisputeRow> = db.all(query.statement(sql)).await?;
    views(db, rows.into_iter().map(DisputeRow::read).collect()).await
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisputeFilter {
    pub part: DisputePart,
    /// The kind; absent for all.
    pub kind: Option<DisputeKind>,
}

impl DisputeFilter {
    /// Returns the position of a dispute in the list.
    #[must_use]
    pub fn place(self, dispute: &DisputeView) -> (Timestamp, Uuid) {
        match (self.part, &dispute.appeal) {
            (DisputePart::Appealed, Some(appeal)) => (appeal.opened_at, appeal.id),
            _ => (dispute.opened_at, dispute.id),
        }
    }
}

/// Returns the condition, the table of the order, the direction and the comparison.
const fn order(part: DisputePart) -> (&'static str, &'static str, &'static str, &'static str) {
    match part {
        DisputePart::Open => ("d.state = 'open'", "d", "ASC", ">"),
        DisputePart::Appealed => ("a.state = 'open'", "a", "ASC", ">"),
        DisputePart::Decided => (
            "d.state IN ('upheld', 'granted', 'closed') AND (a.state IS NULL OR a.state <> 'open')",
            "d",
            "DESC",
            "<",
        ),
    }
}

/// Lists a part of the queue after a position (exclusive).
pub async fn dispute_queue(
    db: &impl Sql,
    filter: DisputeFilter,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<DisputeView>, DbError> {
    let (holds, of, order, comparison) = order(filter.part);
    let mut query = db.query();
    let mut holds = holds.to_owned();
    if let Some(kind) = filter.kind {
        holds += &format!(" AND d.kind = {}", query.bind(kind.as_str()));
    }
    if let Some((at, id)) = after {
        let (at, id) = (query.bind(at), query.bind(id));
        holds += &format!(" AND ({of}.created_at, {of}.id) {comparison} ({at}, {id})");
    }
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {DISPUTE} WHERE {holds} \
         ORDER BY {of}.created_at {order}, {of}.id {order} LIMIT {limit}"
    );
    let rows: Vec<DisputeRow> = db.all(query.statement(sql)).await?;
    views(db, rows.into_iter().map(DisputeRow::read).collect()).await
}

/// Counts the disputes and the appeals that are to be decided.
pub async fn open_disputes(db: &impl Sql) -> Result<(i64, i64), DbError> {
    let disputes = "SELECT count(*) FROM disputes WHERE state = 'open'";
    let appeals = "SELECT count(*) FROM appeals WHERE state = 'open'";
    Ok((db.count(db.statement(disputes, [])).await?, db.count(db.statement(appeals, [])).await?))
}

pub async fn dispute_numbers(
    db: &impl Sql,
    of: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, i64>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(of.iter().copied()), "r");
    let sql = format!("SELECT d.id, d.number FROM {rows} JOIN disputes d ON d.id = r.id");
    let columns = [("id", Kind::Uuid), ("number", Kind::Int)];
    let found: Vec<(Uuid, i64)> = db.documents(query.documents(&columns, &sql)).await?;
    Ok(found.into_iter().collect())
}

/// Returns the disputes of a person about things of a kind, by the thing's ID.
pub(super) async fn disputes_about(
    db: &impl Sql,
    person: UserId,
    kind: DisputeKind,
    targets: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, (i64, DisputeState)>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(targets), "r");
    let (person, kind) = (query.bind(person), query.bind(kind.as_str()));
    let sql = format!(
        "SELECT d.target_id, d.number, coalesce(a.state, d.state) AS state FROM {rows} \
         JOIN disputes d ON d.target_id = r.id LEFT JOIN appeals a ON a.dispute_id = d.id \
         WHERE d.opened_by_id = {person} AND d.kind = {kind}"
    );
    let columns = [("target_id", Kind::Uuid), ("number", Kind::Int), ("state", Kind::Text)];
    let found: Vec<(Uuid, i64, String)> = db.documents(query.documents(&columns, &sql)).await?;
    let about = |(target, number, state): (Uuid, i64, String)| {
        let state = code("disputes.state", &state, DisputeState::named)?;
        Ok((target, (number, state)))
    };
    found.into_iter().map(about).collect()
}

async fn views(db: &impl Sql, found: Vec<Dispute>) -> Result<Vec<DisputeView>, DbError> {
    let people = found.iter().flat_map(|dispute| {
        let appeal = dispute.appeal.as_ref();
        let decided = appeal.and_then(|appeal| appeal.outcome.decided_by);
        [Some(dispute.opened_by), dispute.outcome.decided_by, decided]
    });
    let people: BTreeSet<UserId> = people.flatten().collect();
    let known = identity::reads::who(db, people).await?;
    let slugs = slugs_of(db, found.iter().filter_map(|dispute| dispute.project)).await?;
    let mut subjects = subjects(db, &found).await?;
    let outcome = |outcome: DisputeOutcome| OutcomeView {
        state: outcome.state,
        due_at: outcome.due_at,
        decided_by: (outcome.decided_by)
            .and_then(|person| known.get(&person).map(|who| who.login.clone())),
        decided_at: outcome.decided_at,
    };
    let view = |dispute: Dispute| DisputeView {
        subject: subjects.remove(&dispute.id.0).unwrap_or_default(),
        id: dispute.id.0,
        number: dispute.number,
        kind: dispute.kind,
        target_id: dispute.target_id,
        opened_by_id: dispute.opened_by,
        opened_by: known.get(&dispute.opened_by).map(|who| who.login.clone()).unwrap_or_default(),
        who: known.get(&dispute.opened_by).cloned().unwrap_or_default(),
        project_id: dispute.project,
        project: dispute.project.and_then(|project| slugs.get(&project).cloned()),
        opened_at: dispute.opened_at,
        outcome: outcome(dispute.outcome),
        appeal: dispute.appeal.map(|appeal| AppealView {
            id: appeal.id,
            opened_at: appeal.opened_at,
            outcome: outcome(appeal.outcome),
        }),
    };
    Ok(found.into_iter().map(view).collect())
}

/// An entry of a thread.
#[derive(Clone, Debug)]
pub struct MessageView {
    pub kind: MessageKind,
    pub author_id: UserId,
    /// The author's login.
    pub author: String,
    /// The author as lists show them.
    pub who: Who,
    /// The text; absent after an erasure.
    pub text: Option<String>,
    /// When it was written.
    pub at: Timestamp,
}

/// Lists the entries of a thread, oldest first.
pub async fn thread(db: &impl Sql, dispute: Uuid) -> Result<Vec<MessageView>, DbError> {
    let found = disputes::messages(db, dispute.into()).await?;
    let authors: BTreeSet<Uuid> = found.iter().map(|message| message.author_id).collect();
    let known = identity::reads::who(db, authors.into_iter().map(UserId::new)).await?;
    let view = |message: disputes::StoredMessage| {
        let author_id = message.author_id.into();
        let who = known.get(&author_id).cloned().unwrap_or_default();
        MessageView {
            kind: message.kind,
            author_id,
            author: who.login.clone(),
            who,
            text: message.text,
            at: message.created_at,
        }
    };
    Ok(found.into_iter().map(view).collect())
}

/// Returns the label and the path of a pull request.
pub(super) fn pull_subject(pull: &PullRequest) -> DisputeSubject {
    let address = pull_address(&pull.full_name, pull.number);
    DisputeSubject {
        label: format!("{} #{}", pull.full_name, pull.number),
        staff_address: Some(address.clone()),
        address: Some(address),
        ..DisputeSubject::default()
    }
}
