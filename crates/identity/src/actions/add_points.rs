use crate::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};

/// Moves people's totals, in the transaction that writes the ledger. Called by recognition alone.
pub async fn add_points(
    tx: &Tx,
    changes: impl IntoIterator<Item = (UserId, Points)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("user_id", Kind::Uuid), ("points", Kind::Int)]);
    for (user_id, points) in changes {
        if points != 0 {
            rows.push([user_id.into(), points.into()]);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (set, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE users SET total_points = total_points + r.points, updated_at = {now} \
         FROM {set} WHERE users.id = r.user_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
