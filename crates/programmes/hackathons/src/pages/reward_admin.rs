//! Rewards, for admins.

use askama::Template;
use axum::{extract::State, response::Response};
use chrono_tz::Tz;
use identity::{access::Admin, model::UserId};
use kernel::Timestamp;
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, Undo, pick::MOST_CHOICES, redirect,
    redirect_with_undo, show,
};

use super::rewards::RewardsQuery;
use crate::{
    access::unknown_reward,
    actions::{NewReward, add_codes, archive_reward, create_reward, edit_reward},
    model::{ClaimKind, RewardKind},
    reads::{self, RewardPart, RewardView},
    rules::{
        instants::for_field,
        rewards::{DESCRIPTION, NAME, RewardInput},
    },
};

/// The number of rewards on a page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "admin_rewards.html")]
struct RewardsPage {
    rewards: Vec<RewardView>,
    now: Timestamp,
    next: Option<String>,
    is_first: bool,
}

/// `GET /admin/rewards`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    QueryString(query): QueryString<RewardsQuery>,
) -> PageResult {
    let after = Some(query.cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let part = RewardPart::All;
    let mut found = reads::rewards(&context.db, part, after, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    show(&RewardsPage {
        next: found.last().filter(|_| more).map(|last| last.slug.clone()),
        is_first: after.is_none(),
        rewards: found,
        now: context.now(),
    })
}

#[derive(Template)]
#[template(path = "edit_reward.html")]
struct EditPage {
    /// The reward; absent for a new one.
    reward: Option<RewardView>,
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
}

impl EditPage {
    fn value(&self, name: &str) -> &str {
        self.form.value(name)
    }

    fn texts_set(&self) -> &'static str {
        match self.value("description").trim() {
            "" => "no description yet",
            _ => "a description",
        }
    }

    fn stock_set(&self) -> String {
        let limited = |field: &str, none: &str, some: &str| match self.value(field).trim() {
            "" => none.to_owned(),
            number => format!("{number} {some}"),
        };
        let stock = limited("stock", "no limit", "in stock");
        format!("{stock} · {}", limited("person_limit", "any number each", "each"))
    }

    fn dates_set(&self) -> String {
        let dates = match (self.value("active_from"), self.value("active_until")) {
            ("", "") => "available at once",
            _ => "available in its dates",
        };
        match self.value("owner").trim() {
            "" => format!("no owner · {dates}"),
            owner => format!("{owner} · {dates}"),
        }
    }

    fn has_codes(&self) -> bool {
        let kind = self.reward.as_ref().map(|it| it.claim_kind);
        kind == Some(ClaimKind::Code)
    }
}

async fn render(context: &Context, reward: Option<RewardView>, form: Form) -> PageResult {
    let people = identity::reads::likely_logins(&context.db, MOST_CHOICES).await?;
    show(&EditPage { reward, people, form })
}

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RewardFields {
    slug: String,
    kind: String,
    name: String,
    description: String,
    cost: String,
    stock: Option<String>,
    low_stock: String,
    person_limit: String,
    claim_kind: Option<String>,
    owner: String,
    active_from: String,
    active_until: String,
}

impl RewardFields {
    fn input(self) -> RewardInput {
        RewardInput {
            kind: Some(self.kind),
            name: Some(self.name),
            description: Some(self.description),
            cost: Some(self.cost),
            stock: self.stock,
            low_stock: Some(self.low_stock),
            person_limit: Some(self.person_limit),
            claim_kind: self.claim_kind,
            owner: Some(self.owner),
            active_from: Some(self.active_from),
            active_until: Some(self.active_until),
        }
    }
}

/// `GET /admin/rewards/new`.
pub(super) async fn blank(State(context): State<Context>, _: Admin) -> PageResult {
    render(&context, None, Form::default()).await
}

/// `POST /admin/rewards/new`.
pub(super) async fn create(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<RewardFields>,
) -> Result<Response, PageError> {
    let new = NewReward { slug: Some(fields.slug.clone()), details: fields.input() };
    match create_reward(&context, viewer.actor(), new).await {
        Ok(reward) => {
            let said = format!("{} is created", reward.name);
            Ok(redirect(&format!("/admin/rewards/{}", reward.slug), &said))
        }
        Err(error) => {
            let again = |form| render(&context, None, form);
            form.refused(error, again).await
        }
    }
}

async fn found(context: &Context, slug: &str) -> Result<RewardView, WebError> {
    let found = reads::reward(&context.db, slug).await?;
    Ok(found.ok_or_else(|| unknown_reward(slug))?)
}

/// `GET /admin/rewards/{slug}`.
pub(super) async fn edit(
    State(context): State<Context>,
    _: Admin,
    Address(slug): Address<String>,
) -> PageResult {
    let reward = found(&context, &slug).await?;
    let form = stored(&context, &reward).await?;
    render(&context, Some(reward), form).await
}

/// Fills the form with what is stored.
async fn stored(context: &Context, reward: &RewardView) -> Result<Form, DbError> {
    let number = |number: Option<i64>| number.map(|it| it.to_string()).unwrap_or_default();
    let at = |at: Option<Timestamp>| at.map(|at| for_field(at, Tz::UTC)).unwrap_or_default();
    let people = reward.owner_id.map(UserId::new);
    let owner = identity::reads::logins(&context.db, people).await?;
    Ok(Form::default()
        .with("kind", reward.kind.as_str())
        .with("name", &reward.name)
        .with("description", &reward.description)
        .with("cost", reward.cost.to_string())
        .with("stock", number(reward.stock))
        .with("low_stock", number(reward.low_stock))
        .with("person_limit", number(reward.person_limit))
        .with("claim_kind", reward.claim_kind.as_str())
        .with("owner", owner.into_values().next().unwrap_or_default())
        .with("active_from", at(reward.active_from))
        .with("active_until", at(reward.active_until)))
}

/// `POST /admin/rewards/{slug}`.
pub(super) async fn save(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, form): Filled<RewardFields>,
) -> Result<Response, PageError> {
    match edit_reward(&context, viewer.actor(), &slug, &fields.input()).await {
        Ok(reward) => {
            let address = format!("/admin/rewards/{}", reward.slug);
            Ok(redirect(&address, "The changes are saved"))
        }
        Err(error) => again(&context, &slug, form, error).await,
    }
}

