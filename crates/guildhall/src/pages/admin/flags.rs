use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::access::Admin;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Asked, Filled, PageError, PageResult,
    format::{Instant, segment},
    show,
};

use super::super::{Done, words::Tag};
use crate::{
    audit::OPERATOR,
    flags::{self, FlagChange, FlagInput, FlagStatus},
};

struct Row {
    name: &'static str,
    kind: &'static str,
    description: &'static str,
    state: Tag,
    standing: String,
    is_feature: bool,
    is_enabled: bool,
    percent: i64,
    people: String,
    roles: String,
}

impl From<&FlagStatus> for Row {
    fn from(switch: &FlagStatus) -> Self {
        let (flag, setting) = (switch.known.flag, switch.setting());
        let is_on = switch.known.is_permitted && setting.enabled;
        let (class, word) = match (is_on, setting.rollout_percent) {
            (false, _) => ("t-gules", "Off"),
            (true, 100..) => ("t-vert solid", "On"),
            (true, _) => ("t-or", "On for some"),
        };
        let roles: Vec<&str> = setting.roles.iter().map(String::as_str).collect();
        Self {
            name: flag.name,
            kind: flag.kind.as_str(),
            description: flag.description,
            state: Tag { class, word },
            standing: switch.standing(),
            is_feature: flag.kind == platform::flags::FlagKind::Feature,
            is_enabled: setting.enabled,
            percent: setting.rollout_percent,
            people: switch.people.join(", "),
            roles: roles.join(", "),
        }
    }
}

struct Past {
    flag: &'static str,
    at: Instant,
    by: String,
    set: String,
    reason: String,
}

impl Past {
    fn of(flag: &'static str, turn: FlagChange) -> Self {
        let percent = turn.setting["rollout_percent"].as_i64().unwrap_or_default();
        let set = match turn.setting["enabled"].as_bool() {
            Some(true) => format!("on for {percent} %"),
            _ => "off".to_owned(),
        };
        Self {
            flag,
            at: Instant(turn.at),
            by: turn.by.unwrap_or_else(|| OPERATOR.to_owned()),
            set,
            reason: turn.reason,
        }
    }
}

#[derive(Template)]
#[template(path = "admin_flags.html")]
struct FlagsPage {
    said: String,
    rows: Vec<Row>,
    history: Vec<Past>,
}

/// `GET /admin/flags`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    Asked(Done { done }): Asked<Done>,
) -> PageResult {
    let switches = flags::all(&context).await?;
    let name = |id| {
        let mut known = switches.iter().map(|switch| &switch.known);
        known
            .find(|known| known.id == id)
            .map(|known| known.flag.name)
    };
    let turns = flags::history(&context, None).await?.into_iter();
    let history = turns.filter_map(|(id, turn)| Some(Past::of(name(id)?, turn)));
    show(&FlagsPage {
        said: match context.flags.find(&done) {
            Some(flag) => format!(
                "{} is set. Every process follows within five seconds.",
                flag.name
            ),
            None => String::new(),
        },
        history: history.collect(),
        rows: switches.iter().map(Into::into).collect(),
    })
}

/// What is to be made of a flag; names with commas between. What is not sent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    enabled: Option<String>,
    rollout_percent: Option<i64>,
    people: Option<String>,
    roles: Option<String>,
    reason: String,
}

impl From<Form> for FlagInput {
    fn from(form: Form) -> Self {
        Self {
            enabled: form.enabled.map(|enabled| enabled == "on"),
            rollout_percent: form.rollout_percent,
            people: form.people.as_deref().map(names),
            roles: form.roles.as_deref().map(names),
            reason: form.reason,
        }
    }
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
    Filled(form, _): Filled<Form>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let set = flags::set(&context, actor, &name, form.into()).await;
    set.map_err(WebError::from)?;
    let to = format!("/admin/flags?done={}", segment(&name));
    Ok(Redirect::to(&to).into_response())
}
