use chrono::NaiveDate;
use identity::reads::SeenPerson;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind, Rows, Sql as _, Tx},
};

use crate::rules::Length;

/// Adds days on which people were active; those that are known stay as they are. Returns the number of new ones.
pub(crate) async fn add(tx: &Tx, context: &Context, seen: Vec<SeenPerson>) -> Result<u64, DbError> {
    let columns = ["day", "week", "month", "joined"].map(|name| (name, Kind::Text));
    let [day, week, month, joined] = columns;
    let mut rows =
        Rows::new([("id", Kind::Uuid), ("user_id", Kind::Uuid), day, week, month, joined]);
    for SeenPerson { user_id, day, joined_at } in seen {
        let first = |length: Length, day: NaiveDate| length.first_of(day).to_string();
        rows.push([
            context.ids.next().into(),
            user_id.into(),
            day.to_string().into(),
            first(Length::Week, day).into(),
            first(Length::Month, day).into(),
            first(Length::Month, joined_at.date_naive()).into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(context.now()));
    let sql = format!(
        "INSERT INTO person_days (id, created_at, user_id, day, week, month, joined) \
         SELECT r.id, {now}, r.user_id, r.day, r.week, r.month, r.joined FROM {rows} WHERE true \
         ON CONFLICT (user_id, day) DO NOTHING"
    );
    tx.run(query.statement(sql)).await
}

/// Removes days that were added before an instant. Returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM person_days WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
