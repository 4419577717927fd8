//! The pages for the server's health and configuration.

use askama::Template;
use axum::{Extension, extract::State};
use identity::access::Admin;
use platform::{
    Context,
    config::{Origin, Setting, ShownValue},
    module::Modules,
    processes::Process,
};
use ui::{
    PageResult, Tag,
    format::{Instant, bytes},
    show,
};

use crate::{
    VERSION,
    health::{Finding, FindingState, Watch},
    pages::setup::{Change, changes, programs_on},
};

/// A finding of a check.
pub(super) struct Row {
    pub(super) check: &'static str,
    pub(super) state: Tag,
    pub(super) detail: String,
}

impl From<Finding> for Row {
    fn from(finding: Finding) -> Self {
        let (class, word) = match finding.state {
            FindingState::Problem => ("t-gules", "Problem"),
            FindingState::Unchecked => ("t-argent", "Not checked yet"),
            FindingState::Ok => ("t-vert solid", "OK"),
            FindingState::NotSetUp => ("t-argent", "Not set up"),
        };
        Self { check: finding.check, state: Tag { class, word }, detail: finding.detail }
    }
}

/// Orders findings: problems first, then what is not set up last.
pub(super) fn by_urgency(mut findings: Vec<Finding>) -> Vec<Row> {
    findings.sort_by_key(|finding| finding.state);
    findings.into_iter().map(Into::into).collect()
}

struct Table {
    name: String,
    size: String,
}

#[derive(Template)]
#[template(path = "admin_health.html")]
struct HealthPage {
    version: &'static str,
    started: Instant,
    problems: usize,
    /// The number of checks that have not ended for the first time.
    unchecked: usize,
    /// The number of things that are not configured.
    absent: usize,
    rows: Vec<Row>,
    processes: Vec<Process>,
    now: Instant,
    whole: Option<String>,
    tables: Vec<Table>,
}

/// `GET /admin/health`.
pub(super) async fn health(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    _: Admin,
) -> PageResult {
    let health = watch.look(&context).await;
    let count = |state: FindingState| {
        health.findings.iter().filter(|finding| finding.state == state).count()
    };
    let (problems, unchecked) = (count(FindingState::Problem), count(FindingState::Unchecked));
    let absent = count(FindingState::NotSetUp);
    let table =
        |table: platform::db::TableSize| Table { name: table.name, size: bytes(table.bytes) };
    show(&HealthPage {
        version: VERSION,
        started: Instant(health.started_at),
        problems,
        unchecked,
        absent,
        rows: by_urgency(health.findings),
        processes: health.processes,
        now: Instant(context.now()),
        whole: health.sizes.as_ref().map(|sizes| bytes(sizes.whole)),
        tables: health
            .sizes
            .map_or_else(Vec::new, |sizes| sizes.tables)
            .into_iter()
            .map(table)
            .collect(),
    })
}

struct SettingRow {
    name: &'static str,
    variable: &'static str,
    value: String,
    /// True when `value` describes the value instead of being it.
    is_remark: bool,
    is_changed: bool,
    origin: &'static str,
}

impl From<&Setting> for SettingRow {
    fn from(setting: &Setting) -> Self {
        let (value, is_remark) = match &setting.value {
            ShownValue::Nothing => ("not set".to_owned(), true),
            ShownValue::Secret => ("set (not shown)".to_owned(), true),
            ShownValue::Text(text) => (text.clone(), false),
        };
        Self {
            name: setting.key,
            variable: setting.variable,
            value,
            is_remark,
            is_changed: setting.origin != Origin::Default,
            origin: match setting.origin {
                Origin::Default => "default",
                Origin::Stored => "set here",
                Origin::File => "guildhall.toml",
                Origin::Environment => "environment",
                Origin::CommandLine => "command line",
            },
        }
    }
}

#[derive(Template)]
#[template(path = "admin_settings.html")]
struct SettingsPage {
    /// The parts that can be set in the browser.
    changes: Vec<Change>,
    keys: Vec<SettingRow>,
}

/// `GET /admin/settings`.
pub(super) async fn settings(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(modules): Extension<Modules>,
    _: Admin,
) -> PageResult {
    let config = &watch.config;
    show(&SettingsPage {
        changes: changes(config, &programs_on(&context, modules)),
        keys: config.settings.iter().map(Into::into).collect(),
    })
}