async fn again(
    context: &Context,
    slug: &str,
    form: Form,
    error: platform::ActionError,
) -> Result<Response, PageError> {
    let reward = Some(found(context, slug).await?);
    let again = |form| render(context, reward, form);
    form.refused(error, again).await
}

/// The field of the form that archives a reward.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ArchiveFields {
    archived: String,
}

/// `POST /admin/rewards/{slug}/archive`: archives a reward, or offers it again.
pub(super) async fn archive(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, _): Filled<ArchiveFields>,
) -> Result<Response, PageError> {
    let is_archived = fields.archived == "yes";
    let archived = archive_reward(&context, viewer.actor(), &slug, is_archived).await;
    let reward = archived.map_err(WebError::from)?;
    let path = format!("/admin/rewards/{slug}");
    if is_archived {
        let undo = Undo::by(format!("{path}/archive")).with("archived", "no");
        return Ok(redirect_with_undo(&path, &format!("{} is archived", reward.name), &undo));
    }
    Ok(redirect(&path, &format!("{} is offered again", reward.name)))
}

/// The field of the form that adds codes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeFields {
    codes: String,
}

/// `POST /admin/rewards/{slug}/codes`: adds coupon codes.
pub(super) async fn codes(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, _): Filled<CodeFields>,
) -> Result<Response, PageError> {
    match add_codes(&context, viewer.actor(), &slug, &fields.codes).await {
        Ok(added) => {
            let said = format!("Added {}", kernel::counted(added, "code", "codes"));
            Ok(redirect(&format!("/admin/rewards/{slug}"), &said))
        }
        Err(error) => {
            let reward = found(&context, &slug).await?;
            let form = stored(&context, &reward).await?;
            again(&context, &slug, form.with("codes", fields.codes), error).await
        }
    }
}
