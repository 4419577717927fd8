//! The description of a module, in one constant: its tables, routes, jobs, words and duties. The
//! application lists the modules and reads everything else from them (ARCHITECTURE.md), so that adding
//! one edits no central list.

mod demo;
mod kinds;
mod modules;
mod panel;
mod services;

use axum::Router;
use futures_util::future::BoxFuture;
use sea_orm_migration::MigrationTrait;
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
    db::{DbError, Tx},
    flags::Flag,
    jobs::Jobs,
    outbox::{Post, Sample},
    outside::Service,
};

pub use demo::Demo;
pub use kinds::{
    AlertRule, ApiLink, ApiTag, Audience, AuditKind, CountFn, LookFn, NavItem, NewsKind, NewsMode,
    Personal, Place, ProblemCode, Table,
};
pub use modules::Modules;
pub use panel::{Panel, PanelPerson, PanelPlace, PanelRequest, PanelView, RenderFn};
pub use services::Services;

/// Returns what a module holds of a person, as JSON, for the download of their data.
pub type ExportFn = for<'a> fn(&'a Tx, Uuid) -> BoxFuture<'a, Result<Value, DbError>>;

/// Removes what a module holds of a person, or puts a pseudonym in its place, in the caller's
/// transaction.
pub type EraseFn =
    for<'a> fn(&'a Tx, &'a Context, Actor, Uuid) -> BoxFuture<'a, Result<(), ActionError>>;

/// A module's description of itself: plain data and function pointers, so that it is a constant.
#[derive(Debug)]
pub struct Module {
    /// The crate's name; also the key of the module's part in an export.
    pub name: &'static str,
    /// Tables that the module creates and alone may touch.
    pub tables: &'static [Table],
    /// Creates the tables. Migrations are only added, never edited.
    pub migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    /// Routes of the API with their descriptions.
    pub api: fn() -> OpenApiRouter<Context>,
    /// Routes of the pages: a plain router, which the application dresses.
    pub pages: fn(&Services) -> Router<Context>,
    /// Routes with their own state and limits, served beside the rest.
    pub intake: fn(&Services) -> Router,
    /// Describes the routes of `intake`.
    pub intake_description: fn() -> OpenApi,
    /// Adds the extensions that the module's handlers take to every request.
    pub provide: fn(&Services, Router) -> Router,
    /// Patterns of routes with the same bytes for everyone, which may be cached.
    pub public_routes: &'static [&'static str],
    /// Beginnings of addresses at which credentials can be guessed: few requests a minute.
    pub guarded_routes: &'static [&'static str],
    /// Beginnings of addresses with limits of their own, or none.
    pub unlimited_routes: &'static [&'static str],
    /// Links that the layout shows.
    pub navigation: &'static [NavItem],
    /// Parts of the home and of profiles.
    pub panels: &'static [Panel],
    /// Commands of the command line.
    pub commands: &'static [Command],
    /// The part of the demo.
    pub demo: Option<Demo>,
    /// Workers and schedules.
    pub jobs: fn(&Services) -> Jobs,
    /// Switches.
    pub flags: &'static [&'static Flag],
    /// Kinds of audit log entries that the module's actions write.
    pub audit: &'static [AuditKind],
    /// Codes of problems that the module answers with.
    pub problems: &'static [ProblemCode],
    /// Parts of the API's description.
    pub api_tags: &'static [ApiTag],
    /// Links from answers of the API to other operations.
    pub api_links: &'static [ApiLink],
    /// Conditions that operators are alerted of.
    pub alerts: &'static [AlertRule],
    /// Columns whose values the key ring encrypts.
    pub sealed: &'static [SealedColumn],
    /// Kinds of news that people can choose how to get.
    pub news: &'static [NewsKind],
    /// Outside services that the module calls, for the health page.
    pub services: fn(&Config, &Post) -> Vec<Service>,
    /// Every e-mail of the module with sample data, for previews and tests.
    pub email_samples: fn() -> Vec<Sample>,
    /// Returns what the module holds of a person; absent where it holds nothing.
    pub export: Option<ExportFn>,
    /// Erases what the module holds of a person; absent where it holds nothing.
    pub erase: Option<EraseFn>,
}

impl Module {
    /// A module without anything, to fill in by struct update.
    pub const EMPTY: Self = Self {
        name: "",
        tables: &[],
        migrations: Vec::new,
        api: OpenApiRouter::new,
        pages: |_| Router::new(),
        intake: |_| Router::new(),
        intake_description: || OpenApiRouter::<()>::new().into_openapi(),
        provide: |_, router| router,
        public_routes: &[],
        guarded_routes: &[],
        unlimited_routes: &[],
        navigation: &[],
        panels: &[],
        commands: &[],
        demo: None,
        jobs: |_| Jobs::none(),
        flags: &[],
        audit: &[],
        problems: &[],
        api_tags: &[],
        api_links: &[],
        alerts: &[],
        sealed: &[],
        news: &[],
        services: |_, _| Vec::new(),
        email_samples: Vec::new,
        export: None,
        erase: None,
    };
}
