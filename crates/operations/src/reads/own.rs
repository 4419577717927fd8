use platform::db::{DbError, Kind, Tx, own_rows};
use serde_json::{Value, json};
use uuid::Uuid;

/// Returns what is stored about a person, for the export of their data.
pub(crate) async fn export(tx: &Tx, person: Uuid) -> Result<Value, DbError> {
    let slow = own_rows(
        tx,
        person,
        &[
            ("created_at", Kind::At),
            ("method", Kind::Text),
            ("route", Kind::Text),
            ("duration_ms", Kind::Int),
            ("network", Kind::Text),
            ("agent", Kind::Text),
        ],
        "SELECT created_at, method, route, duration_ms, network, agent FROM slow_requests \
         WHERE person_id = $1 ORDER BY created_at, id",
    )
    .await?;
    let active = own_rows(
        tx,
        person,
        &[("day", Kind::Text)],
        "SELECT day FROM person_days WHERE user_id = $1 ORDER BY day",
    )
    .await?;
    let feedback = own_rows(
        tx,
        person,
        &[
            ("created_at", Kind::At),
            ("kind", Kind::Text),
            ("words", Kind::Text),
            ("page", Kind::Text),
            ("answer", Kind::Text),
            ("answered_at", Kind::At),
        ],
        "SELECT created_at, kind, words, page, answer, answered_at FROM feedback \
         WHERE user_id = $1 ORDER BY created_at, id",
    )
    .await?;
    Ok(json!({ "slow_requests": slow, "person_days": active, "feedback": feedback }))
}
