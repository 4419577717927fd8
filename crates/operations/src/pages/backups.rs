use std::path::PathBuf;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::counted;
use platform::{Context, config::Config, jobs};
use ui::{
    PageError, PageResult,
    format::{Instant, Number, bytes},
    redirect, show,
};

use crate::{
    backup::LogState,
    jobs::BACKUP,
    model::Backup,
    reads::backups::{is_copied, latest},
};

/// The way in which the server makes backups.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How many are kept; empty if the server makes no backups.
    schedule: String,
    folder: String,
    is_sealed: bool,
    is_copied: bool,
    /// The folder of the copies of SQLite's log; `None` if they are off.
    log: Option<PathBuf>,
}

impl Plan {
    pub(crate) fn of(config: &Config) -> Self {
        let schedule = config.backup_schedule;
        let kinds =
            [("hourly", schedule.hourly), ("daily", schedule.daily), ("weekly", schedule.weekly)];
        let kept = kinds.into_iter().filter(|(_, number)| *number > 0).map(|(kind, number)| {
            counted(number, &format!("{kind} backup"), &format!("{kind} backups"))
        });
        Self {
            schedule: kept.collect::<Vec<_>>().join(", "),
            folder: config.backup_folder().display().to_string(),
            is_sealed: config.backup_recipient.is_some(),
            is_copied: is_copied(config),
            log: config.backup_log.then(|| config.backup_log_folder()),
        }
    }
}

#[derive(Template)]
#[template(path = "admin_backups.html")]
struct BackupsPage {
    plan: Plan,
    log: Option<Log>,
    rows: Vec<Row>,
    now: Instant,
}

impl BackupsPage {
    /// Returns the newest backup that is verified and still there.
    fn newest(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.state == KEPT)
    }
}

/// The class and the word of a backup that is verified and still there.
const KEPT: (&str, &str) = ("t-vert", "Verified");

/// How far SQLite's log was copied.
struct Log {
    /// The earliest and the newest instant as of which the database can be restored; `None` before the first base is complete.
    range: Option<(Instant, Instant)>,
    size: String,
    error: Option<String>,
}

impl From<LogState> for Log {
    fn from(state: LogState) -> Self {
        let range = state.since.zip(state.confirmed_at);
        Self {
            range: range.map(|(since, until)| (Instant(since), Instant(until))),
            size: bytes(i64::try_from(state.bytes).unwrap_or(i64::MAX)),
            error: state.error,
        }
    }
}

/// A backup or a failed attempt in the list.
struct Row {
    file: String,
    made: Instant,
    size: String,
    rows: Number,
    mismatches: Number,
    /// The class and the word of its state.
    state: (&'static str, &'static str),
    copied: Option<Instant>,
    error: Option<String>,
}

impl From<Backup> for Row {
    fn from(backup: Backup) -> Self {
        let state = match (backup.verified_at, backup.removed_at) {
            (None, _) => ("t-gules", "Failed"),
            (Some(_), None) => KEPT,
            (Some(_), Some(_)) => ("t-sable", "Removed"),
        };
        Self {
            file: backup.file,
            made: Instant(backup.created_at),
            size: bytes(backup.bytes),
            rows: Number(backup.row_count),
            mismatches: Number(backup.mismatches),
            state,
            copied: backup.uploaded_at.map(Instant),
            error: backup.error,
        }
    }
}

/// `GET /admin/backups`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(plan): Extension<Plan>,
    _: Admin,
) -> PageResult {
    let rows = latest(&context.db).await?.into_iter().map(Row::from).collect();
    let log = plan.log.as_deref().map(LogState::read).map(Log::from);
    show(&BackupsPage { plan, log, rows, now: Instant(context.now()) })
}

/// `POST /admin/backups`: makes a backup soon.
pub(super) async fn make(
    State(context): State<Context>,
    Extension(plan): Extension<Plan>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    if plan.schedule.is_empty() {
        return Ok(redirect(
            "/admin/backups",
            "The server makes no backups: backup_schedule is off",
        ));
    }
    let is_new = jobs::ask(&context, viewer.actor(), BACKUP).await?;
    let notice = if is_new {
        "Backup requested. It appears here when it is verified"
    } else {
        "A backup is already requested or being made"
    };
    Ok(redirect("/admin/backups", notice))
}
