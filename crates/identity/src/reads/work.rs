//! Work for admins: accounts that will be erased.

use chrono::TimeDelta;
use platform::{
    db::Engine,
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

use crate::rules::CLOSED_LASTS;

/// How long before its day an erasure waits for admins.
const NEAR: TimeDelta = TimeDelta::days(3);

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[TaskKind {
    code: "erasure",
    label: "Erasures",
    one: "Erasure",
    list: "/work?kind=erasure",
    waits: "An account will be erased",
    icon: TaskIcon::Trash,
    picture: None,
    is_about: false,
    is_taken: None,
    is_stuck: false,
    audience: Audience::Admins,
    flag: None,
    // It is erased in the night after its last day.
    target: Some(TimeDelta::days(CLOSED_LASTS.num_days() + 1)),
    rows: erasures,
    text: erasure,
}];

/// Selects the closed accounts whose last days began.
fn erasures(engine: Engine) -> String {
    let seconds = (CLOSED_LASTS - NEAR).num_seconds();
    let is_near = match engine {
        Engine::Sqlite => format!("unixepoch($2) - unixepoch(u.closed_at) >= {seconds}"),
        Engine::Postgres => format!("$2 - u.closed_at >= INTERVAL '{seconds} seconds'"),
    };
    format!(
        "SELECT 'erasure' AS kind, u.login AS name, '' AS place, {} AS slug, 0 AS number, '' AS detail, u.closed_at AS since, \
         CAST(NULL AS timestamptz) AS due FROM users u WHERE u.closed_at IS NOT NULL AND u.erased_at IS NULL AND {is_near}",
        engine.id_text("u.id")
    )
}

fn erasure(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("The account “{}” will be erased", row.name),
        line: "Its owner closed it, and can restore it by signing in".to_owned(),
        action: "Check",
        address: format!("/admin/people/{}", row.id()),
        due: None,
    }
}
