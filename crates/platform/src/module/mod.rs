//! The description of a module, in one constant: its tables, routes, jobs and everything else it contributes. The
//! application lists the modules and reads the rest from them (ARCHITECTURE.md), so that adding a module changes
//! no other central list.

mod demo;
mod description;
mod events;
mod first_step;
mod front;
mod guide;
mod kinds;
mod modules;
mod panel;
mod pictured;
mod program;
mod search;
mod series;
mod services;
mod spending;
mod store;

use std::collections::HashMap;

use axum::{Router, http::Extensions};
use futures_util::future::BoxFuture;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    ActionError, Context,
    audit::Actor,
    command::Command,
    config::Config,
    crypto::SealedColumn,
    db::{DbError, Migration, Tx},
    flags::Flag,
    jobs::Jobs,
    outbox::{Post, Sample},
    outside::Service,
    telemetry::Metric,
    work::{Happening, TaskKind},
};

pub use demo::Demo;
pub use description::Description;
pub use events::{EventCard, EventDate, EventMoment, Events, EventsFn, MOST_EVENTS};
pub use first_step::FirstStep;
pub use front::{
    Front, FrontEvent, FrontFn, FrontIssue, FrontMoment, FrontReviewer, FrontSource, ReviewersFn,
};
pub use guide::Guide;
pub use kinds::{
    AlertRule, ApiLink, ApiParameter, ApiRole, ApiTag, Audience, AuditKind, CountFn, LookFn,
    NavItem, NavPlace, NewsKind, NewsMode, ParameterKind, Personal, ProblemCode, Table,
};
pub use modules::Modules;
pub use panel::{
    Panel, PanelFigure, PanelNow, PanelPerson, PanelPlace, PanelRequest, PanelView, RenderFn,
};
pub use pictured::{
    FindPicturedFn, PictureChange, PictureSetter, Pictured, PicturedThing, SetPictureFn,
};
pub use program::Program;
pub use search::{FindFn, Hit, SearchKind, SearchRequest};
pub use series::{SeriesFn, UseSeries};
pub use services::{MadeOnce, Services};
pub use spending::{Spending, Spent, SpentFn};

/// A function that exports a module's data about a person as JSON. It decrypts what is sealed with the keys of the context.
pub type ExportFn = for<'a> fn(&'a Tx, &'a Context, Uuid) -> BoxFuture<'a, Result<Value, DbError>>;

/// A function that removes or pseudonymizes a module's data about a person in the caller's transaction.
pub type EraseFn =
    for<'a> fn(&'a Tx, &'a Context, Actor, Uuid) -> BoxFuture<'a, Result<(), ActionError>>;

/// A function that returns whether an open invitation of the module was sent to an email address, in lower case.
pub type InvitesFn =
    for<'a> fn(&'a Tx, &'a Context, &'a str) -> BoxFuture<'a, Result<bool, DbError>>;

/// A function that returns the names of what notifications of the module are about, by its ID, as far as a person may see them. They
/// are not stored with a notification, so that it names no one who was erased since.
pub type SubjectsFn = for<'a> fn(
    &'a Context,
    Uuid,
    Vec<Uuid>,
) -> BoxFuture<'a, Result<HashMap<Uuid, String>, DbError>>;

/// A function that updates gauges that must be current at each scrape, such as stocks.
pub type MeasureFn = for<'a> fn(&'a Context) -> BoxFuture<'a, Result<(), DbError>>;

/// A function that acts on a change to a person in the caller's transaction.
pub type PersonFn = for<'a> fn(&'a Tx, &'a Context, Uuid) -> BoxFuture<'a, Result<(), ActionError>>;

