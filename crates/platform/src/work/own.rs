//! Work for moderators, reports of pictures, and for operators: what failed in the mechanisms of this crate.

use chrono::TimeDelta;

use super::{TaskIcon, TaskKind, TaskRow, TaskText};
use crate::{media::PictureUse, module::Audience};

/// The kinds of incidents that another kind of work covers, as a list of SQL.
const COVERED: &str = "'dead_letters', 'schedule_failing'";

/// The time in which a report of a picture should be decided, as that of other reports.
const REPORTED: TimeDelta = TimeDelta::days(3);

/// The time in which an admin should look at a failure: it comes before what has more time.
const FAILED: TimeDelta = TimeDelta::hours(1);

/// The most characters of what an alert says.
const LONGEST_DETAIL: usize = 160;

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[
    TaskKind {
        code: "picture",
        label: "Reported pictures",
        one: "Reported picture",
        list: "/work?kind=picture",
        waits: "A picture was reported",
        icon: TaskIcon::Flag,
        picture: None,
        is_about: false,
        is_taken: None,
        is_stuck: false,
        audience: Audience::Moderators,
        flag: None,
        target: Some(REPORTED),
        rows: |engine| {
            format!(
                "SELECT 'picture' AS kind, min(u.description) AS name, min(u.used_for) AS place, {} AS slug, \
                 count(*) AS number, min(r.words) AS detail, min(r.created_at) AS since, CAST(NULL AS timestamptz) AS due \
                 FROM picture_reports r JOIN picture_uses u ON u.id = r.use_id WHERE u.owner_id <> $1 AND NOT EXISTS \
                 (SELECT 1 FROM picture_reports own WHERE own.use_id = u.id AND own.reporter_id = $1) GROUP BY u.id",
                engine.id_text("u.id")
            )
        },
        text: picture,
    },
    TaskKind {
        code: "alerts",
        label: "Alerts",
        one: "Alert",
        list: "/work?kind=alerts",
        waits: "An incident is not over",
        icon: TaskIcon::Alarm,
        picture: None,
        is_about: false,
        is_taken: None,
        is_stuck: false,
        audience: Audience::Admins,
        flag: None,
        target: Some(FAILED),
        rows: |engine| {
            format!(
                "SELECT 'alerts' AS kind, a.title AS name, a.detail AS place, {} AS slug, 1 AS number, a.link AS detail, \
                 a.created_at AS since, CAST(NULL AS timestamptz) AS due FROM alerts a \
                 WHERE a.resolved_at IS NULL AND a.kind NOT IN ({COVERED})",
                engine.id_text("a.id")
            )
        },
        text: alert,
    },
    TaskKind {
        code: "failed_jobs",
        label: "Failed jobs",
        one: "Failed job",
        list: "/work?kind=failed_jobs",
        waits: "A job failed",
        icon: TaskIcon::Gear,
        picture: None,
        is_about: false,
        is_taken: None,
        is_stuck: false,
        audience: Audience::Admins,
        flag: None,
        target: Some(FAILED),
        rows: |_| {
            "SELECT 'failed_jobs' AS kind, j.name AS name, '' AS place, j.name AS slug, count(*) AS number, '' AS detail, \
             min(j.created_at) AS since, CAST(NULL AS timestamptz) AS due FROM jobs j \
             WHERE j.dead_at IS NOT NULL AND j.last_error IS NOT NULL GROUP BY j.name"
                .to_owned()
        },
        text: failed_job,
    },
    TaskKind {
        code: "paused_jobs",
        label: "Paused jobs",
        one: "Paused job",
        list: "/work?kind=paused_jobs",
        waits: "A job is paused",
        icon: TaskIcon::Pause,
        picture: None,
        is_about: false,
        is_taken: None,
        is_stuck: false,
        audience: Audience::Admins,
        flag: None,
        target: None,
        rows: |_| {
            "SELECT 'paused_jobs' AS kind, p.name AS name, '' AS place, p.name AS slug, 1 AS number, '' AS detail, \
             p.created_at AS since, CAST(NULL AS timestamptz) AS due FROM job_pauses p"
                .to_owned()
        },
        text: paused_job,
    },
    TaskKind {
        code: "messages",
        label: "Messages",
        one: "Messages",
        list: "/work?kind=messages",
        waits: "Messages could not be sent",
        icon: TaskIcon::Envelope,
        picture: None,
        is_about: false,
        is_taken: None,
        is_stuck: false,
        audience: Audience::Admins,
        flag: None,
        target: Some(FAILED),
        rows: |_| {
            "SELECT 'messages' AS kind, '' AS name, '' AS place, '' AS slug, count(*) AS number, '' AS detail, \
             min(m.created_at) AS since, CAST(NULL AS timestamptz) AS due FROM outbox_messages m \
             WHERE m.dead_at IS NOT NULL HAVING count(*) > 0"
                .to_owned()
        },
        text: messages,
    },
];

fn picture(row: &TaskRow) -> TaskText {
    let reports = kernel::counted(row.number, "report", "reports");
    let heading = PictureUse::named(&row.place).map(PictureUse::heading);
    let picture = heading.unwrap_or("Picture").to_lowercase();
    let shown = match row.name.as_str() {
        "" => String::new(),
        name => format!(": {name}"),
    };
    TaskText {
        title: format!("Keep or remove a reported {picture}{shown}"),
        line: format!("{reports}: {}", row.detail),
        action: "Details",
        address: "/admin/pictures".to_owned(),
        due: None,
    }
}

fn alert(row: &TaskRow) -> TaskText {
    let address = match row.detail.as_str() {
        own if own.starts_with('/') => own.to_owned(),
        _ => "/admin/overview".to_owned(),
    };
    TaskText {
        title: row.name.clone(),
        line: kernel::first_words(&row.place, LONGEST_DETAIL),
        action: "See what to do",
        address,
        due: None,
    }
}

fn failed_job(row: &TaskRow) -> TaskText {
    let runs = kernel::counted(row.number, "run", "runs");
    TaskText {
        title: format!("The job “{}” failed", kernel::in_words(&row.name)),
        line: format!("{runs} of it will not be tried again without you"),
        action: "See the error",
        address: format!("/admin/jobs/{}", row.name),
        due: None,
    }
}

fn paused_job(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Resume the job “{}”, or leave it paused", kernel::in_words(&row.name)),
        line: "It starts no new work until it is resumed".to_owned(),
        action: "See the job",
        address: format!("/admin/jobs/{}", row.name),
        due: None,
    }
}

fn messages(row: &TaskRow) -> TaskText {
    let messages = kernel::counted(row.number, "message", "messages");
    TaskText {
        title: format!("{messages} to people could not be sent"),
        line: "See the errors, then send again".to_owned(),
        action: "See the errors",
        address: "/admin/notifications?state=dead".to_owned(),
        due: None,
    }
}
