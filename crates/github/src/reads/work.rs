//! Work for operators: deliveries that could not be processed.

use platform::{
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[TaskKind {
    code: "deliveries",
    label: "Deliveries",
    one: "Deliveries",
    list: "/work?kind=deliveries",
    waits: "Deliveries from GitHub failed",
    icon: TaskIcon::Warning,
    picture: None,
    is_about: false,
    is_taken: None,
    is_stuck: false,
    audience: Audience::Admins,
    flag: None,
    // A failure comes before what has more time.
    target: Some(chrono::TimeDelta::hours(1)),
    rows: |_| {
        "SELECT 'deliveries' AS kind, '' AS name, '' AS place, '' AS slug, count(*) AS number, '' AS detail, \
         min(d.received_at) AS since, CAST(NULL AS timestamptz) AS due FROM webhook_deliveries d \
         WHERE d.dead_at IS NOT NULL HAVING count(*) > 0"
            .to_owned()
    },
    text: |row: &TaskRow| TaskText {
        title: kernel::counted(
            row.number,
            "delivery from GitHub could not be processed",
            "deliveries from GitHub could not be processed",
        ),
        line: "See the errors, then retry".to_owned(),
        action: "See the errors",
        address: "/admin/deliveries?state=dead".to_owned(),
        due: None,
    },
}];
