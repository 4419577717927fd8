//! A module that exists only in the tests: people thank each other, which gives points. It uses everything that a
//! module can declare, and only this file and its tests refer to it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::get,
};
use identity::{
    access::{Admin, SignedIn},
    model::{UserId, Viewer},
};
use kernel::{Problem, ProblemKind, Timestamp};
use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    alerts::{Incident, Severity},
    audit::{self, Act},
    db::{DbError, Kind, Migration, Sql as _, Tx, erase_rows, own_rows, schema},
    flags::{self, Flag, FlagKind, Start},
    jobs::{self, JobError, Jobs, Progress, Schedule, Worker},
    module::{
        AlertRule, ApiTag, Audience, AuditKind, Module, NavItem, NavPlace, NewsKind, NewsMode,
        Panel, PanelPlace, PanelRequest, PanelView, Personal, ProblemCode, Services, Table,
    },
    outbox::{Email, EmailTemplate, Frame, Post, Sample},
    web::{Body, WebError},
};
use recognition::{
    actions::reconcile,
    model::{Entitlement, EntryKind, GLOBAL, Source},
};
use sea_orm::FromQueryResult;
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};
use serde::{Deserialize, Serialize};
use ui::{Filled, Form, PageError, PageResult};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub(super) const MODULE: Module = Module {
    name: "kudos",
    tables: &[Table::new("kudos", "thanks", Personal::Erased, "forever")],
    migrations: || vec![Box::new(CreateKudos) as Box<dyn Migration>],
    api: || OpenApiRouter::default().routes(routes!(list, give_by_api)),
    pages: |_| {
        Router::new()
            .route("/kudos", get(page).post(give_by_form))
            .layer(from_fn_with_state(FLAG, flags::hide))
            .merge(recognition::pages::routes_of(&super::thanks::BOARDS))
    },
    navigation: &[NavItem {
        flag: Some(FLAG),
        ..NavItem::new(NavPlace::Account, 50, "Kudos", "/kudos").to(Audience::SignedIn)
    }],
    panels: &[Panel {
        place: PanelPlace::Profile,
        order: 50,
        render: |context, request| Box::pin(received(context, request)),
    }],
    jobs,
    flags: &[FLAG],
    audit: &[AuditKind::new("kudos.give", "user", "Thanked")],
    problems: &[ProblemCode::new("NO_KUDOS_TEXT", "a thank-you says nothing", "Send words.")],
    api_tags: &[ApiTag { name: "Kudos", description: "Thanks between people." }],
    alerts: &[AlertRule::new("kudos_flood", |services| Box::pin(flood(services)))
        .covering(&["KudosCount"])],
    news: &[NEWS],
    email_samples: || vec![Sample::new("kudos", Thanked { words: "Thanks!".to_owned() })],
    export: Some(|tx, _, person| Box::pin(export(tx, person))),
    erase: Some(|tx, _, _, person| Box::pin(async move { Ok(erase(tx, person).await?) })),
    ..Module::EMPTY
};

pub(super) const FLAG: &Flag = &Flag {
    name: "kudos",
    kind: FlagKind::Feature,
    variable: "ENABLE_KUDOS",
    start: Start::On,
    description: "People thank each other.",
};

/// Shows how many thanks a person received.
async fn received(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let db = &context.db;
    let sql = "SELECT count(*) FROM kudos WHERE receiver_id = $1";
    let count = db.count(db.statement(sql, [person.id.into()])).await?;
    Ok(Some(PanelView {
        html: format!("<section class=\"card\"><h2>Kudos</h2><p>{count} received</p></section>"),
        ..PanelView::default()
    }))
}