/// A module's description: plain data and function pointers, so that it can be a constant.
#[derive(Debug)]
pub struct Module {
    /// The crate's name, which is also the module's key in an export.
    pub name: &'static str,
    /// Tables that the module creates and that only it may access.
    pub tables: &'static [Table],
    /// Returns the migrations. They are only added, never edited.
    pub migrations: fn() -> Vec<Box<dyn Migration>>,
    /// Returns the routes of the API with their descriptions.
    pub api: fn() -> OpenApiRouter<Context>,
    /// Returns the routes of the pages, which the application wraps in the layout.
    pub pages: fn(&Services) -> Router<Context>,
    /// Returns routes with their own state and limits, served in addition to the rest.
    pub intake: fn(&Services) -> Router,
    /// Describes the routes of `intake`.
    pub intake_description: fn() -> OpenApi,
    /// Adds the request extensions that the module's handlers need.
    pub provide: fn(&Services, &mut Extensions),
    /// Path patterns of routes that respond with the same bytes to everyone, so that they may be cached.
    pub public_routes: &'static [&'static str],
    /// The query parameters that public pages read, by route, also those of the module's panels on pages of others. All others are
    /// removed from requests, so that a page has no other address. Operations of the API describe theirs themselves.
    pub page_parameters: &'static [PageParameters],
    /// Path prefixes at which credentials can be guessed, with a strict rate limit.
    pub guarded_routes: &'static [&'static str],
    /// Path prefixes with their own rate limits, or none.
    pub unlimited_routes: &'static [&'static str],
    /// Links that the layout shows.
    pub navigation: &'static [NavItem],
    /// Panels of the home page and of profiles.
    pub panels: &'static [Panel],
    /// Events that the page of events lists.
    pub events: &'static [Events],
    /// Kinds of things that can wait for a person.
    pub tasks: &'static [TaskKind],
    /// Kinds of things that run for a time and that people take part in.
    pub running: &'static [Happening],
    /// Kinds of things that people give a picture.
    pub pictured: &'static [Pictured],
    /// Kinds of things that a search finds.
    pub search: &'static [SearchKind],
    /// The part of the visitors' page; absent if it has none.
    pub front: Option<FrontSource>,
    /// The program that the module is; absent if it is none.
    pub program: Option<Program>,
    /// Steps with which a new community begins.
    pub first_steps: &'static [FirstStep],
    /// Guides for people who use the server.
    pub guides: &'static [Guide],
    /// Commands for the command line.
    pub commands: &'static [Command],
    /// The module's part of the demo.
    pub demo: Option<Demo>,
    /// Returns the workers and schedules.
    pub jobs: fn(&Services) -> Jobs,
    /// Feature flags.
    pub flags: &'static [&'static Flag],
    /// Kinds of audit log entries that the module's actions write.
    pub audit: &'static [AuditKind],
    /// Codes of problems that the module responds with.
    pub problems: &'static [ProblemCode],
    /// Sections of the API's description.
    pub api_tags: &'static [ApiTag],
    /// Parameters in paths of the API.
    pub api_parameters: &'static [ApiParameter],
    /// Roles that the API's operations require.
    pub api_roles: &'static [ApiRole],
    /// Links from responses of the API to other operations.
    pub api_links: &'static [ApiLink],
    /// Conditions that operators are alerted to.
    pub alerts: &'static [AlertRule],
    /// Metrics that the module records.
    pub metrics: &'static [Metric],
    /// Measures gauges before a scrape; absent if the module has none that need it.
    pub measure: Option<MeasureFn>,
    /// Activities of people, counted by day.
    pub series: &'static [UseSeries],
    /// Services that the operator pays by use.
    pub spending: &'static [Spending],
    /// Columns with values that the key ring encrypts.
    pub sealed: &'static [SealedColumn],
    /// Kinds of notifications that people can configure.
    pub news: &'static [NewsKind],
    /// Names what the notifications are about to people who may see it; absent if their titles do.
    pub subjects: Option<SubjectsFn>,
    /// Returns the external services that the module calls, for the health page.
    pub services: fn(&Config, &Post) -> Vec<Service>,
    /// Returns every email of the module with sample data, for previews and tests.
    pub email_samples: fn() -> Vec<Sample>,
    /// Exports the module's data about a person; absent if it has none.
    pub export: Option<ExportFn>,
    /// Erases the module's data about a person; absent if it has none.
    pub erase: Option<EraseFn>,
    /// Finds open invitations that were sent by email; absent if there are none. Who receives email at such an address may create
    /// an account without another sign-in method.
    pub invites: Option<InvitesFn>,
    /// Ends what a person let others do, after a ban; absent if nothing ends.
    pub banned: Option<PersonFn>,
    /// Ends what a person let others do by a role that was lowered; absent if nothing ends.
    pub role_lowered: Option<PersonFn>,
}

/// A route with names of query parameters.
pub type PageParameters = (&'static str, &'static [&'static str]);

impl Module {
    /// An empty module, to fill in by struct update.
    pub const EMPTY: Self = Self {
        name: "",
        tables: &[],
        migrations: Vec::new,
        api: OpenApiRouter::new,
        pages: |_| Router::new(),
        intake: |_| Router::new(),
        intake_description: || OpenApiRouter::<()>::new().into_openapi(),
        provide: |_, _| {},
        public_routes: &[],
        page_parameters: &[],
        guarded_routes: &[],
        unlimited_routes: &[],
        navigation: &[],
        panels: &[],
        events: &[],
        tasks: &[],
        running: &[],
        pictured: &[],
        search: &[],
        front: None,
        program: None,
        first_steps: &[],
        guides: &[],
        commands: &[],
        demo: None,
        jobs: |_| Jobs::none(),
        flags: &[],
        audit: &[],
        problems: &[],
        api_tags: &[],
        api_parameters: &[],
        api_roles: &[],
        api_links: &[],
        alerts: &[],
        metrics: &[],
        measure: None,
        series: &[],
        spending: &[],
        sealed: &[],
        news: &[],
        subjects: None,
        services: |_, _| Vec::new(),
        email_samples: Vec::new,
        export: None,
        erase: None,
        invites: None,
        banned: None,
        role_lowered: None,
    };
}
