//! The things that disputes are about.

use std::collections::{BTreeSet, HashMap};

use identity::{model::UserId, reads::ImposedBan};
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, code, ids};
use uuid::Uuid;

use super::{
    disputes::{DisputeSubject, pull_subject},
    flags::flag_numbers,
};
use crate::{
    model::{DisputeKind, SanctionKind},
    store::disputes::Dispute,
};

/// Returns the subjects of disputes, by the dispute's ID.
pub(super) async fn subjects(
    db: &impl Sql,
    of: &[Dispute],
) -> Result<HashMap<Uuid, DisputeSubject>, DbError> {
    let targets = |kind: DisputeKind| {
        let of_kind = of.iter().filter(move |dispute| dispute.kind == kind);
        of_kind.map(|dispute| dispute.target_id).collect::<BTreeSet<Uuid>>()
    };
    let mut found = pulls(db, targets(DisputeKind::Score)).await?;
    found.extend(flags(db, &targets(DisputeKind::Flag)).await?);
    found.extend(sanctions(db, targets(DisputeKind::Sanction)).await?);
    found.extend(bans(db, targets(DisputeKind::Ban)).await?);
    let subject = |dispute: &Dispute| {
        let known = found.get(&dispute.target_id).cloned();
        let subject = known.unwrap_or_else(|| DisputeSubject {
            label: "A pull request in a private repository".to_owned(),
            ..DisputeSubject::default()
        });
        (dispute.id.0, subject)
    };
    Ok(of.iter().map(subject).collect())
}

async fn pulls(
    db: &impl Sql,
    of: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, DisputeSubject>, DbError> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let found = github::reads::pull_requests(db, of.into_iter().map(Into::into)).await?;
    let subject = |(id, pull): (Uuid, github::reads::PullRequest)| (id, pull_subject(&pull));
    Ok(found.into_iter().map(subject).collect())
}

async fn flags(
    db: &impl Sql,
    of: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, DisputeSubject>, DbError> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let subject = |(id, number): (Uuid, i64)| {
        let subject = DisputeSubject {
            label: format!("Flag F-{number}"),
            staff_address: Some(format!("/admin/fair-play/{number}")),
            ..DisputeSubject::default()
        };
        (id, subject)
    };
    Ok(flag_numbers(db, of).await?.into_iter().map(subject).collect())
}

async fn sanctions(
    db: &impl Sql,
    of: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, DisputeSubject>, DbError> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(of), "r");
    let sql = format!(
        "SELECT x.id, x.kind, s.name, s.slug FROM {rows} JOIN sanctions x ON x.id = r.id \
         JOIN seasons s ON s.id = x.season_id"
    );
    let columns =
        [("id", Kind::Uuid), ("kind", Kind::Text), ("name", Kind::Text), ("slug", Kind::Text)];
    let found: Vec<(Uuid, String, String, String)> =
        db.documents(query.documents(&columns, &sql)).await?;
    let subject = |(id, kind, name, slug): (Uuid, String, String, String)| {
        let what = match code("sanctions.kind", &kind, SanctionKind::named)? {
            SanctionKind::Disqualification => "Disqualification from",
            SanctionKind::Warning => "Warning in",
        };
        let address = format!("/seasons/{slug}");
        let subject = DisputeSubject {
            label: format!("{what} {name}"),
            staff_address: Some(address.clone()),
            address: Some(address),
            ..DisputeSubject::default()
        };
        Ok((id, subject))
    };
    found.into_iter().map(subject).collect()
}

async fn bans(db: &impl Sql, of: BTreeSet<Uuid>) -> Result<HashMap<Uuid, DisputeSubject>, DbError> {
    let found = identity::reads::imposed_bans(db, of).await?;
    let people: BTreeSet<UserId> = found.values().map(|ban| UserId::from(ban.user_id)).collect();
    let logins = identity::reads::logins(db, people).await?;
    let subject = |(id, ban): (Uuid, ImposedBan)| {
        let login = logins.get(&UserId::from(ban.user_id));
        let subject = DisputeSubject {
            label: format!("Ban of {}", login.map_or("", String::as_str)),
            staff_address: Some(format!("/admin/people/{}", ban.user_id)),
            over_at: ban.over_at(),
            ..DisputeSubject::default()
        };
        (id, subject)
    };
    Ok(found.into_iter().map(subject).collect())
}

/// Returns whether a dispute contests a ban that is over.
pub(crate) async fn is_ban_over(
    db: &impl Sql,
    dispute: &Dispute,
    now: Timestamp,
) -> Result<bool, DbError> {
    let over = of_ended_bans(db, std::slice::from_ref(dispute), now).await?;
    Ok(!over.is_empty())
}

/// Returns the numbers of those disputes that contest a ban that is over.
pub(crate) async fn of_ended_bans(
    db: &impl Sql,
    disputes: &[Dispute],
    now: Timestamp,
) -> Result<Vec<i64>, DbError> {
    let of_bans: Vec<&Dispute> =
        disputes.iter().filter(|dispute| dispute.kind == DisputeKind::Ban).collect();
    let targets: Vec<Uuid> = of_bans.iter().map(|dispute| dispute.target_id).collect();
    let bans = identity::reads::imposed_bans(db, targets).await?;
    let is_over = |dispute: &&Dispute| {
        let ban = bans.get(&dispute.target_id);
        ban.is_none_or(|ban| ban.is_over(now))
    };
    let over = of_bans.into_iter().filter(is_over);
    Ok(over.map(|dispute| dispute.number).collect())
}
