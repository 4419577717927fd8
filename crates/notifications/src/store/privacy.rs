use identity::model::UserId;
use platform::db::{DbError, Tx, erase_rows};

/// Deletes a person's notifications, choices and phone.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM notifications WHERE user_id = $1",
        "DELETE FROM notification_preferences WHERE user_id = $1",
        "DELETE FROM notification_settings WHERE user_id = $1",
        "DELETE FROM phones WHERE user_id = $1",
    ];
    erase_rows(tx, person.0, &statements).await
}