const NEWS: NewsKind = NewsKind {
    code: "kudos_given",
    title: "Someone thanks you",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

const GIVEN: &str = "kudos_given";
const POINTS: i64 = 5;
/// The kind of source that gives the points.
pub(super) const SOURCE: &str = "kudos";
/// Its leaderboard, in addition to the global one.
pub(super) const BOARD: &str = "kudos:all";

platform::migration!(
    /// Thanks between people.
    CreateKudos,
    "2026_12_01_000001_create_kudos",
    additive,
    create
);

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut kudos = schema::table("kudos");
    kudos.col(schema::uuid("giver_id")).col(schema::uuid("receiver_id")).col(schema::text("words"));
    manager.create_table(kudos).await
}

/// A thank-you.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(default)]
#[derive(Default)]
struct NewKudos {
    /// The login of the person who is thanked.
    to: String,
    /// The reason to thank.
    words: String,
}

async fn give(context: &Context, viewer: &Viewer, new: &NewKudos) -> Result<(), ActionError> {
    let words = new.words.trim();
    if words.is_empty() {
        let detail = "Say what you thank for.";
        return Err(Problem::new(ProblemKind::Invalid, "NO_KUDOS_TEXT", detail).at("words").into());
    }
    let found = identity::reads::person(&context.db, &new.to).await?;
    let person = found.ok_or_else(|| Problem::not_found("Unknown login.").at("to"))?;
    let mut tx = context.begin().await?;
    let (id, now) = (context.ids.next(), context.now());
    let sql = "INSERT INTO kudos (id, created_at, giver_id, receiver_id, words) VALUES ($1, $2, $3, $4, $5)";
    let values = [id.into(), now.into(), viewer.user_id.into(), person.id.into(), words.into()];
    tx.run(tx.statement(sql, values)).await?;
    let act = Act {
        actor: viewer.actor(),
        action: "kudos.give",
        target_kind: "user",
        target_id: person.id,
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.wake(GIVEN, [id], context.ids.as_ref(), now).await?;
    Ok(tx.commit().await?)
}

/// Thanks a person.
#[utoipa::path(
    post,
    path = "/api/v1/kudos",
    operation_id = "give_kudos",
    tag = "Kudos",
    request_body = NewKudos,
    responses(
        (status = 204, description = "Given"),
        (status = 400, description = "The body cannot be read"),
        (status = 404, description = "Unknown login"),
        (status = 422, description = "It says nothing")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn give_by_api(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(new): Body<NewKudos>,
) -> Result<StatusCode, WebError> {
    give(&context, &viewer, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A thank-you as admins see it.
#[derive(Clone, Debug, Serialize, ToSchema, FromQueryResult)]
struct Kudos {
    /// The reason to thank.
    words: String,
}

/// Lists all thanks.
#[utoipa::path(
    get,
    path = "/api/v1/kudos",
    operation_id = "list_kudos",
    tag = "Kudos",
    responses((status = 200, description = "All thanks", body = Vec<Kudos>)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
async fn list(State(context): State<Context>, _: Admin) -> Result<Json<Vec<Kudos>>, WebError> {
    let db = &context.db;
    let all = db.all(db.statement("SELECT words FROM kudos ORDER BY id", [])).await?;
    Ok(Json(all))
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% extends "layout.html" %}{% import "forms.html" as forms %}
{% block title %}Kudos{% endblock %}
{% block main %}<h1>Kudos</h1>
<form method="post" action="/kudos">{% call forms::banner(form, "Not sent") %}{% endcall %}
<div class="field"><label for="to">Username</label><input class="input" id="to" name="to" value="{{ form.value("to") }}"{% call forms::state(form, "to", "") %}{% endcall %}>{% call forms::error(form, "to") %}{% endcall %}</div>
<div class="field"><label for="words">What for</label><input class="input" id="words" name="words" value="{{ form.value("words") }}"{% call forms::state(form, "words", "") %}{% endcall %}>{% call forms::error(form, "words") %}{% endcall %}</div>
<button class="btn primary">Send</button></form>{% endblock %}"##
)]
struct KudosPage {
    form: Form,
}

async fn page(_: SignedIn) -> PageResult {
    show(Form::default()).await
}

async fn show(form: Form) -> PageResult {
    ui::show(&KudosPage { form })
}

async fn give_by_form(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(new, form): Filled<NewKudos>,
) -> Result<Response, PageError> {
    match give(&context, &viewer, &new).await {
        Ok(()) => Ok(ui::redirect("/kudos", &format!("Thanks sent to {}", new.to)).into_response()),
        Err(error) => form.refused(error, show).await,
    }
}

#[derive(Debug)]
struct Thanked {
    words: String,
}

impl EmailTemplate for Thanked {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new("Someone thanks you").says(&self.words).because("someone thanked you")
    }
}

fn jobs(services: &Services) -> Jobs {
    let post = services.post.clone();
    let honor = move |context: Context, _| {
        let post = post.clone();
        async move { Ok::<_, JobError>(honor(&context, &post).await?) }
    };
    let count = |context: Context| async move {
        let sql = "SELECT count(*) FROM kudos";
        let count = context.db.count(context.db.statement(sql, [])).await?;
        Ok(format!("{count} kudos"))
    };
    Jobs {
        workers: vec![Worker::new("kudos", GIVEN, honor)],
        schedules: vec![Schedule::new("KudosCount", "0 4 * * *", count)],
    }
}

/// Gives points to the people who were thanked, and notifies them.
async fn honor(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, GIVEN).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        let id = wake_up.object_id;
        let sql = "SELECT id, created_at, receiver_id, words FROM kudos WHERE id = $1";
        let Some(given) = tx.one::<Given>(tx.statement(sql, [id.into()])).await? else {
            continue;
        };
        reward(&tx, context, &given).await?;
        let email = Thanked { words: given.words };
        let notice = Notice {
            kind: &NEWS,
            user_id: given.receiver_id.into(),
            object_id: id,
            occurrence: "",
            link: "/kudos".to_owned(),
            email: &email,
        };
        notify(&mut tx, context, post, &notice).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

#[derive(FromQueryResult)]
pub(super) struct Given {
    pub(super) id: Uuid,
    pub(super) created_at: Timestamp,
    pub(super) receiver_id: Uuid,
    pub(super) words: String,
}

/// Posts the points for a thank-you; returns the number of posted entries.
pub(super) async fn reward(tx: &Tx, context: &Context, given: &Given) -> Result<usize, DbError> {
    let person: UserId = given.receiver_id.into();
    let identities = identity::reads::identities(tx, person).await?;
    let Some(identity) = identities.first() else {
        return Ok(0);
    };
    let source = Source { kind: SOURCE, id: given.id };
    let entitlement = Entitlement {
        user_id: person,
        identity_id: identity.id.into(),
        source,
        reason: "kudos_given",
        kind: EntryKind::Bonus,
        points: POINTS,
        occurred_at: given.created_at,
        boards: Arc::from([GLOBAL.to_owned(), BOARD.to_owned()]),
        explanation: "{}".to_owned(),
    };
    let wanted = vec![entitlement];
    let reconciled = reconcile(tx, context, &[(source, "kudos_given")], wanted).await?;
    Ok(reconciled.entries)
}

async fn flood(services: &Services) -> Result<Vec<Incident>, ActionError> {
    let db = &services.context.db;
    let count = db.count(db.statement("SELECT count(*) FROM kudos", [])).await?;
    let incident = Incident {
        subject: "kudos".to_owned(),
        severity: Severity::Medium,
        title: format!("{count} kudos"),
        text: "People thank each other a lot.".to_owned(),
        link: "/kudos",
    };
    Ok(Some(incident).filter(|_| count >= 2).into_iter().collect())
}

async fn export(tx: &Tx, person: Uuid) -> Result<serde_json::Value, DbError> {
    let columns = [("words", Kind::Text)];
    let sql = "SELECT words FROM kudos WHERE giver_id = $1 ORDER BY id";
    own_rows(tx, person, &columns, sql).await
}

async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    erase_rows(tx, person, &["DELETE FROM kudos WHERE giver_id = $1"]).await
}
