use identity::model::UserId;
use platform::{
    crypto::KeyRing,
    db::{DbError, Kind, Sql, own_rows},
};
use serde_json::{Value, json};

use super::{
    announcements::export_announcements, calendar_feeds::export_calendar,
    exports::export_connections, friends::export_friends, help::export_help,
    judging_rounds::export_rounds, prizes::export_prizes, publications::export_overrides,
    staff_invitations::export_staff_invitations, surveys::export_surveys, tasks::export_tasks,
    team_notes::export_team_notes, tie_decisions::export_decisions, versions::export_versions,
};

/// Exports a person's rows in this module: their applications with the codes of conduct that they accepted, their teams, the
/// versions that they submitted, their results and prizes, notes of judges to their teams,
/// the hackathons in whose staff they are, the invitations to a staff that they sent, their friends, what they judged and decided,
/// the announcements that they got or sent, the requests for help that they asked or took, the tasks that they wrote or have, their
/// answers to surveys, and since when they have had a personal calendar.
pub async fn export(
    db: &impl Sql,
    keys: Option<&KeyRing>,
    person: UserId,
) -> Result<Value, DbError> {
    Ok(json!({
        "applications": applications(db, person).await?, "teams": teams(db, person).await?,
        "submissions": export_versions(db, person).await?, "results": results(db, person).await?,
        "redemptions": redemptions(db, person).await?, "prizes": export_prizes(db, keys, person).await?,
        "announcements": export_announcements(db, person).await?,
        "surveys": export_surveys(db, person).await?,
        "calendar": export_calendar(db, person).await?,
        "staff": staff(db, person).await?, "host": hosts(db, person).await?,
        "staff_invitations": export_staff_invitations(db, person).await?,
        "friends": export_friends(db, person).await?,
        "help": export_help(db, person).await?, "tasks": export_tasks(db, person).await?,
        "board_exports": export_connections(db, person).await?,
        "judging": judging(db, person).await?, "conflicts": conflicts(db, person).await?,
        "tie_decisions": export_decisions(db, person).await?,
        "result_overrides": export_overrides(db, person).await?,
        "rounds": export_rounds(db, person).await?,
        "judges_notes": export_team_notes(db, person).await?,
    }))
}

async fn applications(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("status", Kind::Text),
        ("status_at", Kind::At),
        ("waitlist_rank", Kind::Int),
        ("motivation", Kind::Text),
        ("skills", Kind::Text),
        ("answers", Kind::Text),
        ("conduct_version", Kind::Int),
        ("is_looking_for_team", Kind::Bool),
        ("reason", Kind::Text),
        ("created_at", Kind::At),
        ("confirmed_at", Kind::At),
        ("check_in_code", Kind::Text),
        ("checked_in_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, a.status, a.status_at, a.waitlist_rank, a.motivation, a.skills, \
               a.answers, a.conduct_version, a.is_looking_for_team, a.reason, a.created_at, \
               a.confirmed_at, c.code AS check_in_code, c.checked_in_at FROM applications a \
               JOIN hackathons h ON h.id = a.hackathon_id LEFT JOIN check_ins c ON c.id = a.id \
               WHERE a.user_id = $1 ORDER BY a.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn teams(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("team", Kind::Text),
        ("role", Kind::Text),
        ("status", Kind::Text),
        ("joined_at", Kind::At),
        ("ended_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, t.name AS team, m.role, m.status, m.created_at AS joined_at, \
               m.ended_at FROM team_members m JOIN teams t ON t.id = m.team_id \
               JOIN hackathons h ON h.id = m.hackathon_id WHERE m.user_id = $1 ORDER BY m.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn results(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("is_late", Kind::Bool),
        ("outcome", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, x.is_late, x.outcome, x.created_at FROM hackathon_results x \
               JOIN hackathons h ON h.id = x.hackathon_id WHERE x.user_id = $1 ORDER BY x.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn staff(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("role", Kind::Text),
        ("tracks", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, s.role, s.tracks, s.created_at FROM hackathon_staff s \
               JOIN hackathons h ON h.id = s.hackathon_id WHERE s.user_id = $1 ORDER BY s.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn judging(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("project", Kind::Text),
        ("round", Kind::Int),
        ("status", Kind::Text),
        ("status_at", Kind::At),
        ("levels", Kind::Text),
        ("team_note", Kind::Text),
        ("private_note", Kind::Text),
        ("places", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, p.title AS project, a.round, a.status, a.status_at, s.levels, s.team_note, \
               n.note AS private_note, r.places, a.created_at FROM judging_assignments a \
               JOIN hackathons h ON h.id = a.hackathon_id JOIN submissions p ON p.id = a.submission_id \
               LEFT JOIN judging_scores s ON s.assignment_id = a.id \
               LEFT JOIN judging_notes n ON n.assignment_id = a.id \
               LEFT JOIN judging_rankings r ON r.hackathon_id = a.hackathon_id AND r.user_id = a.user_id \
               AND r.round = a.round \
               WHERE a.user_id = $1 ORDER BY a.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn conflicts(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("project", Kind::Text),
        ("kind", Kind::Text),
        ("detail", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, p.title AS project, c.kind, c.detail, c.created_at \
               FROM judging_conflicts c JOIN hackathons h ON h.id = c.hackathon_id \
               JOIN submissions p ON p.id = c.submission_id WHERE c.user_id = $1 ORDER BY c.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn hosts(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("created_at", Kind::At)];
    let sql = "SELECT h.created_at FROM hackathon_hosts h WHERE h.user_id = $1";
    own_rows(db, person.0, &columns, sql).await
}

async fn redemptions(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("reward", Kind::Text),
        ("cost", Kind::Int),
        ("status", Kind::Text),
        ("status_at", Kind::At),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT r.name AS reward, d.cost, d.status, d.status_at, d.created_at \
               FROM reward_redemptions d JOIN rewards r ON r.id = d.reward_id \
               WHERE d.user_id = $1 ORDER BY d.id";
    own_rows(db, person.0, &columns, sql).await
}
