use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use kernel::{Checks, Problem, ProblemKind, typed::misread};
use platform::{Context, audit::OPERATOR, flags::FlagKind};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, Tag, format::Instant, redirect, show};

use crate::flags::{self, FlagHistoryEntry, FlagInput, FlagStatus};

struct Row {
    name: &'static str,
    kind: &'static str,
    description: &'static str,
    state: Tag,
    summary: String,
    is_gradual: bool,
    /// `on` or `off`.
    status: &'static str,
    percent: String,
    people: String,
    roles: String,
    /// The submitted fields, when this flag's form was refused.
    form: Form,
    /// Prefix of the IDs of its fields; empty for the flag whose form was refused.
    prefix: String,
}

impl Row {
    fn of(switch: &FlagStatus, form: &Form, refused: &str) -> Self {
        let (flag, setting) = (switch.known.flag, switch.setting());
        let is_on = switch.known.is_permitted && setting.enabled;
        let (class, word) = match (is_on, setting.rollout_percent) {
            (false, _) => ("t-gules", "Off"),
            (true, 100..) => ("t-vert solid", "On"),
            (true, _) => ("t-or", "On for some"),
        };
        let roles: Vec<&str> = setting.roles.iter().map(String::as_str).collect();
        let row = Self {
            name: flag.name,
            kind: match flag.kind {
                FlagKind::Feature => "feature",
                FlagKind::Outgoing => "external service",
            },
            description: flag.description,
            state: Tag { class, word },
            summary: switch.summary(),
            is_gradual: flag.is_gradual(),
            status: if setting.enabled { "on" } else { "off" },
            percent: setting.rollout_percent.to_string(),
            people: switch.people.join(", "),
            roles: roles.join(", "),
            form: form.clone(),
            prefix: String::new(),
        };
        if flag.name == refused {
            row
        } else {
            Self { form: Form::default(), prefix: format!("{}-", flag.name), ..row }
        }
    }
}

struct PastChange {
    flag: &'static str,
    at: Instant,
    by: String,
    set: String,
    reason: String,
}

impl PastChange {
    fn of(flag: &'static str, change: FlagHistoryEntry) -> Self {
        let percent = change.setting["rollout_percent"].as_i64().unwrap_or_default();
        let set = match change.setting["enabled"].as_bool() {
            Some(true) => format!("on for {percent}%"),
            _ => "off".to_owned(),
        };
        Self {
            flag,
            at: Instant(change.at),
            by: change.by.unwrap_or_else(|| OPERATOR.to_owned()),
            set,
            reason: change.reason,
        }
    }
}

#[derive(Template)]
#[template(path = "admin_flags.html")]
struct FlagsPage {
    rows: Vec<Row>,
    history: Vec<PastChange>,
    now: Instant,
}

/// `GET /admin/flags`.
pub(super) async fn list(State(context): State<Context>, _: Admin) -> PageResult {
    render(&context, Form::default(), String::new()).await
}

async fn render(context: &Context, form: Form, refused: String) -> PageResult {
    let switches = flags::all(context).await?;
    let name = |id| {
        let mut known = switches.iter().map(|switch| &switch.known);
        known.find(|known| known.id == id).map(|known| known.flag.name)
    };
    let changes = flags::history(context, None).await?.into_iter();
    let history = changes.filter_map(|(id, change)| Some(PastChange::of(name(id)?, change)));
    show(&FlagsPage {
        history: history.collect(),
        now: Instant(context.now()),
        rows: switches.iter().map(|switch| Row::of(switch, &form, &refused)).collect(),
    })
}

/// The fields of a flag's form; names are separated by commas. Absent fields stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FlagForm {
    enabled: Option<String>,
    rollout_percent: Option<String>,
    people: Option<String>,
    roles: Option<String>,
    reason: String,
}

impl FlagForm {
    fn input(self) -> FlagInput {
        let mut checks = Checks::default();
        let percent = self.rollout_percent.as_deref().map(percentage);
        FlagInput {
            enabled: self.enabled.map(|enabled| enabled == "on"),
            rollout_percent: checks.read(percent.transpose()),
            people: self.people.as_deref().map(names),
            roles: self.roles.as_deref().map(names),
            reason: self.reason,
            unread: checks.problem(),
        }
    }
}

fn percentage(typed: &str) -> Result<i64, Problem> {
    typed.trim().parse().map_err(|_| {
        let detail = misread(typed, "a percentage", " from 0 to 100");
        Problem::new(ProblemKind::Invalid, "BAD_PERCENTAGE", detail).at("rollout_percent")
    })
}

fn names(text: &str) -> Vec<String> {
    let names = text.split([',', ' ']).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// `POST /admin/flags/{name}`.
pub(super) async fn change(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(input, form): Filled<FlagForm>,
) -> Result<Response, PageError> {
    if context.flags.find(&name).is_none() {
        return Err(flags::unknown(&name).into());
    }
    match flags::set(&context, viewer.actor(), &name, input.input()).await {
        Ok(_) => {
            let said = format!(
                "{} saved. This takes effect within five seconds.",
                kernel::in_words(&name)
            );
            Ok(redirect("/admin/flags", &said))
        }
        Err(error) => {
            let again = |form| render(&context, form, name);
            form.refused(error, again).await
        }
    }
}
