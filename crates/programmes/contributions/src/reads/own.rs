use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

use super::{canonical::expanded, sign_off::export_sign_offs};

/// Exports a person's rows in this module: contributions with their explanations, the projects that they maintain, the
/// rules that they published, the reviews that they gave and received, their seasons and sanctions, the confirmed flags that
/// concern them, the overrides of their points, the reports that they made, and their disputes.
pub async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("project", Kind::Text),
        ("state", Kind::Text),
        ("opened_at", Kind::At),
        ("merged_at", Kind::At),
        ("opening_points", Kind::Int),
        ("merge_points", Kind::Int),
        ("opening_explanation", Kind::Text),
        ("merge_explanation", Kind::Text),
    ];
    let sql = "SELECT p.slug AS project, c.state, c.opened_at, c.merged_at, c.opening_points, \
               c.merge_points, c.opening_explanation, c.merge_explanation FROM contributions c \
               JOIN projects p ON p.id = c.project_id WHERE c.author_id = $1 ORDER BY c.opened_at";
    let mut contributions = own_rows(db, person.0, &columns, sql).await?;
    for contribution in contributions.as_array_mut().into_iter().flatten() {
        for part in ["opening_explanation", "merge_explanation"] {
            if let Value::String(stored) = contribution[part].take() {
                contribution[part] = expanded(stored).into();
            }
        }
    }
    let columns = [("project", Kind::Text), ("role", Kind::Text), ("created_at", Kind::At)];
    let sql = "SELECT p.slug AS project, m.role, m.created_at FROM project_maintainers m \
               JOIN projects p ON p.id = m.project_id WHERE m.user_id = $1 ORDER BY p.slug";
    let maintains = own_rows(db, person.0, &columns, sql).await?;
    let columns = [("project", Kind::Text), ("version", Kind::Int), ("published_at", Kind::At)];
    let sql = "SELECT p.slug AS project, v.version, v.published_at FROM project_rules v \
               JOIN projects p ON p.id = v.project_id WHERE v.published_by_id = $1 \
               ORDER BY v.published_at, p.slug";
    let published = own_rows(db, person.0, &columns, sql).await?;
    Ok(json!({
        "contributions": contributions, "maintains": maintains, "published_rules": published,
        "reviews": given(db, person).await?, "reviews_received": received(db, person).await?,
        "seasons": seasons(db, person).await?, "sanctions": sanctions(db, person).await?,
        "sign_offs": export_sign_offs(db, person).await?,
        "flags": flags(db, person).await?, "overrides": overrides(db, person).await?,
        "reports": reports(db, person).await?, "disputes": disputes(db, person).await?,
        "dispute_messages": dispute_messages(db, person).await?,
    }))
}

/// Exports the reviews that a person gave, with all their texts.
async fn given(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("created_at", Kind::At),
        ("action", Kind::Text),
        ("rating", Kind::Int),
        ("decision", Kind::Text),
        ("public_comment", Kind::Text),
        ("internal_comment", Kind::Text),
    ];
    let sql = "SELECT v.created_at, v.action, v.rating, v.decision, w.public_comment, w.internal_comment \
               FROM pr_reviews v LEFT JOIN pr_review_words w ON w.id = v.id \
               WHERE v.reviewer_id = $1 ORDER BY v.created_at";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports the reviews of a person's pull requests, with what everyone can read.
async fn received(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("created_at", Kind::At),
        ("action", Kind::Text),
        ("rating", Kind::Int),
        ("decision", Kind::Text),
        ("public_comment", Kind::Text),
    ];
    let sql = "SELECT v.created_at, v.action, v.rating, v.decision, w.public_comment \
               FROM contributions c JOIN pr_reviews v ON v.pull_request_id = c.pull_request_id \
               LEFT JOIN pr_review_words w ON w.id = v.id WHERE c.author_id = $1 \
               AND (v.action <> 'COMMENTED' OR v.rating IS NOT NULL OR w.public_comment IS NOT NULL) \
               ORDER BY v.created_at";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports a person's registrations for seasons, and the consent texts that they agreed to.
async fn seasons(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("season", Kind::Text),
        ("registered_at", Kind::At),
        ("withdrawn_at", Kind::At),
        ("timezone", Kind::Text),
        ("shares_email", Kind::Bool),
        ("consent_version", Kind::Int),
        ("consent", Kind::Text),
    ];
    let sql = "SELECT s.slug AS season, p.created_at AS registered_at, p.withdrawn_at, p.timezone, \
               p.shares_email, p.consent_version, c.text AS consent FROM season_participants p \
               JOIN seasons s ON s.id = p.season_id LEFT JOIN season_consents c \
               ON c.season_id = p.season_id AND c.version = p.consent_version \
               WHERE p.user_id = $1 ORDER BY p.created_at, s.slug";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports the reports that a person made.
