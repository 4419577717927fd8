//! Statements for competitors.

use chrono::NaiveDate;
use kernel::Timestamp;
use platform::{
    db::{Cell, DbError, Sql, Tx, ascii_lower},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;

use super::{
    enrollments,
    links::{self, LinksOf},
};
use crate::{
    model::{CompetitorId, CompetitorStatus, ReleaseBy, RosterId},
    rules::profile::Profile,
};

/// Returns a name in the form in which it is searched. Every statement that writes a name writes it too.
pub(super) fn folded_name(first: &str, last: &str) -> Cell {
    FoldedText::of(&format!("{first} {last}")).into()
}

/// Inserts a competitor whom a coach added, and who is confirmed by that.
pub(crate) async fn insert(
    tx: &Tx,
    id: CompetitorId,
    roster: RosterId,
    profile: &Profile,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, first_name, last_name, \
               name_folded, release_signed, wants_weekly_mail, confirmed_at, status) \
               VALUES ($1, $2, $2, $3, '', '', '', FALSE, FALSE, $2, $4)";
    let status = CompetitorStatus::Pending.as_str();
    let values = [id.into(), now.into(), roster.into(), status.into()];
    tx.run(tx.statement(sql, values)).await?;
    set_profile(tx, id, profile, now).await
}

/// Stores a profile. Changed facts may remove the cause of an error on the game platform, which is cleared.
pub(crate) async fn set_profile(
    tx: &Tx,
    id: CompetitorId,
    profile: &Profile,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE competitors SET first_name = $2, last_name = $3, email_school = $4, \
               email_personal = $5, is_18_or_over = $6, grade = $7, years_competing = $8, \
               parent_name = $9, parent_email = $10, updated_at = $11, \
               game_platform_sync_error = NULL, name_folded = $12 WHERE id = $1";
    let values = [
        id.into(),
        profile.first_name.as_str().into(),
        profile.last_name.as_str().into(),
        profile.email_school.clone().into(),
        profile.email_personal.clone().into(),
        profile.is_18_or_over.into(),
        profile.grade.into(),
        profile.years_competing.into(),
        profile.parent_name.clone().into(),
        profile.parent_email.clone().into(),
        now.into(),
        folded_name(&profile.first_name, &profile.last_name),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Changes columns of a competitor. `assignments` begin at `$3`.
async fn change(
    tx: &Tx,
    id: CompetitorId,
    now: Timestamp,
    assignments: &str,
    values: impl IntoIterator<Item = Cell>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    for value in [id.into(), now.into()].into_iter().chain(values) {
        query.bind(value);
    }
    let sql = format!("UPDATE competitors SET updated_at = $2, {assignments} WHERE id = $1");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Marks a competitor as confirmed by a coach.
pub(crate) async fn confirm(tx: &Tx, id: CompetitorId, now: Timestamp) -> Result<(), DbError> {
    change(tx, id, now, "confirmed_at = $2", []).await
}

/// Records a signed release, which ends an earlier withdrawal. The name of a parent who consented stays only with their release.
pub(crate) async fn sign_release(
    tx: &Tx,
    id: CompetitorId,
    by: ReleaseBy,
    day: NaiveDate,
    now: Timestamp,
) -> Result<(), DbError> {
    let assignments = "release_signed = TRUE, release_signed_on = $3, release_stated_by = $4, \
                       release_withdrawn_at = NULL, \
                       consent_name = CASE WHEN $4 = 'parent' THEN consent_name END";
    let values = [day.to_string().into(), by.as_str().into()];
    change(tx, id, now, assignments, values).await
}

/// Records that a release was withdrawn, which stops the sync.
pub(crate) async fn withdraw_release(
    tx: &Tx,
    id: CompetitorId,
    now: Timestamp,
) -> Result<(), DbError> {
    let assignments =
        "release_signed = FALSE, release_withdrawn_at = $2, wants_weekly_mail = FALSE";
    change(tx, id, now, assignments, []).await
}

/// Records the version of the consent text that was agreed to.
pub(crate) async fn set_consent(
    tx: &Tx,
    id: CompetitorId,
    version: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let assignments = "consent_version = $3, consented_at = $2";
    change(tx, id, now, assignments, [version.into()]).await
}

/// Notes when a competitor was reminded that they are inactive.
pub(crate) async fn set_reminded(tx: &Tx, id: CompetitorId, now: Timestamp) -> Result<(), DbError> {
    change(tx, id, now, "reminded_at = $2", []).await
}

/// Returns when the platform was last asked to send a competitor an email that resets their password.
pub(crate) async fn password_reset_at(
    db: &impl Sql,
    id: CompetitorId,
) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        password_reset_at: Option<Timestamp>,
    }
    let sql = "SELECT password_reset_at FROM competitors WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.and_then(|row| row.password_reset_at))
}

/// Notes when the platform was asked to do that, or that it was not.
pub(crate) async fn set_password_reset(
    tx: &Tx,
    id: CompetitorId,
    at: Option<Timestamp>,
) -> Result<(), DbError> {
    let sql = "UPDATE competitors SET password_reset_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [at.into(), id.into()])).await?;
    Ok(())
}

/// Stores the name that a parent typed with their consent. It is that of the profile only if a coach recorded none.
pub(crate) async fn set_parent(
    tx: &Tx,
    id: CompetitorId,
    name: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let assignments = "consent_name = $3, parent_name = coalesce(parent_name, $3)";
    change(tx, id, now, assignments, [name.into()]).await
}

/// Marks a competitor as gone from the roster, ends their enrollment and their membership in a team and revokes their links,
/// except that of a parent who consented, who can still withdraw. Their results stay.
pub(crate) async fn leave(tx: &Tx, id: CompetitorId, now: Timestamp) -> Result<(), DbError> {
    change(tx, id, now, "left_at = $2, wants_weekly_mail = FALSE", []).await?;
    enrollments::end(tx, [id]).await?;
    leave_team(tx, id, now).await?;
    revoke_links(tx, LinksOf::Competitor(id), now).await
}

/// Moves a competitor to another roster, ends their membership in a team and revokes their links like [`leave`].
pub(crate) async fn move_to(
    tx: &Tx,
    id: CompetitorId,
    roster: RosterId,
    now: Timestamp,
) -> Result<(), DbError> {
    change(tx, id, now, "roster_id = $3", [roster.into()]).await?;
    leave_team(tx, id, now).await?;
    revoke_links(tx, LinksOf::Competitor(id), now).await
}

/// Stores the grade of a competitor.
pub(crate) async fn set_grade(
    tx: &Tx,
    id: CompetitorId,
    grade: Option<i64>,
    now: Timestamp,
) -> Result<(), DbError> {
    change(tx, id, now, "grade = $3", [grade.into()]).await
}

/// Ends the membership of a competitor in a team.
async fn leave_team(tx: &Tx, id: CompetitorId, now: Timestamp) -> Result<(), DbError> {
    let sql =
        "UPDATE ctf_team_members SET left_at = $1 WHERE competitor_id = $2 AND left_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

async fn revoke_links(tx: &Tx, which: LinksOf, now: Timestamp) -> Result<(), DbError> {
    links::revoke(tx, which, now).await.map(drop)
}

/// Empties everything that identifies a competitor. Numbers, instants and the ID on the game platform stay.
pub(crate) async fn erase(tx: &Tx, id: CompetitorId, now: Timestamp) -> Result<(), DbError> {
    leave_team(tx, id, now).await?;
    revoke_links(tx, LinksOf::Erased(id), now).await?;
    let assignments = "user_id = NULL, connected_by_id = NULL, connected_at = NULL, first_name = '', \
                       last_name = '', name_folded = '', email_personal = NULL, \
                       email_school = NULL, is_18_or_over = NULL, grade = NULL, years_competing = NULL, \
                       parent_name = NULL, parent_email = NULL, consent_name = NULL, release_signed = FALSE, \
                       release_signed_on = NULL, release_stated_by = NULL, wants_weekly_mail = FALSE, \
                       metactf_username = NULL, game_platform_sync_error = NULL, \
                       left_at = coalesce(left_at, $2), erased_at = coalesce(erased_at, $2)";
    change(tx, id, now, assignments, []).await?;
    enrollments::end(tx, [id]).await?;
    for table in ["game_platform_challenge_solves", "game_platform_flash_ctf_events"] {
        let sql = format!("UPDATE {table} SET raw = '{{}}' WHERE competitor_id = $1");
        tx.run(tx.statement(&sql, [id.into()])).await?;
    }
    let sql = "DELETE FROM game_platform_sync_state WHERE syned_user_id IN \
               (SELECT p.game_platform_id FROM competitors p WHERE p.id = $1)";
    tx.run(tx.statement(sql, [id.into()])).await?;
    let sql = "DELETE FROM game_platform_sync_failures WHERE competitor_id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// An email address of a competitor on a roster, in lower case.
#[derive(Clone, Debug, FromQueryResult)]
struct Address {
    address: String,
}

/// Lists the addresses of the present competitors of a roster, in lower case.
pub(crate) async fn addresses(db: &impl Sql, roster: RosterId) -> Result<Vec<String>, DbError> {
    let of = |column| {
        format!(
            "SELECT {} AS address FROM competitors p WHERE p.roster_id = $1 \
             AND p.left_at IS NULL AND {column} IS NOT NULL",
            ascii_lower(column)
        )
    };
    let sql = format!("{} UNION {}", of("p.email_school"), of("p.email_personal"));
    let rows: Vec<Address> = db.all(db.statement(&sql, [roster.into()])).await?;
    Ok(rows.into_iter().map(|row| row.address).collect())
}

/// Counts the present competitors of a roster.
pub(crate) async fn present(db: &impl Sql, roster: RosterId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM competitors p WHERE p.roster_id = $1 AND p.left_at IS NULL \
               AND p.erased_at IS NULL";
    db.count(db.statement(sql, [roster.into()])).await
}
