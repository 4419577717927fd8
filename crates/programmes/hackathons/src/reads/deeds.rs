//! The results of people in hackathons, in a line each.

use std::collections::HashMap;

use identity::model::UserId;
use platform::db::{DbError, Sql, ids};
use recognition::model::Span;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{JuryOutcome, Visibility};

#[derive(FromQueryResult)]
struct Row {
    user_id: Uuid,
    title: String,
    visibility: Visibility,
    outcome: Option<JuryOutcome>,
}

/// Returns people's results that were published within a span, each in a line such as "won Harbor Hack, 2 other hackathons".
/// Private hackathons are counted and not named. People without any are absent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn results_of_people(
    db: &impl Sql,
    people: &[UserId],
    within: Span,
) -> Result<HashMap<UserId, String>, DbError> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "r");
    let (from, to) = (query.bind(within.starts_at), query.bind(within.ends_at));
    let sql = format!(
        "SELECT x.user_id, h.title, h.visibility, x.outcome FROM {rows} \
         JOIN hackathon_results x ON x.user_id = r.id JOIN submissions s ON s.id = x.submission_id \
         JOIN hackathons h ON h.id = x.hackathon_id \
         WHERE s.disqualified_at IS NULL AND x.created_at >= {from} AND x.created_at < {to} \
         ORDER BY x.user_id, CASE x.outcome WHEN 'winner' THEN 0 WHEN 'finalist' THEN 1 ELSE 2 END, x.created_at DESC"
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let lines = found.chunk_by(|one, other| one.user_id == other.user_id);
    Ok(lines.filter_map(|rows| Some((rows.first()?.user_id.into(), line(rows)))).collect())
}

/// Names the best result, and counts the others.
fn line(rows: &[Row]) -> String {
    let Some(best) = rows.iter().find(|row| row.visibility != Visibility::Private) else {
        return match rows.len() {
            1 => "1 private hackathon".to_owned(),
            many => format!("{many} private hackathons"),
        };
    };
    let best = match best.outcome {
        Some(JuryOutcome::Winner) => format!("won {}", best.title),
        Some(_) => format!("finalist of {}", best.title),
        None => format!("submitted to {}", best.title),
    };
    match rows.len() - 1 {
        0 => best,
        1 => format!("{best}, 1 other hackathon"),
        others => format!("{best}, {others} other hackathons"),
    }
}