async fn reports(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("reported_at", Kind::At),
        ("target_kind", Kind::Text),
        ("reason", Kind::Text),
        ("words", Kind::Text),
        ("state", Kind::Text),
    ];
    let sql = "SELECT r.created_at AS reported_at, r.target_kind, r.reason, w.words, f.state \
               FROM reports r JOIN fair_play_flags f ON f.id = r.flag_id \
               LEFT JOIN report_words w ON w.id = r.id WHERE r.reporter_id = $1 \
               ORDER BY r.created_at, r.id";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports a person's sanctions in seasons.
async fn sanctions(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("season", Kind::Text),
        ("kind", Kind::Text),
        ("reason", Kind::Text),
        ("created_at", Kind::At),
        ("lifted_at", Kind::At),
        ("lift_reason", Kind::Text),
    ];
    let sql = "SELECT s.slug AS season, x.kind, x.reason, x.created_at, x.lifted_at, x.lift_reason \
               FROM sanctions x JOIN seasons s ON s.id = x.season_id WHERE x.user_id = $1 \
               ORDER BY x.created_at, s.slug";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports the confirmed flags that concern a person, with what `/me/standing` shows of the decisions.
async fn flags(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("number", Kind::Int),
        ("kind", Kind::Text),
        ("effect", Kind::Text),
        ("reason", Kind::Text),
        ("decided_at", Kind::At),
    ];
    let sql = "SELECT f.number, f.kind, f.effect, f.reason, f.decided_at FROM fair_play_subjects s \
               JOIN fair_play_flags f ON f.id = s.flag_id WHERE s.subject_id = $1 AND s.kind = 'person' \
               AND f.state = 'confirmed' ORDER BY f.number";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports the overrides of the points of a person's pull requests, which `opened_at` tells apart.
async fn overrides(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("project", Kind::Text),
        ("opened_at", Kind::At),
        ("kind", Kind::Text),
        ("points", Kind::Int),
        ("reason", Kind::Text),
        ("dispute", Kind::Int),
        ("decided_at", Kind::At),
        ("lifted_at", Kind::At),
        ("lift_reason", Kind::Text),
    ];
    let sql = "SELECT p.slug AS project, c.opened_at, o.kind, o.points, o.reason, d.number AS dispute, \
               o.created_at AS decided_at, o.lifted_at, o.lift_reason FROM contributions c \
               JOIN projects p ON p.id = c.project_id \
               JOIN score_overrides o ON o.pull_request_id = c.pull_request_id \
               LEFT JOIN disputes d ON d.id = o.dispute_id WHERE c.author_id = $1 \
               ORDER BY o.created_at, o.id";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports the disputes that a person opened, with their outcomes.
async fn disputes(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("number", Kind::Int),
        ("kind", Kind::Text),
        ("opened_at", Kind::At),
        ("state", Kind::Text),
        ("decided_at", Kind::At),
        ("appealed_at", Kind::At),
        ("appeal_state", Kind::Text),
        ("appeal_decided_at", Kind::At),
    ];
    let sql = "SELECT d.number, d.kind, d.created_at AS opened_at, d.state, d.decided_at, \
               a.created_at AS appealed_at, a.state AS appeal_state, a.decided_at AS appeal_decided_at \
               FROM disputes d LEFT JOIN appeals a ON a.dispute_id = d.id \
               WHERE d.opened_by_id = $1 ORDER BY d.number";
    own_rows(db, person.0, &columns, sql).await
}

/// Exports what a person wrote in disputes, and the threads of those that they opened.
async fn dispute_messages(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("dispute", Kind::Int),
        ("kind", Kind::Text),
        ("by", Kind::Text),
        ("text", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT d.number AS dispute, m.kind, \
               CASE WHEN m.author_id = $1 THEN 'you' ELSE 'someone else' END AS by, w.text, m.created_at \
               FROM dispute_messages m JOIN disputes d ON d.id = m.dispute_id \
               LEFT JOIN dispute_words w ON w.id = m.id \
               WHERE m.author_id = $1 OR d.opened_by_id = $1 ORDER BY d.number, m.created_at, m.id";
    own_rows(db, person.0, &columns, sql).await
}
