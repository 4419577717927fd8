//! Notifications: what people get, and through which channels.

mod api;
mod browsers;
mod digest;
mod header;
mod news;
mod pages;
pub(crate) mod phones;
mod settings;
mod unsubscribe;
pub(crate) mod webhooks;

use identity::model::UserId;
use notifications::{
    actions::notify,
    emails::RoleChanged,
    model::{NewsKind, NewsMode, Notice},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::app::TestApp;
use platform::db::Sql as _;

/// A kind of notification that the server declares.
pub(crate) const SCORED: NewsKind =
    NewsKind { mail: NewsMode::Instant, ..contributions::emails::SCORED };

async fn id_of(app: &TestApp, login: &str) -> UserId {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let db = &app.context().db;
    let sql = "SELECT id FROM users WHERE login = $1";
    let row: Option<Row> = db.one(db.statement(sql, [login.into()])).await.expect("asked");
    row.expect("a person").id.into()
}

/// Notifies a person; returns whether the notification is new.
pub(crate) async fn notify_person(
    app: &TestApp,
    login: &str,
    kind: &NewsKind,
    occurrence: &str,
) -> bool {
    let user_id = id_of(app, login).await;
    let email = RoleChanged { before: "news".to_owned(), after: occurrence.to_owned() };
    let notice = Notice {
        kind,
        user_id,
        object_id: user_id.0,
        occurrence,
        link: "/projects".to_owned(),
        email: &email,
    };
    let mut tx = app.context().begin().await.expect("a transaction");
    let is_new = notify(&mut tx, app.context(), &app.server.post, &notice).await;
    tx.commit().await.expect("committed");
    is_new.expect("notified")
}
